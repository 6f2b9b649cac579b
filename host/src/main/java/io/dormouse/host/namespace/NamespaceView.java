package io.dormouse.host.namespace;

import io.dormouse.api.AckHandler;
import io.dormouse.api.AnyHandler;
import io.dormouse.api.BroadcastOperator;
import io.dormouse.api.ConnectHandler;
import io.dormouse.api.DisconnectHandler;
import io.dormouse.api.EventHandler;
import io.dormouse.api.Namespace;
import io.dormouse.api.RemoteSocket;
import io.dormouse.api.Replies;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The namespace that a socket is in, to emit to; handlers are registered elsewhere. */
record NamespaceView(LiveNamespace namespace) implements Namespace {
  private BroadcastOperator everyone() {
    return HostBroadcast.of(namespace);
  }

  @Override
  public String name() {
    return namespace.name();
  }

  @Override
  public BroadcastOperator to(String... rooms) {
    return everyone().to(rooms);
  }

  @Override
  public BroadcastOperator except(String... rooms) {
    return everyone().except(rooms);
  }

  @Override
  public BroadcastOperator local() {
    return everyone().local();
  }

  @Override
  public BroadcastOperator asVolatile() {
    return everyone().asVolatile();
  }

  @Override
  public BroadcastOperator compress(boolean compress) {
    return everyone().compress(compress);
  }

  @Override
  public BroadcastOperator timeout(Duration timeout) {
    return everyone().timeout(timeout);
  }

  @Override
  public void emit(String event, @Nullable Object... arguments) {
    everyone().emit(event, arguments);
  }

  @Override
  public <T> Replies<T> emitWithAck(Class<T> type, String event, @Nullable Object... arguments) {
    return everyone().emitWithAck(type, event, arguments);
  }

  @Override
  public List<RemoteSocket> fetchSockets() {
    return everyone().fetchSockets();
  }

  @Override
  public void socketsJoin(String... rooms) {
    everyone().socketsJoin(rooms);
  }

  @Override
  public void socketsLeave(String... rooms) {
    everyone().socketsLeave(rooms);
  }

  @Override
  public void disconnectSockets(boolean close) {
    everyone().disconnectSockets(close);
  }

  @Override
  public <T> Namespace on(String event, Class<T> type, EventHandler<T> handler) {
    throw tooLate();
  }

  @Override
  public <T> Namespace onWithAck(String event, Class<T> type, AckHandler<T> handler) {
    throw tooLate();
  }

  @Override
  public Namespace onAny(AnyHandler handler) {
    throw tooLate();
  }

  @Override
  public Namespace onConnect(ConnectHandler handler) {
    throw tooLate();
  }

  @Override
  public Namespace onDisconnecting(DisconnectHandler handler) {
    throw tooLate();
  }

  @Override
  public Namespace onDisconnect(DisconnectHandler handler) {
    throw tooLate();
  }

  @Override
  public Namespace use(ConnectHandler middleware) {
    throw tooLate();
  }

  @Override
  public Namespace useEvents(AnyHandler middleware) {
    throw tooLate();
  }

  @Override
  public Namespace handlers(Object handlers) {
    throw tooLate();
  }

  private IllegalStateException tooLate() {
    return new IllegalStateException(
        "Handlers of '"
            + name()
            + "' cannot be registered through a socket; register them in Plugin.start");
  }
}
