package io.dormouse.host.engine;

import io.helidon.common.socket.PeerInfo;
import io.helidon.common.uri.UriQuery;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request may reach a session: one rule for polling and WebSocket alike.
 *
 * <p>A request without {@code Origin} is no web page's and may come from anywhere. A page's origin
 * must be this host's own, by host and port, or one of {@code dormouse.engine.cors-origins}.
 */
record RequestCheck(
    HttpPrologue prologue, Headers headers, ClientAddress.Client client, boolean webSocket) {

  /**
   * @param entrance where it came in
   * @param secure whether the peer came by TLS
   * @param webSocket whether it asks for a WebSocket
   */
  static RequestCheck of(
      Entrance entrance,
      HttpPrologue prologue,
      Headers headers,
      PeerInfo peer,
      boolean secure,
      boolean webSocket) {
    String address =
        peer.address() instanceof InetSocketAddress socket && socket.getAddress() != null
            ? socket.getAddress().getHostAddress()
            : peer.host();
    return new RequestCheck(
        prologue, headers, entrance.clientAddress().of(address, secure, headers), webSocket);
  }

  String method() {
    return prologue.method().text();
  }

  /** What is wrong with the request; null when nothing is. */
  @Nullable EngineErrorCode refusal(EngineServer engine) {
    if (!originAllowed(engine.settings())) {
      return EngineErrorCode.ORIGIN_FORBIDDEN;
    }
    String transport = parameter("transport");
    if (transport == null || !(transport.equals("polling") || transport.equals("websocket"))) {
      return EngineErrorCode.TRANSPORT_UNKNOWN;
    }
    String sid = sid();
    if (sid != null) {
      Session session = engine.find(sid);
      if (session == null) {
        return EngineErrorCode.SESSION_UNKNOWN;
      }
      boolean matches = transport.equals(session.transport().toString());
      return webSocket || matches ? null : EngineErrorCode.BAD_REQUEST;
    }
    if (!method().equals("GET")) {
      return EngineErrorCode.BAD_HANDSHAKE_METHOD;
    }
    if (transport.equals("websocket") && !webSocket) {
      return EngineErrorCode.BAD_REQUEST;
    }
    if (!"4".equals(parameter("EIO"))) {
      return EngineErrorCode.UNSUPPORTED_PROTOCOL_VERSION;
    }
    return null;
  }

  @Nullable String sid() {
    String sid = parameter("sid");
    return sid == null || sid.isEmpty() ? null : sid;
  }

  @Nullable String parameter(String name) {
    UriQuery query = prologue.query();
    return query.contains(name) ? query.first(name).orElse(null) : null;
  }

  @Nullable String origin() {
    return headers.contains(HeaderNames.ORIGIN) ? headers.get(HeaderNames.ORIGIN).get() : null;
  }

  private boolean originAllowed(EngineSettings settings) {
    return origin() == null || !crossOrigin() || corsAllowed(settings);
  }

  /** Whether a page of another origin may read the answers. */
  boolean corsAllowed(EngineSettings settings) {
    String origin = origin();
    return origin != null
        && (settings.corsOrigins().contains("*") || settings.corsOrigins().contains(origin));
  }

  /** Whether a web page of another host or port sent it. */
  boolean crossOrigin() {
    String origin = origin();
    if (origin == null) {
      return false;
    }
    try {
      URI uri = new URI(origin);
      String scheme = uri.getScheme();
      if (uri.getHost() == null || scheme == null) {
        return true;
      }
      int standard = scheme.equals("https") ? 443 : 80;
      String host = client.host().toLowerCase(Locale.ROOT);
      String named = uri.getHost().toLowerCase(Locale.ROOT);
      int port = uri.getPort() == -1 ? standard : uri.getPort();
      return !host.equals(named + ":" + port) && !(port == standard && host.equals(named));
    } catch (URISyntaxException opaque) {
      return true;
    }
  }

  /** What a session remembers of its first request. */
  SessionRequest remember() {
    UriQuery query = prologue.query();
    Map<String, String> names = new LinkedHashMap<>();
    headers.forEach(
        header ->
            // Helidon keeps one text for each name that is known, which saves memory.
            names.put(header.headerName().lowerCase(), String.join(", ", header.allValues())));
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String name : query.names()) {
      parameters.put(name, query.first(name).orElse(""));
    }
    return new SessionRequest(
        Map.copyOf(names),
        Map.copyOf(parameters),
        client.address(),
        client.secure(),
        crossOrigin(),
        prologue.uriPath().rawPath() + "?" + query.rawValue(),
        Instant.now());
  }
}
