package io.dormouse.host.namespace;

import io.dormouse.api.BroadcastOperator;
import io.dormouse.api.Handshake;
import io.dormouse.api.Namespace;
import io.dormouse.api.Socket;
import io.dormouse.api.SocketData;
import io.dormouse.api.SocketOperator;
import io.dormouse.api.Transport;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A socket as one generation of a plugin sees it: values go through that generation's codec, so
 * that the socket itself, which outlives it, never meets its classes. Equal to every other view
 * that the same generation has of the same socket.
 */
record SocketView(ServerSocket socket, Owner owner) implements Socket {
  @Override
  public String id() {
    return socket.id();
  }

  @Override
  public Namespace namespace() {
    return new NamespaceView(socket.live(), owner);
  }

  @Override
  public Handshake handshake() {
    return socket.handshake().readBy(owner.codec());
  }

  @Override
  public Transport transport() {
    return socket.session().transport();
  }

  @Override
  public boolean connected() {
    return socket.connected();
  }

  @Override
  public boolean recovered() {
    return socket.recovered();
  }

  @Override
  public Set<String> rooms() {
    return socket.live().adapter().rooms(socket);
  }

  @Override
  public SocketData data() {
    return socket.data().of(owner.codec());
  }

  @Override
  public void join(String... rooms) {
    socket.live().adapter().join(socket, rooms);
  }

  @Override
  public void leave(String... rooms) {
    socket.live().adapter().leave(socket, rooms);
  }

  @Override
  public void disconnect() {
    socket.disconnect();
  }

  @Override
  public void disconnect(boolean close) {
    if (close) {
      socket.disconnectAll();
    } else {
      socket.disconnect();
    }
  }

  @Override
  public BroadcastOperator to(String... rooms) {
    return broadcast().to(rooms);
  }

  @Override
  public BroadcastOperator except(String... rooms) {
    return broadcast().except(rooms);
  }

  @Override
  public BroadcastOperator broadcast() {
    return HostBroadcast.of(socket.live(), owner).except(socket.id());
  }

  @Override
  public void emit(String event, @Nullable Object... arguments) {
    operator().emit(event, arguments);
  }

  @Override
  public <T> T emitWithAck(Class<T> type, String event, @Nullable Object... arguments) {
    return operator().emitWithAck(type, event, arguments);
  }

  @Override
  public SocketOperator asVolatile() {
    return operator().asVolatile();
  }

  @Override
  public SocketOperator compress(boolean compress) {
    return operator().compress(compress);
  }

  @Override
  public SocketOperator timeout(Duration timeout) {
    return operator().timeout(timeout);
  }

  private SocketOperator operator() {
    return new HostSocketOperator(socket, owner, Emission.PLAIN);
  }

  @Override
  public String toString() {
    return socket.toString();
  }
}
