package io.dormouse.host.engine;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsUpgrader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Answers WebSocket handshakes (RFC 6455, section 4.2) and makes the connection ours. A request
 * that it does not take goes on to {@link EngineRoutes}, which says why it is refused.
 */
final class EngineUpgrader extends WsUpgrader {
  private final EngineServer engine;
  private final Entrance entrance;
  private final String path;

  EngineUpgrader(EngineServer engine, Entrance entrance) {
    super(WsConfig.create());
    this.engine = engine;
    this.entrance = entrance;
    this.path = EngineRoutes.withoutSlash(engine.settings().path());
  }

  @Override
  public @Nullable ServerConnection upgrade(
      ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
    if (!EngineRoutes.withoutSlash(prologue.uriPath().path()).equals(path)
        || !prologue.method().text().equals("GET")
        || !isHandshake(headers)) {
      return null;
    }
    RequestCheck check =
        RequestCheck.of(
            entrance, prologue, headers, context.remotePeer(), context.isSecure(), true);
    if (!"websocket".equals(check.parameter("transport"))) {
      return null;
    }
    EngineErrorCode refusal = check.refusal(engine);
    ServerConnection connection =
        switch (refusal) {
          case null -> connection(context, check);
          case SESSION_UNKNOWN ->
              entrance.ofHosts() ? null : engine.strays().tunnel(context, check);
          default -> null;
        };
    if (connection == null) {
      return null;
    }
    String accept = hash(context, headers.get(WS_KEY).get());
    byte[] answer =
        (SWITCHING_PROTOCOL_PREFIX + accept + SWITCHING_PROTOCOLS_SUFFIX)
            .getBytes(StandardCharsets.US_ASCII);
    context.dataWriter().writeNow(BufferData.create(answer));
    return connection;
  }

  private @Nullable WebSocketConnection connection(ConnectionContext context, RequestCheck check) {
    String sid = check.sid();
    if (sid != null) {
      return probe(context, sid);
    }
    return entrance.ofHosts() ? null : open(context, check);
  }

  private @Nullable WebSocketConnection open(ConnectionContext context, RequestCheck check) {
    if (engine.admit(check.client().address()) != null) {
      return null;
    }
    return new WebSocketConnection(engine, context, null, check.remember());
  }

  private @Nullable WebSocketConnection probe(ConnectionContext context, String sid) {
    Session session = engine.find(sid);
    return session == null ? null : new WebSocketConnection(engine, context, session, null);
  }

  private static boolean isHandshake(WritableHeaders<?> headers) {
    return headers.contains(WS_KEY)
        && headers.contains(WS_VERSION)
        && headers.get(WS_VERSION).get().equals(SUPPORTED_VERSION);
  }
}
