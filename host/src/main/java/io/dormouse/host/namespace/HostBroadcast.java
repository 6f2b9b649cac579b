package io.dormouse.host.namespace;

import io.dormouse.api.BroadcastOperator;
import io.dormouse.api.RemoteSocket;
import io.dormouse.api.Replies;
import io.dormouse.host.engine.Message;
import io.dormouse.host.protocol.Encoder;
import io.dormouse.host.protocol.EventData;
import io.dormouse.host.protocol.RawArguments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Emits to chosen sockets of one namespace, or of all children of a pattern, on all hosts. */
final class HostBroadcast implements BroadcastOperator {
  private final Namespaces all;
  private final String name;
  private final Owner owner;
  private final Target target;
  private final Emission emission;
  private final boolean local;

  /**
   * @param name or a pattern
   * @param owner emits, and reads what is answered
   */
  HostBroadcast(Namespaces all, String name, Owner owner) {
    this(all, name, owner, Target.EVERYONE, Emission.PLAIN, false);
  }

  private HostBroadcast(
      Namespaces all, String name, Owner owner, Target target, Emission emission, boolean local) {
    this.all = all;
    this.name = name;
    this.owner = owner;
    this.target = target;
    this.emission = emission;
    this.local = local;
  }

  static HostBroadcast of(LiveNamespace namespace, Owner owner) {
    return new HostBroadcast(namespace.all(), namespace.name(), owner);
  }

  private HostBroadcast with(Target changed, Emission how) {
    return new HostBroadcast(all, name, owner, changed, how, local);
  }

  HostBroadcast to(Target chosen) {
    return with(chosen, emission);
  }

  private Backplane others() {
    return local ? Backplane.NONE : all.backplane();
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
    return new HostBroadcast(all, name, owner, target, emission, true);
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
    EventData data = encode(event, arguments);
    Backplane others = others();
    var _ =
        emit(
            data,
            number -> {
              others.broadcast(name, target, emission, data, number);
              return others;
            });
  }

  private <T> History.Emitted<T> emit(EventData data, LongFunction<T> publish) {
    History history = local ? null : all.history(name);
    if (history != null) {
      return history.emit(name, target, emission, data, publish);
    }
    int sockets = all.local().deliver(name, target, emission, data);
    return new History.Emitted<>(sockets, publish.apply(0));
  }

  /**
   * Emits and waits until other hosts have told whom they reached.
   *
   * @return this host and its sockets included
   */
  Backplane.Receipt emitAndConfirm(Duration timeout, String event, @Nullable Object... arguments) {
    EventData data = encode(event, arguments);
    Backplane others = others();
    History.Emitted<Backplane.Receipts> emitted =
        emit(data, number -> others.broadcastAndAsk(name, target, emission, data, number));
    Backplane.Receipt beyond;
    try {
      beyond = emitted.published().await(timeout);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      beyond = Backplane.Receipt.NOBODY;
    }
    return new Backplane.Receipt(1 + beyond.hosts(), emitted.sockets() + beyond.sockets());
  }

  private EventData encode(String event, @Nullable Object[] arguments) {
    owner.checkLive();
    return Encoder.data(event, owner.codec(), arguments);
  }

  @Override
  public <T> Replies<T> emitWithAck(Class<T> type, String event, @Nullable Object... arguments) {
    Duration timeout =
        emission.timeout() == null ? all.settings().ackTimeout() : emission.timeout();
    long deadline = System.nanoTime() + timeout.toNanos();
    List<PendingAcks.Pending> asked = new ArrayList<>();
    List<RawArguments> answers = new ArrayList<>();
    int sockets = 0;
    EventData data = encode(event, arguments);
    owner.leases().takeMore();
    try {
      for (LiveNamespace namespace : all.named(name)) {
        List<ServerSocket> chosen = namespace.adapter().select(target);
        sockets += chosen.size();
        PendingAcks.Pending pending = namespace.acks().open(chosen);
        asked.add(pending);
        Message message =
            LocalSockets.message(namespace.name(), pending.id(), emission.compress(), data);
        chosen.forEach(socket -> ask(socket, message, pending));
      }
      Backplane.Asked beyond = others().ask(name, target, emission, data, timeout);
      for (PendingAcks.Pending pending : asked) {
        answers.addAll(pending.await(left(deadline)));
      }
      Backplane.Answers theirs = beyond.await(left(deadline));
      sockets += theirs.asked();
      answers.addAll(theirs.values());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      asked.forEach(PendingAcks.Pending::close);
      owner.leases().give();
    }
    List<T> values = HostsOperator.read(answers, type, owner);
    return new Replies<>(values, Math.max(0, sockets - values.size()));
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  static void ask(ServerSocket socket, Message message, PendingAcks.Pending pending) {
    socket.deliver(message, false);
    if (socket.connected()) {
      socket.session().flushSoon();
    } else {
      pending.gone(socket);
    }
  }

  @Override
  public List<RemoteSocket> fetchSockets() {
    List<RemoteSocket> sockets = new ArrayList<>();
    for (LiveNamespace namespace : all.named(name)) {
      namespace.adapter().select(target).forEach(s -> sockets.add(new SocketView(s, owner)));
    }
    for (SocketSnapshot socket : others().fetch(name, target)) {
      HostBroadcast alone = new HostBroadcast(all, name, owner);
      sockets.add(RemoteView.of(socket, alone.to(socket.id()), owner));
    }
    return sockets;
  }

  @Override
  public void socketsJoin(String... rooms) {
    all.local().join(name, target, List.of(rooms));
    others().join(name, target, List.of(rooms));
  }

  @Override
  public void socketsLeave(String... rooms) {
    all.local().leave(name, target, List.of(rooms));
    others().leave(name, target, List.of(rooms));
  }

  @Override
  public void disconnectSockets(boolean close) {
    // Others first: closing a connection may end the very thread that asks for it.
    others().disconnect(name, target, close);
    all.local().disconnect(name, target, close);
  }
}
