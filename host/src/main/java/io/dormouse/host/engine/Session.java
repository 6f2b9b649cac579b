package io.dormouse.host.engine;

import io.dormouse.api.Transport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One Engine.IO session: what a client keeps while its transport changes.
 *
 * <p>Sending is for any thread and never blocks. Closes once, for one reason, after which what is
 * sent is dropped. The listener hears nothing more from then on, but for one reason:
 *
 * <pre>
 *   OPEN ── close ──────────────→ ENDED
 *   OPEN ── close(SHUTDOWN) ──→ LEAVING ── client gone, or its time is over ──→ ENDED
 * </pre>
 *
 * <p>While LEAVING, the client is told that this host goes away, and what it had sent before it
 * knew is still heard: it does not send that again elsewhere.
 */
public final class Session {
  private static final long NEVER = Long.MAX_VALUE;
  private static final long MOST_LATE = Duration.ofMillis(250).toNanos();

  private final EngineServer engine;
  private final String id;
  private final SessionRequest request;
  private final OutboundQueue outbound;
  private volatile SessionTransport transport;
  private volatile @Nullable SessionListener listener;
  private volatile @Nullable CloseReason closeReason;
  private volatile boolean ended;

  private volatile long pingAt;
  private volatile long pongBy = NEVER;
  private volatile long joinBy = NEVER;
  private volatile long resumeBy = NEVER;
  private volatile @Nullable WebSocketConnection upgrading;

  Session(EngineServer engine, String id, SessionRequest request, SessionTransport transport) {
    this.engine = engine;
    this.id = id;
    this.request = request;
    this.transport = transport;
    int limit = engine.settings().sendQueueLimit();
    this.outbound = new OutboundQueue(limit, Math.min(limit, 64 * 1024));
    this.pingAt = System.nanoTime() + engine.settings().pingInterval().toNanos();
  }

  /** The session id, a credential: whoever has it can speak for the client. */
  String id() {
    return id;
  }

  /** The first characters of what is random in the id, for the log. */
  public String logId() {
    int random = id.length() - RandomId.LENGTH;
    return id.substring(random, random + 6);
  }

  /** The request that opened the session. */
  public SessionRequest request() {
    return request;
  }

  /** How many bytes may wait for the client. */
  public int sendLimit() {
    return engine.settings().sendQueueLimit();
  }

  /** How the client is connected now. */
  public Transport transport() {
    return transport.name();
  }

  SessionTransport carrier() {
    return transport;
  }

  OutboundQueue outbound() {
    return outbound;
  }

  /** False from the moment on when something closed it. */
  public boolean isOpen() {
    return closeReason == null;
  }

  /** Whether what the client sends still reaches the listener. */
  boolean hears() {
    CloseReason reason = closeReason;
    return reason == null || (reason.hearsOn() && !ended);
  }

  /** Whether something is under way that closing it now would cut off. */
  public boolean isBusy() {
    SessionListener hearing = listener;
    return upgrading != null || (hearing != null && hearing.isBusy());
  }

  /** Sends a message, or closes the session as a slow consumer when too much waits already. */
  public void send(Message message) {
    offer(message, false);
  }

  /** Sends a message unless the client is behind. */
  public void sendVolatile(Message message) {
    offer(message, true);
  }

  private void offer(Message message, boolean isVolatile) {
    switch (outbound.offer(message, isVolatile)) {
      case WAKE -> transport.wake(this);
      case FULL -> close(CloseReason.SLOW_CONSUMER);
      case QUEUED, DROPPED -> {}
    }
  }

  /**
   * Holds back what is sent from now on until {@link #flush} or {@link #flushSoon}, so that it
   * leaves in one write. Has no effect while somebody is sending.
   */
  public void cork() {
    outbound.cork();
  }

  /** Sends what is held back, in the calling thread, which may block on this client's socket. */
  public void flush() {
    if (outbound.uncork()) {
      transport.drain(this);
    }
  }

  /** Sends what is held back, in a thread of its own. */
  public void flushSoon() {
    if (outbound.uncork()) {
      transport.wake(this);
    }
  }

  /**
   * Closes the session with {@link CloseReason#NO_CONNECT} unless {@link #joined} is called in
   * time.
   */
  public void expectJoin(Duration timeout) {
    joinBy = System.nanoTime() + timeout.toNanos();
  }

  /** The client has joined a namespace. */
  public void joined() {
    joinBy = NEVER;
  }

  /**
   * Tells that the listener blocks because the client sends faster than it is served: the ping
   * deadline rests, and after {@code limit} the session closes with {@link CloseReason#INBOX_FULL}.
   */
  public void paused(Duration limit) {
    resumeBy = System.nanoTime() + limit.toNanos();
  }

  /** The listener blocks no longer. */
  public void resumed() {
    if (pongBy != NEVER) {
      pongBy = System.nanoTime() + engine.settings().pingTimeout().toNanos();
    }
    resumeBy = NEVER;
  }

  /** Closes the session; what was sent before still leaves, when the reason is the host's own. */
  public void close(CloseReason reason) {
    synchronized (this) {
      if (closeReason != null) {
        return;
      }
      closeReason = reason;
    }
    engine.forget(this, reason);
    WebSocketConnection probing = upgrading;
    if (probing != null && !reason.lingers()) {
      probing.abort();
    }
    transport.finish(this, reason);
    if (!reason.hearsOn()) {
      end();
    }
  }

  /** Nothing more is heard of a closed session; has no effect on others, nor the second time. */
  void end() {
    CloseReason reason;
    SessionListener hearing;
    synchronized (this) {
      reason = closeReason;
      if (reason == null || ended) {
        return;
      }
      ended = true;
      hearing = listener;
    }
    engine.ended(this, reason);
    if (hearing != null) {
      hearing.onClose(reason);
    }
  }

  void listen(SessionListener hearing) {
    CloseReason already;
    synchronized (this) {
      listener = hearing;
      already = ended ? closeReason : null;
    }
    if (already != null) {
      hearing.onClose(already);
    }
  }

  /** Handles one packet of the client's: its type digit, then the rest. */
  void receiveText(byte[] packet, int offset, int length) {
    SessionListener hearing = listener;
    if (hearing == null || !hears()) {
      return;
    }
    switch (length == 0 ? 0 : packet[offset]) {
      case '4' -> hearing.onText(packet, offset + 1, length - 1);
      case '3' -> {
        pongBy = NEVER;
        pingAt = System.nanoTime() + engine.settings().pingInterval().toNanos();
      }
      case '1' -> {
        close(CloseReason.TRANSPORT_CLOSE);
        end();
      }
      case '6' -> {}
      default -> {
        close(CloseReason.PARSE_ERROR);
        end();
      }
    }
  }

  void receiveBinary(byte[] binary) {
    SessionListener hearing = listener;
    if (hearing != null && hears()) {
      hearing.onBinary(binary);
    }
  }

  /** What is due: a ping, or the end because something did not come in time. Never blocks. */
  void tick(long now) {
    if (now - resumeBy >= 0 && resumeBy != NEVER) {
      close(CloseReason.INBOX_FULL);
    } else if (joinBy != NEVER && now - joinBy >= 0) {
      close(CloseReason.NO_CONNECT);
    } else if (pongBy != NEVER) {
      if (now - pongBy >= 0 && resumeBy == NEVER) {
        close(CloseReason.PING_TIMEOUT);
      }
    } else if (now - pingAt >= 0) {
      // From when the ping was due, but a pause of the whole host is not the client's fault.
      long late = Math.min(now - pingAt, MOST_LATE);
      pongBy = now - late + engine.settings().pingTimeout().toNanos();
      send(Message.of(Frame.PING));
    }
  }

  /** Begins an upgrade; false when one is under way, or the session is on WebSocket already. */
  synchronized boolean beginUpgrade(WebSocketConnection connection) {
    if (!isOpen() || upgrading != null || transport.name() == Transport.WEBSOCKET) {
      return false;
    }
    upgrading = connection;
    return true;
  }

  /** The client probes the new transport: its waiting poll must end. */
  void probed() {
    if (transport instanceof PollingTransport polling) {
      polling.release();
    }
  }

  boolean isUpgrading() {
    WebSocketConnection connection = upgrading;
    return connection != null && connection.isProbed();
  }

  synchronized void abandonUpgrade(WebSocketConnection connection) {
    if (upgrading == connection) {
      upgrading = null;
    }
  }

  /** The host between the client and this one goes away. */
  void release() {
    if (transport instanceof PollingTransport polling) {
      polling.release();
    } else {
      close(CloseReason.SHUTDOWN);
    }
  }

  /** Whether it has closed and its client has not been told all of it yet. */
  boolean isLingering() {
    CloseReason reason = closeReason;
    return reason != null && reason.lingers();
  }

  /** Ends an upgrade: from now on frames leave by the new transport. False when it is closed. */
  boolean upgrade(WebSocketConnection connection) {
    if (!moveTo(connection)) {
      return false;
    }
    SessionListener hearing = listener;
    if (hearing != null) {
      hearing.onUpgrade();
    }
    return true;
  }

  private synchronized boolean moveTo(WebSocketConnection connection) {
    if (!isOpen() || upgrading != connection) {
      return false;
    }
    upgrading = null;
    SessionTransport former = transport;
    transport = connection;
    if (former instanceof PollingTransport polling) {
      polling.release();
    }
    if (outbound.handOver()) {
      connection.wake(this);
    }
    return true;
  }

  @Override
  public String toString() {
    return logId();
  }
}
