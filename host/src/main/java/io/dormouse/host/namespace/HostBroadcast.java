package io.dormouse.host.namespace;

import io.dormouse.api.BroadcastOperator;
import io.dormouse.api.EventError;
import io.dormouse.api.RemoteSocket;
import io.dormouse.api.Replies;
import io.dormouse.host.engine.Message;
import io.dormouse.host.protocol.EncodedPacket;
import io.dormouse.host.protocol.Encoder;
import io.dormouse.host.protocol.RawArguments;
import io.dormouse.host.protocol.ValueCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Emits to chosen sockets of one namespace, or of all children of a pattern. */
final class HostBroadcast implements BroadcastOperator {
  private final Supplier<Collection<LiveNamespace>> namespaces;
  private final Owner owner;
  private final Duration ackTimeout;
  private final Target target;
  private final Emission emission;

  /**
   * @param namespaces which are open now
   * @param owner emits, and reads what is answered
   * @param ackTimeout when the caller gives none
   */
  HostBroadcast(Supplier<Collection<LiveNamespace>> namespaces, Owner owner, Duration ackTimeout) {
    this(namespaces, owner, ackTimeout, Target.EVERYONE, Emission.PLAIN);
  }

  private HostBroadcast(
      Supplier<Collection<LiveNamespace>> namespaces,
      Owner owner,
      Duration ackTimeout,
      Target target,
      Emission emission) {
    this.namespaces = namespaces;
    this.owner = owner;
    this.ackTimeout = ackTimeout;
    this.target = target;
    this.emission = emission;
  }

  static HostBroadcast of(LiveNamespace namespace, Owner owner) {
    List<LiveNamespace> one = List.of(namespace);
    return new HostBroadcast(() -> one, owner, namespace.all().settings().ackTimeout());
  }

  private HostBroadcast with(Target changed, Emission how) {
    return new HostBroadcast(namespaces, owner, ackTimeout, changed, how);
  }

  @Override
  public BroadcastOperator to(String... rooms) {
    return with(target.to(rooms), emission);
  }

  @Override
  public BroadcastOperator except(String... rooms) {
    return with(target.except(rooms), emission);
  }

  @Override
  public BroadcastOperator local() {
    return this;
  }

  @Override
  public BroadcastOperator asVolatile() {
    return with(target, emission.asVolatile());
  }

  @Override
  public BroadcastOperator compress(boolean compress) {
    return with(target, emission.compress(compress));
  }

  @Override
  public BroadcastOperator timeout(Duration timeout) {
    return with(target, emission.timeout(timeout));
  }

  @Override
  public void emit(String event, @Nullable Object... arguments) {
    for (LiveNamespace namespace : namespaces.get()) {
      namespace
          .adapter()
          .broadcast(encode(namespace, -1, event, arguments), target, emission.isVolatile());
    }
  }

  private Message encode(
      LiveNamespace namespace, long ackId, String event, @Nullable Object[] arguments) {
    owner.checkLive();
    EncodedPacket packet = Encoder.event(namespace.name(), ackId, event, owner.codec(), arguments);
    return Message.of(packet.text(), packet.attachments(), emission.compress());
  }

  @Override
  public <T> Replies<T> emitWithAck(Class<T> type, String event, @Nullable Object... arguments) {
    Duration timeout = emission.timeout() == null ? ackTimeout : emission.timeout();
    long deadline = System.nanoTime() + timeout.toNanos();
    List<PendingAcks.Pending> asked = new ArrayList<>();
    List<RawArguments> answers = new ArrayList<>();
    int sockets = 0;
    owner.leases().takeMore();
    try {
      for (LiveNamespace namespace : namespaces.get()) {
        List<ServerSocket> chosen = namespace.adapter().select(target);
        sockets += chosen.size();
        PendingAcks.Pending pending = namespace.acks().open(chosen);
        asked.add(pending);
        Message message = encode(namespace, pending.id(), event, arguments);
        chosen.forEach(socket -> ask(socket, message, pending));
      }
      for (PendingAcks.Pending pending : asked) {
        answers.addAll(pending.await(Duration.ofNanos(deadline - System.nanoTime())));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      asked.forEach(PendingAcks.Pending::close);
      owner.leases().give();
    }
    List<T> values = read(answers, type);
    return new Replies<>(values, sockets - values.size());
  }

  private static void ask(ServerSocket socket, Message message, PendingAcks.Pending pending) {
    socket.deliver(message, false);
    if (socket.connected()) {
      socket.session().flushSoon();
    } else {
      pending.gone(socket);
    }
  }

  private <T> List<T> read(List<RawArguments> answers, Class<T> type) {
    List<T> values = new ArrayList<>();
    for (RawArguments answer : answers) {
      try {
        values.add(ValueCodec.first(owner.codec().arguments(answer), type));
      } catch (EventError doesNotFit) {
        // Counted as missing, as the operator's contract says.
      }
    }
    return values;
  }

  @Override
  public List<RemoteSocket> fetchSockets() {
    List<RemoteSocket> sockets = new ArrayList<>();
    forEach(socket -> sockets.add(new SocketView(socket, owner)));
    return sockets;
  }

  @Override
  public void socketsJoin(String... rooms) {
    forEach(socket -> socket.live().adapter().join(socket, rooms));
  }

  @Override
  public void socketsLeave(String... rooms) {
    forEach(socket -> socket.live().adapter().leave(socket, rooms));
  }

  @Override
  public void disconnectSockets(boolean close) {
    forEach(close ? ServerSocket::disconnectAll : ServerSocket::disconnect);
  }

  private void forEach(Consumer<ServerSocket> action) {
    for (LiveNamespace namespace : namespaces.get()) {
      namespace.adapter().select(target).forEach(action);
    }
  }
}
