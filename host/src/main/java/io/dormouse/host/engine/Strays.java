package io.dormouse.host.engine;

import io.dormouse.host.engine.SessionRouter.Owner;
import io.dormouse.host.engine.SessionRouter.OwnerUnreachable;
import io.dormouse.host.engine.SessionRouter.Reply;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that a balancer brought here although their session lives on another host, which answers
 * them by way of this one. Who may ask was checked here; what is said of other origins is said here
 * too.
 */
public final class Strays {
  private static final Logger LOG = LoggerFactory.getLogger(Strays.class);
  private static final int LARGE = 64 * 1024;

  /** What of an answer is passed on. */
  private static final List<HeaderName> PASSED =
      List.of(
          HeaderNames.CONTENT_TYPE,
          HeaderNames.CONTENT_ENCODING,
          HeaderNames.CACHE_CONTROL,
          HeaderNames.RETRY_AFTER);

  /** How it ended, as the metrics have it. */
  enum Outcome {
    /** With what the client asked for. */
    ANSWERED,
    /** The owner refused it. */
    REFUSED,
    /** The owner did not answer. */
    UNREACHABLE
  }

  private record WaitingPoll(Owner owner, String sid) {}

  private final EngineServer engine;
  private final SessionRouter router;
  private final Set<WaitingPoll> polls = ConcurrentHashMap.newKeySet();
  private final Set<Tunnel> tunnels = ConcurrentHashMap.newKeySet();

  Strays(EngineServer engine, SessionRouter router) {
    this.engine = engine;
    this.router = router;
    engine.meters().forwarding(tunnels, polls);
  }

  /** How many WebSockets of other hosts' sessions end here, but for those that were released. */
  public int tunnels() {
    return (int) tunnels.stream().filter(tunnel -> !tunnel.isReleased()).count();
  }

  /**
   * Has the owner of one tunnel say goodbye to its client, who then connects anew.
   *
   * @return whether there was one that had not been released before
   */
  public boolean releaseTunnel() {
    for (Tunnel tunnel : tunnels) {
      if (tunnel.release()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Has all waiting polls answered, so that their clients poll elsewhere and keep their session.
   */
  public void releasePolls() {
    for (WaitingPoll poll : polls) {
      Thread.startVirtualThread(() -> poll.owner().release(poll.sid()));
    }
  }

  String hostId() {
    return router.hostId();
  }

  /** An id for a session of this host. */
  String newSessionId() {
    String random = RandomId.next();
    return hostId().isEmpty() ? random : hostId() + "." + random;
  }

  /** Whether nothing of other hosts goes through this one. */
  boolean isEmpty() {
    return tunnels.isEmpty() && polls.isEmpty();
  }

  /** Answers a polling request; false when no other host can, and nothing was answered. */
  boolean answer(RequestCheck check, ServerRequest request, ServerResponse response) {
    String sid = check.sid();
    boolean get = check.method().equals("GET");
    if (sid == null
        || !"polling".equals(check.parameter("transport"))
        || !(get || check.method().equals("POST"))) {
      return false;
    }
    Owner owner = router.owner(sid);
    if (owner == null) {
      return false;
    }
    String kind = get ? "get" : "post";
    if (request.headers().contentLength().orElse(0) > engine.settings().maxPayload()) {
      engine.meters().forwarded(kind, Outcome.REFUSED);
      response.status(Status.REQUEST_ENTITY_TOO_LARGE_413).header(HeaderValues.CONNECTION_CLOSE);
      response.send();
      return true;
    }
    WaitingPoll poll = new WaitingPoll(owner, sid);
    if (get) {
      polls.add(poll);
    }
    try (Reply reply = owner.send(get ? poll(check, sid, request) : post(check, sid, request))) {
      pass(reply, check, response);
      engine.meters().forwarded(kind, reply.status() == 200 ? Outcome.ANSWERED : Outcome.REFUSED);
      return true;
    } catch (OwnerUnreachable gone) {
      engine.meters().forwarded(kind, Outcome.UNREACHABLE);
      LOG.debug("A request was not forwarded to host {}: {}", owner.id(), gone.getMessage());
      return false;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } finally {
      polls.remove(poll);
    }
  }

  private static SessionRouter.Request poll(RequestCheck check, String sid, ServerRequest request) {
    boolean gzip = EngineRoutes.acceptsGzip(request);
    return new SessionRouter.Request("GET", sid, check.client(), gzip, 0, 0, null);
  }

  private SessionRouter.Request post(RequestCheck check, String sid, ServerRequest request) {
    boolean chunked = request.headers().contains(HeaderNames.TRANSFER_ENCODING);
    long length = chunked ? -1 : request.headers().contentLength().orElse(0);
    // Not asked for when there is none: Helidon would wait for bytes.
    InputStream body =
        length == 0 ? InputStream.nullInputStream() : request.content().inputStream();
    int limit = engine.settings().maxPayload();
    return new SessionRouter.Request("POST", sid, check.client(), false, length, limit, body);
  }

  private static void pass(Reply reply, RequestCheck check, ServerResponse response)
      throws OwnerUnreachable {
    long length = reply.length();
    byte[] all = length <= LARGE ? read(reply, (int) length) : null;
    response.status(Status.create(reply.status()));
    for (HeaderName name : PASSED) {
      String value = reply.headers().get(name.lowerCase());
      if (value != null) {
        response.headers().set(name, value);
      }
    }
    if (reply.headers().containsKey("content-encoding")) {
      response.headers().add(HeaderNames.VARY, "Accept-Encoding");
    }
    if (reply.status() != 200 && check.method().equals("POST")) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    if (all != null) {
      response.send(all);
      return;
    }
    response.headers().contentLength(length);
    try (OutputStream out = response.outputStream()) {
      if (reply.body().transferTo(out) != length) {
        throw new IOException("the owner's answer ends too early");
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static byte[] read(Reply reply, int length) throws OwnerUnreachable {
    try {
      byte[] all = reply.body().readNBytes(length);
      if (all.length == length) {
        return all;
      }
      throw new OwnerUnreachable("its answer ends too early");
    } catch (IOException broken) {
      throw new OwnerUnreachable("its answer broke off: " + broken.getMessage());
    }
  }

  /** A way to a session's WebSocket; null when no other host gives one. */
  @Nullable Tunnel tunnel(ConnectionContext context, RequestCheck check) {
    String sid = check.sid();
    Owner owner = sid == null ? null : router.owner(sid);
    if (sid == null || owner == null) {
      return null;
    }
    try {
      Tunnel tunnel = new Tunnel(this, context, owner, sid, owner.open(sid, check.client()));
      tunnels.add(tunnel);
      engine.meters().forwarded("upgrade", Outcome.ANSWERED);
      return tunnel;
    } catch (OwnerUnreachable gone) {
      engine.meters().forwarded("upgrade", Outcome.UNREACHABLE);
      LOG.debug("An upgrade was not forwarded to host {}: {}", owner.id(), gone.getMessage());
      return null;
    }
  }

  void ended(Tunnel tunnel) {
    tunnels.remove(tunnel);
  }

  /** Ends tunnels in which a side has not taken anything for too long. Never blocks. */
  void tick(long now) {
    long patience =
        engine.settings().pingInterval().plus(engine.settings().pingTimeout()).toNanos() * 2;
    for (Iterator<Tunnel> i = tunnels.iterator(); i.hasNext(); ) {
      i.next().tick(now, patience);
    }
  }
}
