package io.dormouse.host.namespace;

import io.dormouse.api.AckTimeout;
import io.dormouse.api.SocketOperator;
import io.dormouse.host.engine.Message;
import io.dormouse.host.protocol.EncodedPacket;
import io.dormouse.host.protocol.Encoder;
import io.dormouse.host.protocol.EventData;
import io.dormouse.host.protocol.RawArguments;
import io.dormouse.host.protocol.ValueCodec;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Emits to one socket of this host. */
record HostSocketOperator(ServerSocket socket, Owner owner, Emission emission)
    implements SocketOperator {
  @Override
  public void emit(String event, @Nullable Object... arguments) {
    History history = socket.history();
    if (history == null) {
      deliver(-1, event, arguments);
      return;
    }
    owner.checkLive();
    EventData data = Encoder.data(event, owner.codec(), arguments);
    Backplane others = socket.live().all().backplane();
    history.emit(
        socket,
        emission,
        data,
        number -> {
          // For a client that comes back on another host.
          others.broadcast(socket.name(), Target.EVERYONE.to(socket.id()), emission, data, number);
          return others;
        });
  }

  private void deliver(long ackId, String event, @Nullable Object[] arguments) {
    owner.checkLive();
    EncodedPacket packet = Encoder.event(socket.name(), ackId, event, owner.codec(), arguments);
    socket.deliver(
        Message.of(packet.text(), packet.attachments(), emission.compress()),
        emission.isVolatile());
  }

  @Override
  public <T> T emitWithAck(Class<T> type, String event, @Nullable Object... arguments) {
    LiveNamespace namespace = socket.live();
    Duration timeout =
        emission.timeout() == null ? namespace.all().settings().ackTimeout() : emission.timeout();
    socket.accept();
    owner.leases().takeMore();
    try (PendingAcks.Pending pending = namespace.acks().open(List.of(socket))) {
      if (socket.connected()) {
        deliver(pending.id(), event, arguments);
        socket.session().flush();
      } else {
        pending.gone(socket);
      }
      List<RawArguments> answers = pending.await(timeout);
      if (answers.isEmpty()) {
        throw new AckTimeout("No ack of '" + event + "' from " + socket + " within " + timeout);
      }
      return ValueCodec.first(owner.codec().arguments(answers.getFirst()), type);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AckTimeout("Waiting for the ack of '" + event + "' was interrupted");
    } finally {
      owner.leases().give();
    }
  }

  @Override
  public SocketOperator asVolatile() {
    return new HostSocketOperator(socket, owner, emission.asVolatile());
  }

  @Override
  public SocketOperator compress(boolean compress) {
    return new HostSocketOperator(socket, owner, emission.compress(compress));
  }

  @Override
  public SocketOperator timeout(Duration timeout) {
    return new HostSocketOperator(socket, owner, emission.timeout(timeout));
  }
}
