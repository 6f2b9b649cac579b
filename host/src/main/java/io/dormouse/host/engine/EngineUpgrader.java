package io.dormouse.host.engine;

import io.dormouse.host.engine.ClientAddress.Client;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsUpgrader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Answers WebSocket handshakes (RFC 6455, section 4.2) and makes the connection ours. A request
 * that it does not take goes on to {@link EngineRoutes}, which says why it is refused.
 */
final class EngineUpgrader extends WsUpgrader {
  private final EngineServer engine;
  private final String path;

  EngineUpgrader(EngineServer engine) {
    super(WsConfig.create());
    this.engine = engine;
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
        new RequestCheck("GET", prologue.query(), headers, client(context, headers), true);
    if (!"websocket".equals(check.parameter("transport")) || check.refusal(engine) != null) {
      return null;
    }
    String accept = hash(context, headers.get(WS_KEY).get());
    String sid = check.sid();
    WebSocketConnection connection =
        sid == null ? open(context, prologue, check) : probe(context, sid);
    if (connection == null) {
      return null;
    }
    byte[] answer =
        (SWITCHING_PROTOCOL_PREFIX + accept + SWITCHING_PROTOCOLS_SUFFIX)
            .getBytes(StandardCharsets.US_ASCII);
    context.dataWriter().writeNow(BufferData.create(answer));
    return connection;
  }

  private @Nullable WebSocketConnection open(
      ConnectionContext context, HttpPrologue prologue, RequestCheck check) {
    if (engine.admit(check.client().address()) != null) {
      return null;
    }
    String url = prologue.uriPath().rawPath() + "?" + prologue.query().rawValue();
    return new WebSocketConnection(engine, context, null, check.remember(url));
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

  private Client client(ConnectionContext context, WritableHeaders<?> headers) {
    return engine.clientAddress().of(addressOf(context.remotePeer()), context.isSecure(), headers);
  }

  static String addressOf(PeerInfo peer) {
    return peer.address() instanceof InetSocketAddress address && address.getAddress() != null
        ? address.getAddress().getHostAddress()
        : peer.host();
  }
}
