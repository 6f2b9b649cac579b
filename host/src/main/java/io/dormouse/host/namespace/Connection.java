package io.dormouse.host.namespace;

import io.dormouse.api.DisconnectReason;
import io.dormouse.host.engine.CloseReason;
import io.dormouse.host.engine.Message;
import io.dormouse.host.engine.Session;
import io.dormouse.host.engine.SessionListener;
import io.dormouse.host.protocol.Decoder;
import io.dormouse.host.protocol.DecoderLimits;
import io.dormouse.host.protocol.EncodedPacket;
import io.dormouse.host.protocol.Encoder;
import io.dormouse.host.protocol.MalformedPacket;
import io.dormouse.host.protocol.Packet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client behind its session: decodes what it sends and gives each packet to the socket of its
 * namespace. Acks and disconnects are handled at once, on the reader's thread; connects and events
 * go into the socket's inbox.
 */
final class Connection implements SessionListener {
  private static final Logger LOG = LoggerFactory.getLogger("io.dormouse.host.namespace");

  /** How long a rollout of what another host serves already is waited for. */
  private static final Duration OPENING = Duration.ofSeconds(5);

  private static final DecoderLimits LIMITS = DecoderLimits.defaults();

  private final Session session;
  private final Namespaces namespaces;
  private final Decoder decoder = new Decoder(LIMITS);
  private final Map<String, ServerSocket> sockets = new HashMap<>(2);
  private Set<String> left = Set.of();

  /** Namespaces that are about to be opened on this host. */
  private final Set<String> awaited = new HashSet<>(0);

  private boolean closed;

  Connection(Session session, Namespaces namespaces) {
    this.session = session;
    this.namespaces = namespaces;
  }

  Session session() {
    return session;
  }

  @Override
  public void onText(byte[] bytes, int offset, int length) {
    try {
      accept(decoder.text(bytes, offset, length), length);
    } catch (MalformedPacket malformed) {
      refuse(malformed.getMessage());
    }
  }

  @Override
  public void onBinary(byte[] bytes) {
    try {
      accept(decoder.binary(bytes), bytes.length);
    } catch (MalformedPacket malformed) {
      refuse(malformed.getMessage());
    }
  }

  private void refuse(@Nullable String why) {
    namespaces.meters().refused(NamespaceErrorCode.PACKET_BAD);
    LOG.atInfo().addKeyValue("session", session).log("Packet refused: {}", why);
    session.close(CloseReason.PARSE_ERROR);
  }

  private void accept(@Nullable Packet packet, int size) {
    if (packet == null) {
      return;
    }
    ServerSocket socket = find(packet.namespace());
    switch (packet) {
      case Packet.Connect connect when socket == null -> connect(connect);
      case Packet.Event event when socket != null -> socket.receive(event, size);
      case Packet.Ack(String _, long id, var arguments) when socket != null ->
          socket.acknowledged(id, arguments);
      case Packet.Disconnect _ when socket != null ->
          socket.leave(DisconnectReason.CLIENT_NAMESPACE_DISCONNECT);
      case Packet.Disconnect _ when stopAwaiting(packet.namespace()) -> {}
      case Packet.Connect _ -> refuse("a second CONNECT for a namespace that was joined already");
      default -> strayed(packet.namespace());
    }
  }

  private boolean stopAwaiting(String namespace) {
    synchronized (sockets) {
      return awaited.remove(namespace);
    }
  }

  /** A client may send on for a moment after the host's side disconnected its socket. */
  private void strayed(String namespace) {
    boolean known;
    synchronized (sockets) {
      known = left.contains(namespace);
    }
    if (!known) {
      refuse("a packet for a namespace that was not joined");
    }
  }

  private @Nullable ServerSocket find(String namespace) {
    synchronized (sockets) {
      return sockets.get(namespace);
    }
  }

  private void connect(Packet.Connect connect) {
    String name = connect.namespace();
    synchronized (sockets) {
      if (sockets.size() + awaited.size() >= namespaces.settings().maxNamespaces()) {
        refuseConnect(name, NamespaceErrorCode.NAMESPACES_PER_CONNECTION);
        return;
      }
    }
    LiveNamespace namespace = namespaces.enter(name);
    if (namespace != null) {
      connect(connect, namespace);
    } else if (namespaces.backplane().knows(name)) {
      await(connect);
    } else {
      refuseConnect(name, NamespaceErrorCode.NAMESPACE_UNKNOWN);
    }
  }

  /** Waits elsewhere: the reader goes on with what else the client sends. */
  private void await(Packet.Connect connect) {
    String name = connect.namespace();
    synchronized (sockets) {
      if (!awaited.add(name)) {
        return;
      }
    }
    Thread.ofVirtual()
        .name("awaiting " + name)
        .inheritInheritableThreadLocals(false)
        .start(
            () -> {
              LiveNamespace namespace = null;
              try {
                namespace = namespaces.enterSoon(name, OPENING);
              } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
              }
              boolean wanted;
              synchronized (sockets) {
                wanted = awaited.remove(name) && !closed;
              }
              if (namespace != null && wanted) {
                connect(connect, namespace);
              } else if (namespace != null) {
                namespaces.exit(namespace);
              } else if (wanted) {
                refuseConnect(name, NamespaceErrorCode.NAMESPACE_UNKNOWN);
              }
            });
  }

  private void connect(Packet.Connect connect, LiveNamespace namespace) {
    String name = connect.namespace();
    ServerSocket socket = new ServerSocket(namespace, this, connect.auth());
    boolean gone;
    synchronized (sockets) {
      gone = closed;
      if (!gone) {
        sockets.put(name, socket);
      }
    }
    session.joined();
    if (gone) {
      namespaces.exit(namespace);
    } else {
      socket.join();
    }
  }

  private void refuseConnect(String name, NamespaceErrorCode code) {
    namespaces.meters().refused(code);
    LOG.atInfo()
        .addKeyValue("session", session)
        .addKeyValue("namespace", name)
        .log("Connect refused: {}. [{}]", code.message(), code);
    send(Encoder.connectError(name, code.message()));
  }

  void send(EncodedPacket packet) {
    session.send(Message.of(packet.text(), packet.attachments(), true));
  }

  /** A socket has left or was refused. */
  void forget(ServerSocket socket) {
    synchronized (sockets) {
      if (sockets.remove(socket.name(), socket)
          && left.size() < namespaces.settings().maxNamespaces()) {
        Set<String> more = new HashSet<>(left);
        more.add(socket.name());
        left = more;
      }
    }
  }

  /** Disconnects all sockets and closes the session. */
  void disconnectAll() {
    snapshot().forEach(ServerSocket::disconnect);
    session.close(CloseReason.SERVER_CLOSE);
  }

  private List<ServerSocket> snapshot() {
    synchronized (sockets) {
      return new ArrayList<>(sockets.values());
    }
  }

  @Override
  public void onUpgrade() {
    snapshot().forEach(socket -> namespaces.tell(socket.status(), SocketListener::upgraded));
  }

  @Override
  public boolean isBusy() {
    return snapshot().stream().anyMatch(ServerSocket::isBusy);
  }

  @Override
  public void onClose(CloseReason reason) {
    synchronized (sockets) {
      closed = true;
    }
    DisconnectReason told = reasonOf(reason);
    snapshot().forEach(socket -> socket.leave(told));
  }

  private static DisconnectReason reasonOf(CloseReason reason) {
    return switch (reason) {
      case TRANSPORT_CLOSE -> DisconnectReason.TRANSPORT_CLOSE;
      case TRANSPORT_ERROR, BAD_TEXT, TOO_LARGE, SLOW_CONSUMER, INBOX_FULL ->
          DisconnectReason.TRANSPORT_ERROR;
      case PING_TIMEOUT -> DisconnectReason.PING_TIMEOUT;
      case PARSE_ERROR -> DisconnectReason.PARSE_ERROR;
      case NO_CONNECT -> DisconnectReason.FORCED_CLOSE;
      case SERVER_CLOSE -> DisconnectReason.FORCED_SERVER_CLOSE;
      case SHUTDOWN -> DisconnectReason.SERVER_SHUTTING_DOWN;
    };
  }
}
