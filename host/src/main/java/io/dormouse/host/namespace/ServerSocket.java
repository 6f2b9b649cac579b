package io.dormouse.host.namespace;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dormouse.api.DisconnectReason;
import io.dormouse.host.engine.Message;
import io.dormouse.host.engine.RandomId;
import io.dormouse.host.engine.Session;
import io.dormouse.host.protocol.EncodedPacket;
import io.dormouse.host.protocol.Encoder;
import io.dormouse.host.protocol.Packet;
import io.dormouse.host.protocol.RawArguments;
import io.dormouse.host.protocol.ValueCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One connection's membership in one namespace.
 *
 * <pre>
 *   JOINING ── middleware and connect handler passed ──→ JOINED ──→ LEFT
 *           ── refused, or the client is gone ─────────→ LEFT
 * </pre>
 *
 * While JOINING, what is sent to it waits, so that the client gets it behind the CONNECT answer.
 */
final class ServerSocket {
  private static final int MOST_WAITING = 10_000;

  private enum State {
    JOINING,
    JOINED,
    LEFT
  }

  private volatile String id = RandomId.next();
  private final LiveNamespace namespace;
  private final Connection connection;
  private final HostHandshake handshake;
  private final JsonSocketData data;
  private final Inbox inbox = new Inbox(this);
  private final Handling handling = new Handling(this);
  private final EventRate rate = new EventRate();
  private final Set<String> joinedRooms = new HashSet<>(0);
  private final @Nullable History history;
  private @Nullable String pid;
  private String offset = "";
  private volatile boolean recovered;
  private volatile State state = State.JOINING;
  private @Nullable List<Message> waiting;

  ServerSocket(LiveNamespace namespace, Connection connection, @Nullable RawArguments auth) {
    this.namespace = namespace;
    this.connection = connection;
    this.handshake =
        new HostHandshake(
            connection.session().request(),
            auth,
            namespace.parameters(),
            Instant.now(),
            ValueCodec.HOST);
    this.data =
        new JsonSocketData(namespace.name(), namespace.all().settings().dataLimit(), this::changed);
    this.history = namespace.all().history(namespace.name());
  }

  /** What is remembered for it; null in a namespace without recovery. */
  @Nullable History history() {
    return history;
  }

  /** Whether it is one that was lost for a moment. */
  boolean recovered() {
    return recovered;
  }

  /** Becomes the socket that its client had. */
  synchronized void restored(
      String knownPid, SavedSocket before, List<Message> missed, String seen) {
    id = before.id();
    pid = knownPid;
    offset = seen;
    recovered = true;
    data.become(before.data().getBytes(UTF_8));
    waiting = new ArrayList<>(missed);
  }

  /** Takes part in what is emitted from now on. */
  void enter() {
    if (history == null) {
      namespace.adapter().add(this);
    } else {
      String since = history.enter(this);
      synchronized (this) {
        offset = since;
        pid = RandomId.next();
      }
    }
  }

  /** What its client gets back when it returns. */
  SavedSocket saved(boolean live) {
    List<String> rooms = new ArrayList<>(namespace.adapter().rooms(this));
    rooms.remove(id);
    return new SavedSocket(
        id,
        name(),
        rooms,
        new String(data.json(), UTF_8),
        offset,
        live,
        System.currentTimeMillis());
  }

  /** Its rooms or its data have changed. */
  void changed() {
    // The state first: who sees it sees the pid.
    if (state == State.JOINED && pid != null) {
      namespace.all().recovery().changed(pid);
    }
  }

  LiveNamespace live() {
    return namespace;
  }

  Session session() {
    return connection.session();
  }

  /** The name of its namespace. */
  String name() {
    return namespace.name();
  }

  /** Rooms beside its own; to be locked while used. Only the adapter changes it. */
  Set<String> joinedRooms() {
    return joinedRooms;
  }

  /** Begins to join: middleware and connect handler run in the inbox. */
  void join() {
    inbox.first(handling.joining());
  }

  /** An event came. Blocks while the inbox is full. */
  void receive(Packet.Event event, int size) {
    namespace.all().meters().event();
    if (rate.exceeds(namespace.all().settings().maxEventsPerSecond())) {
      namespace.all().meters().refused(NamespaceErrorCode.EVENT_RATE);
      new HandlerCall(this, event.name(), event.id()).fail(NamespaceErrorCode.EVENT_RATE);
    } else {
      inbox.offer(handling.event(event, size));
    }
  }

  /** Whether a handler of its runs or waits, or an ack of its client is awaited. */
  boolean isBusy() {
    return inbox.isBusy() || namespace.acks().isAwaited(this);
  }

  void acknowledged(long ackId, RawArguments arguments) {
    namespace.acks().answered(this, ackId, arguments);
  }

  /** The client is let in: the CONNECT answer, then what waited for it. */
  synchronized void accept() {
    if (state == State.JOINING) {
      connection.send(pid == null ? Encoder.connect(name(), id) : Encoder.connect(name(), id, pid));
      List<Message> behind = waiting;
      waiting = null;
      if (behind != null) {
        behind.forEach(session()::send);
      }
      state = State.JOINED;
      if (pid != null) {
        namespace.all().recovery().joined(this, pid);
      }
    }
  }

  /** Whether the CONNECT answer was sent. */
  boolean isAccepted() {
    return state == State.JOINED;
  }

  /** The client is not let in. */
  void refuse(EncodedPacket why) {
    synchronized (this) {
      if (state != State.JOINING) {
        return;
      }
      state = State.LEFT;
      waiting = null;
    }
    // Before the answer, upon which the client may try again at once.
    connection.forget(this);
    connection.send(why);
    inbox.last(handling.leaving(DisconnectReason.SERVER_NAMESPACE_DISCONNECT));
  }

  /**
   * Leaves, once: pending acks end now, the disconnect handlers run behind what is in the inbox.
   */
  void leave(DisconnectReason reason) {
    leave(reason, false);
  }

  private void leave(DisconnectReason reason, boolean tell) {
    synchronized (this) {
      if (state == State.LEFT) {
        return;
      }
      state = State.LEFT;
      waiting = null;
    }
    String known = pid;
    if (known != null) {
      namespace.all().recovery().left(this, known, reason);
    }
    namespace.acks().gone(this);
    connection.forget(this);
    if (tell) {
      connection.send(Encoder.disconnect(name()));
    }
    inbox.last(handling.leaving(reason));
  }

  /** A handler's thread does not come back. */
  void continueInNewThread() {
    inbox.restart();
    handling.givenUp();
  }

  /** Sends a packet that is the host's answer, unless the socket is gone. */
  void send(EncodedPacket packet) {
    deliver(Message.of(packet.text(), packet.attachments(), true), false);
  }

  /** Sends an event, or keeps it until the client is let in. Never blocks. */
  void deliver(Message message, boolean isVolatile) {
    State now = state;
    if (now == State.JOINED) {
      if (isVolatile) {
        session().sendVolatile(message);
      } else {
        session().send(message);
      }
    } else if (now == State.JOINING) {
      keep(message);
    }
  }

  private synchronized void keep(Message message) {
    switch (state) {
      case JOINED -> session().send(message);
      case JOINING -> {
        if (waiting == null) {
          waiting = new ArrayList<>();
        }
        if (waiting.size() < MOST_WAITING) {
          waiting.add(message);
        }
      }
      case LEFT -> {}
    }
  }

  String id() {
    return id;
  }

  HostHandshake handshake() {
    return handshake;
  }

  JsonSocketData data() {
    return data;
  }

  boolean connected() {
    return state != State.LEFT;
  }

  /** The client leaves by the server's will. */
  void disconnect() {
    accept();
    leave(DisconnectReason.SERVER_NAMESPACE_DISCONNECT, true);
  }

  /** Closes its whole connection. */
  void disconnectAll() {
    connection.disconnectAll();
  }

  SocketSnapshot snapshot() {
    return new SocketSnapshot(
        id, handshake.greeting(), List.copyOf(namespace.adapter().rooms(this)), data.json());
  }

  SocketStatus status() {
    Set<String> rooms = new HashSet<>(namespace.adapter().rooms(this));
    rooms.remove(id);
    return new SocketStatus(
        id, name(), handshake.address(), session().transport(), handshake.issued(), rooms);
  }

  @Override
  public String toString() {
    return "Socket(" + id.substring(0, 6) + " in " + name() + ")";
  }
}
