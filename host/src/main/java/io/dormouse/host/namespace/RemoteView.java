package io.dormouse.host.namespace;

import io.dormouse.api.AckTimeout;
import io.dormouse.api.BroadcastOperator;
import io.dormouse.api.Handshake;
import io.dormouse.api.RemoteSocket;
import io.dormouse.api.Replies;
import io.dormouse.api.SocketData;
import io.dormouse.api.SocketOperator;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A socket of another host as one generation of a plugin sees it. Rooms and data are those of the
 * moment when it was fetched.
 *
 * @param operator addresses it alone, wherever it is
 */
record RemoteView(
    SocketSnapshot socket, BroadcastOperator operator, Handshake handshake, SocketData data)
    implements RemoteSocket {

  static RemoteView of(SocketSnapshot socket, BroadcastOperator operator, Owner owner) {
    return new RemoteView(
        socket,
        operator,
        socket.handshake().readBy(owner.codec()),
        JsonSocketData.readOnly(socket.data(), owner.codec()));
  }

  @Override
  public String id() {
    return socket.id();
  }

  @Override
  public Set<String> rooms() {
    return new LinkedHashSet<>(socket.rooms());
  }

  @Override
  public void join(String... rooms) {
    operator.socketsJoin(rooms);
  }

  @Override
  public void leave(String... rooms) {
    operator.socketsLeave(rooms);
  }

  @Override
  public void disconnect(boolean close) {
    operator.disconnectSockets(close);
  }

  @Override
  public void emit(String event, @Nullable Object... arguments) {
    operator.emit(event, arguments);
  }

  @Override
  public <T> T emitWithAck(Class<T> type, String event, @Nullable Object... arguments) {
    Replies<T> replies = operator.emitWithAck(type, event, arguments);
    if (replies.values().isEmpty()) {
      throw new AckTimeout("No ack of '" + event + "' from " + this + " in time");
    }
    return replies.values().getFirst();
  }

  private SocketOperator with(BroadcastOperator changed) {
    return new RemoteView(socket, changed, handshake, data);
  }

  @Override
  public SocketOperator asVolatile() {
    return with(operator.asVolatile());
  }

  @Override
  public SocketOperator compress(boolean compress) {
    return with(operator.compress(compress));
  }

  @Override
  public SocketOperator timeout(Duration timeout) {
    return with(operator.timeout(timeout));
  }

  @Override
  public String toString() {
    return "Socket(" + id().substring(0, Math.min(6, id().length())) + " of another host)";
  }
}
