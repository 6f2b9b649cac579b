package io.dormouse.host.engine;

import io.dormouse.api.Transport;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All Engine.IO sessions of this host.
 *
 * <p>The root hangs {@link #routing} and {@link #upgrader} into the public listener, gives it an
 * acceptor, and stops it before the listener. One platform thread sends pings and ends what is
 * overdue, so that no handler can hold it up.
 */
public final class EngineServer {
  /** How long a client may take over the end of its connection. */
  static final Duration GOODBYE = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger("io.dormouse.host.engine");
  private static final Duration LINGER = Duration.ofSeconds(30);

  /** How long a polling client may take to ask, upon which it hears that its session is gone. */
  private static final Duration LEAVE = Duration.ofSeconds(5);

  /** How long a client that has heard it may take over what it is sending at the same time. */
  private static final Duration LAST_WORDS = Duration.ofMillis(250);

  private final EngineSettings settings;
  private final SessionAcceptor acceptor;
  private final Entrance open;
  private final EngineMeters meters;
  private final Strays strays;
  private final WriteBuffers buffers = new WriteBuffers();
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();
  private final Map<Session, Long> lingering = new ConcurrentHashMap<>();
  private final Map<WebSocketConnection, Long> ending = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> addresses = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile boolean draining;
  private volatile boolean stopping;
  private volatile boolean stopped;

  /** One that is alone. */
  public EngineServer(
      EngineSettings settings,
      SessionAcceptor acceptor,
      ClientAddress clientAddress,
      MeterRegistry registry) {
    this(settings, acceptor, clientAddress, registry, SessionRouter.NONE);
  }

  /**
   * @param acceptor gives each new session its listener
   * @param clientAddress tells who a request comes from
   * @param router knows whose sessions are not here
   */
  public EngineServer(
      EngineSettings settings,
      SessionAcceptor acceptor,
      ClientAddress clientAddress,
      MeterRegistry registry,
      SessionRouter router) {
    this.settings = settings;
    this.acceptor = acceptor;
    this.open = new Entrance(clientAddress, false);
    this.meters = new EngineMeters(registry, sessions);
    this.strays = new Strays(this, router);
    Thread.ofPlatform().daemon().name("heartbeat").start(this::tickForever);
  }

  /** Adds the routes of polling, and of every refusal. */
  public void routing(HttpRouting.Builder routing) {
    new EngineRoutes(this, open).addTo(routing);
  }

  /** The same for what other hosts forward, who were asked who they are. */
  public void routingOfHosts(HttpRouting.Builder routing, ClientAddress clientAddress) {
    new EngineRoutes(this, new Entrance(clientAddress, true)).addTo(routing);
  }

  /** The upgrader for what other hosts forward. */
  public Http1Upgrader upgraderOfHosts(ClientAddress clientAddress) {
    return new EngineUpgrader(this, new Entrance(clientAddress, true));
  }

  /**
   * What its listeners are to let pass of a request: the engine refuses what is too long itself, in
   * a way that its clients understand.
   */
  public long maxRequestBytes() {
    return 2L * settings.maxPayload();
  }

  /** What goes through this host to others. */
  public Strays strays() {
    return strays;
  }

  /** The upgrader for {@code websocket}; hands requests that it refuses on to the routes. */
  public Http1Upgrader upgrader() {
    return new EngineUpgrader(this, open);
  }

  /**
   * Whether new clients are let in. Those that are not are told to try again; whoever is here
   * stays.
   */
  public void letIn(boolean anybody) {
    draining = !anybody;
  }

  /** The sessions that are open now. */
  public List<Session> open() {
    return sessions.values().stream().filter(Session::isOpen).toList();
  }

  /**
   * Lets nobody in any more and says goodbye to all in the way that makes clients reconnect: a
   * close frame, or an unknown session to a poll. Returns when they have it, after {@code limit} at
   * most.
   */
  public void stop(Duration limit) {
    stopping = true;
    sessions.values().forEach(session -> session.close(CloseReason.SHUTDOWN));
    strays.releasePolls();
    while (strays.releaseTunnel()) {
      LOG.trace("One more tunnel ends");
    }
    long deadline = System.nanoTime() + limit.toNanos();
    while (isAnyoneLeaving() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    lingering.keySet().forEach(Session::end);
    stopped = true;
  }

  /** Whether clients are better off elsewhere. */
  boolean isLeaving() {
    return stopping || draining;
  }

  private boolean isAnyoneLeaving() {
    return !ending.isEmpty()
        || !strays.isEmpty()
        || lingering.keySet().stream().anyMatch(Session::hears);
  }

  EngineSettings settings() {
    return settings;
  }

  WriteBuffers buffers() {
    return buffers;
  }

  EngineMeters meters() {
    return meters;
  }

  /** The session of an id; a closed one while its last packets wait for a poll. */
  @Nullable Session find(String id) {
    Session session = sessions.get(id);
    if (session != null && session.isOpen()) {
      // What is overdue by now is not there any more, though no round has seen it yet.
      session.tick(System.nanoTime());
    }
    return sessions.get(id);
  }

  /** Whether there is room for one more session of an address, which is taken when there is. */
  @Nullable EngineErrorCode admit(String address) {
    if (isLeaving()) {
      return EngineErrorCode.STOPPING;
    }
    if (connections.incrementAndGet() > settings.maxConnections()) {
      connections.decrementAndGet();
      return EngineErrorCode.TOO_MANY_CONNECTIONS;
    }
    AtomicInteger count =
        addresses.compute(
            address,
            (key, present) -> {
              AtomicInteger counter = present == null ? new AtomicInteger() : present;
              counter.incrementAndGet();
              return counter;
            });
    if (count.get() > settings.maxConnectionsPerAddress()) {
      release(address);
      return EngineErrorCode.TOO_MANY_CONNECTIONS_OF_ADDRESS;
    }
    return null;
  }

  /** Gives back what {@link #admit} took. */
  void release(String address) {
    connections.decrementAndGet();
    addresses.computeIfPresent(
        address, (key, count) -> count.decrementAndGet() == 0 ? null : count);
  }

  /** Makes a session of an admitted address. */
  Session create(SessionRequest request, SessionTransport transport) {
    return new Session(this, strays.newSessionId(), request, transport);
  }

  /** Opens a session: its handshake packet, then whatever its listener sends. */
  void open(Session session) {
    sessions.put(session.id(), session);
    session.send(Message.of(Frame.packet(handshake(session))));
    session.listen(acceptor.open(session));
    meters.opened(session.transport());
    LOG.atInfo()
        .addKeyValue("session", session)
        .addKeyValue("transport", session.transport())
        .addKeyValue("address", session.request().address())
        .log("Connected");
    if (stopping) {
      session.close(CloseReason.SHUTDOWN);
    }
  }

  private String handshake(Session session) {
    boolean upgrades = session.transport() == Transport.POLLING;
    return "0{\"sid\":\""
        + session.id()
        + "\",\"upgrades\":["
        + (upgrades ? "\"websocket\"" : "")
        + "],\"pingInterval\":"
        + settings.pingInterval().toMillis()
        + ",\"pingTimeout\":"
        + settings.pingTimeout().toMillis()
        + ",\"maxPayload\":"
        + settings.maxPayload()
        + "}";
  }

  void upgraded(WebSocketConnection connection, Session session) {
    ending.remove(connection);
    meters.upgraded();
    LOG.atInfo().addKeyValue("session", session).log("Upgraded to websocket");
  }

  /** A session has closed. */
  void forget(Session session, CloseReason reason) {
    boolean polling = session.transport() == Transport.POLLING;
    if (reason.hearsOn()) {
      lingering.put(session, System.nanoTime() + (polling ? LEAVE : GOODBYE).toNanos());
    } else if (polling && reason.lingers()) {
      lingering.put(session, System.nanoTime() + LINGER.toNanos());
    }
    if (!polling || !reason.lingers()) {
      sessions.remove(session.id());
    }
    release(session.request().address());
    meters.closed(reason);
    LOG.atInfo()
        .addKeyValue("session", session)
        .addKeyValue("transport", session.transport())
        .log("Disconnected: {}", reason);
  }

  /**
   * A closed session's last packets were fetched.
   *
   * @param toldGoodbye whether the client knows by now
   */
  void fetched(Session session, boolean toldGoodbye) {
    if (!session.hears()) {
      forgetLingering(session);
    } else if (toldGoodbye) {
      lingering.replace(session, System.nanoTime() + LAST_WORDS.toNanos());
    }
  }

  /** Nothing more is heard of a session, unless its last packets wait to be fetched. */
  void ended(Session session, CloseReason reason) {
    if (reason.hearsOn()) {
      forgetLingering(session);
    }
  }

  private void forgetLingering(Session session) {
    if (lingering.remove(session) != null) {
      sessions.remove(session.id());
      session.end();
    }
  }

  /** Closes a connection's socket when it has not ended by itself in time. */
  void closeLater(WebSocketConnection connection, Duration limit) {
    ending.put(connection, System.nanoTime() + limit.toNanos());
  }

  /** A connection has ended. */
  void closed(WebSocketConnection connection) {
    ending.remove(connection);
  }

  private void tickForever() {
    long step =
        Math.clamp(
            Math.min(settings.pingInterval().toNanos(), settings.pingTimeout().toNanos()) / 50,
            TimeUnit.MILLISECONDS.toNanos(5),
            TimeUnit.MILLISECONDS.toNanos(250));
    while (!stopped) {
      LockSupport.parkNanos(step);
      try {
        tick(System.nanoTime());
      } catch (RuntimeException failed) {
        LOG.error("A heartbeat round failed and is repeated", failed);
      }
    }
  }

  private void tick(long now) {
    for (Session session : sessions.values()) {
      if (session.isOpen()) {
        session.tick(now);
      }
    }
    for (Iterator<Map.Entry<WebSocketConnection, Long>> i = ending.entrySet().iterator();
        i.hasNext(); ) {
      Map.Entry<WebSocketConnection, Long> entry = i.next();
      if (now - entry.getValue() >= 0) {
        i.remove();
        entry.getKey().closeSocket();
      }
    }
    strays.tick(now);
    lingering.forEach(
        (session, until) -> {
          if (now - until >= 0) {
            forgetLingering(session);
          }
        });
  }
}
