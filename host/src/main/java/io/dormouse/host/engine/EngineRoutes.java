package io.dormouse.host.engine;

import io.dormouse.host.engine.OutboundQueue.PollingPayload;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polling over HTTP, CORS, and the answers to requests that are refused on either transport. */
final class EngineRoutes {
  private static final Logger LOG = LoggerFactory.getLogger("io.dormouse.host.engine");
  private static final Header TEXT =
      HeaderValues.create(HeaderNames.CONTENT_TYPE, "text/plain; charset=UTF-8");
  private static final Header HTML = HeaderValues.create(HeaderNames.CONTENT_TYPE, "text/html");
  private static final Header JSON =
      HeaderValues.create(HeaderNames.CONTENT_TYPE, "application/json");
  private static final Header NO_STORE = HeaderValues.create(HeaderNames.CACHE_CONTROL, "no-store");
  private static final Header GZIP = HeaderValues.create(HeaderNames.CONTENT_ENCODING, "gzip");
  private static final Header RETRY_AFTER = HeaderValues.create("Retry-After", "5");
  private static final HeaderName REQUESTED_HEADERS =
      HeaderNames.create("Access-Control-Request-Headers");
  private static final HeaderName HOST = HeaderNames.create(SessionRouter.HOST_HEADER);
  private static final byte[] OK = {'o', 'k'};

  private final EngineServer engine;
  private final Entrance entrance;
  private final EngineSettings settings;

  EngineRoutes(EngineServer engine, Entrance entrance) {
    this.engine = engine;
    this.entrance = entrance;
    this.settings = engine.settings();
  }

  static String withoutSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  void addTo(HttpRouting.Builder routing) {
    String path = withoutSlash(settings.path());
    routing.any(path, this::handle);
    routing.any(path + "/", this::handle);
  }

  private void handle(ServerRequest request, ServerResponse response) {
    boolean upgrade = isWebSocketHandshake(request);
    RequestCheck check =
        RequestCheck.of(
            entrance,
            request.prologue(),
            request.headers(),
            request.remotePeer(),
            request.isSecure(),
            upgrade);
    addCors(check, response);
    if (check.method().equals("OPTIONS")) {
      preflight(check, request, response);
      return;
    }
    if (entrance.ofHosts() && check.parameter(SessionRouter.RELEASE) != null) {
      release(check, response);
      return;
    }
    EngineErrorCode refusal = check.refusal(engine);
    if (refusal == null && entrance.ofHosts() && check.sid() == null) {
      refusal = EngineErrorCode.BAD_REQUEST;
    }
    // A stray upgrade was the upgrader's to take.
    if (refusal == EngineErrorCode.SESSION_UNKNOWN
        && !upgrade
        && !entrance.ofHosts()
        && engine.strays().answer(check, request, response)) {
      return;
    }
    if (refusal != null) {
      refuse(check, response, refusal);
    } else if (upgrade) {
      refuse(check, response, refusedUpgrade(check));
    } else {
      poll(check, request, response);
    }
  }

  private void release(RequestCheck check, ServerResponse response) {
    String sid = check.sid();
    Session session = sid == null ? null : engine.find(sid);
    if (session == null) {
      refuse(check, response, EngineErrorCode.SESSION_UNKNOWN);
      return;
    }
    session.release();
    response.header(HTML).header(NO_STORE).send(OK);
  }

  /** Why the upgrader did not take a handshake that passes the check. */
  private EngineErrorCode refusedUpgrade(RequestCheck check) {
    if (check.sid() != null) {
      return EngineErrorCode.BAD_REQUEST;
    }
    EngineErrorCode full = engine.admit(check.client().address());
    if (full == null) {
      engine.release(check.client().address());
      return EngineErrorCode.BAD_REQUEST;
    }
    return full;
  }

  private void poll(RequestCheck check, ServerRequest request, ServerResponse response) {
    String sid = check.sid();
    if (sid == null) {
      open(check, request, response);
      return;
    }
    Session session = engine.find(sid);
    if (session == null || !(session.carrier() instanceof PollingTransport polling)) {
      refuse(check, response, EngineErrorCode.SESSION_UNKNOWN);
      return;
    }
    switch (check.method()) {
      case "GET" -> answerPoll(check, session, polling, request, response);
      case "POST" -> receive(check, session, polling, request, response);
      default -> refuse(check, response, EngineErrorCode.BAD_REQUEST);
    }
  }

  private void open(RequestCheck check, ServerRequest request, ServerResponse response) {
    EngineErrorCode full = engine.admit(check.client().address());
    if (full != null) {
      refuse(check, response, full);
      return;
    }
    PollingTransport polling = new PollingTransport();
    Session session = engine.create(check.remember(), polling);
    engine.open(session);
    String hostId = engine.strays().hostId();
    if (!hostId.isEmpty()) {
      // Balancers can learn from it where the session lives.
      response.headers().set(HOST, hostId);
    }
    answerPoll(check, session, polling, request, response);
  }

  private void answerPoll(
      RequestCheck check,
      Session session,
      PollingTransport polling,
      ServerRequest request,
      ServerResponse response) {
    boolean toldGoodbye = false;
    try {
      switch (polling.poll(session)) {
        case PollingTransport.Answer.Refused(EngineErrorCode code) -> {
          refuse(check, response, code);
          toldGoodbye = true;
        }
        case PollingTransport.Answer.Packets(PollingPayload payload) ->
            sendPayload(payload, request, response);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      session.close(CloseReason.SHUTDOWN);
      refuse(check, response, EngineErrorCode.SESSION_UNKNOWN);
    } catch (RuntimeException clientGone) {
      session.close(CloseReason.TRANSPORT_ERROR);
      throw clientGone;
    }
    if (!session.isOpen() && session.outbound().isEmpty()) {
      engine.fetched(session, toldGoodbye);
    }
  }

  private void sendPayload(PollingPayload payload, ServerRequest request, ServerResponse response) {
    byte[] bytes = payload.bytes();
    response.header(TEXT).header(NO_STORE);
    boolean large = bytes.length >= settings.compressionThreshold();
    if (large && payload.compress() && acceptsGzip(request)) {
      bytes = gzip(bytes);
      response.header(GZIP);
      response.headers().add(HeaderNames.VARY, "Accept-Encoding");
    }
    response.send(bytes);
  }

  static boolean acceptsGzip(ServerRequest request) {
    return request.headers().contains(HeaderNames.ACCEPT_ENCODING)
        && request.headers().get(HeaderNames.ACCEPT_ENCODING).values().contains("gzip");
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2);
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
    return out.toByteArray();
  }

  private void receive(
      RequestCheck check,
      Session session,
      PollingTransport polling,
      ServerRequest request,
      ServerResponse response) {
    if (!session.hears()) {
      refuse(check, response, EngineErrorCode.SESSION_UNKNOWN);
      return;
    }
    if (!polling.beginPost(session)) {
      refuse(check, response, EngineErrorCode.BAD_REQUEST);
      return;
    }
    byte[] body;
    boolean accepted;
    try {
      body = body(request);
      accepted = body != null && PollingTransport.receive(session, body);
    } finally {
      polling.endPost();
    }
    if (body == null) {
      response.status(Status.REQUEST_ENTITY_TOO_LARGE_413).header(HeaderValues.CONNECTION_CLOSE);
      response.send();
    } else if (accepted) {
      response.header(HTML).header(NO_STORE).send(OK);
    } else {
      refuse(check, response, EngineErrorCode.BAD_REQUEST);
    }
  }

  /** The whole body; null when it is longer than a payload may be. */
  private byte @Nullable [] body(ServerRequest request) {
    if (request.headers().contentLength().orElse(0) > settings.maxPayload()) {
      return null;
    }
    try {
      // Not closed: that would wait for the rest of what is too long.
      InputStream in = request.content().inputStream();
      byte[] body = in.readNBytes(settings.maxPayload() + 1);
      return body.length > settings.maxPayload() ? null : body;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private void addCors(RequestCheck check, ServerResponse response) {
    String origin = check.origin();
    if (origin != null && check.corsAllowed(settings)) {
      response.headers().set(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
      response.headers().set(HeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
      response.headers().add(HeaderNames.VARY, "Origin");
    }
  }

  private void preflight(RequestCheck check, ServerRequest request, ServerResponse response) {
    if (check.corsAllowed(settings)) {
      response.headers().set(HeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET,POST");
      response.headers().set(HeaderNames.ACCESS_CONTROL_MAX_AGE, "600");
      if (request.headers().contains(REQUESTED_HEADERS)) {
        response
            .headers()
            .set(
                HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
                request.headers().get(REQUESTED_HEADERS).get());
      }
    }
    response.status(Status.NO_CONTENT_204).send();
  }

  private void refuse(RequestCheck check, ServerResponse response, EngineErrorCode code) {
    engine.meters().refused(code);
    if (code == EngineErrorCode.ORIGIN_FORBIDDEN) {
      LOG.atWarn()
          .addKeyValue("address", check.client().address())
          .log(
              "Origin '{}' is not this host, which the client calls '{}'; add it to"
                  + " dormouse.engine.cors-origins to let its pages in. [{}]",
              check.origin(),
              check.client().host(),
              code);
    } else {
      LOG.atDebug().addKeyValue("address", check.client().address()).log("Refused. [{}]", code);
    }
    response.status(Status.create(code.status())).header(JSON);
    if (check.webSocket() || check.method().equals("POST") || engine.isLeaving()) {
      // What comes next on a connection that is kept would come here again, not to another host.
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    if (code.status() == 503 || code.status() == 429) {
      response.header(RETRY_AFTER);
    }
    response.send(code.json());
  }

  private static boolean isWebSocketHandshake(ServerRequest request) {
    return request.headers().contains(HeaderNames.UPGRADE)
        && request.headers().get(HeaderNames.UPGRADE).get().equalsIgnoreCase("websocket");
  }
}
