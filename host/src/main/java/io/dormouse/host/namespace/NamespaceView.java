package io.dormouse.host.namespace;

import io.dormouse.api.AckHandler;
import io.dormouse.api.AnyHandler;
import io.dormouse.api.BroadcastOperator;
import io.dormouse.api.ConnectHandler;
import io.dormouse.api.DisconnectHandler;
import io.dormouse.api.EventHandler;
import io.dormouse.api.Namespace;
import io.dormouse.api.ServerSideHandler;

/** The namespace that a socket is in, to emit to; handlers are registered elsewhere. */
record NamespaceView(LiveNamespace namespace, Owner owner) implements EmittingNamespace {
  @Override
  public BroadcastOperator everyone() {
    return HostBroadcast.of(namespace, owner);
  }

  @Override
  public HostsOperator hosts() {
    return new HostsOperator(namespace.all(), namespace.name(), owner);
  }

  @Override
  public String name() {
    return namespace.name();
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

  @Override
  public <T> Namespace onServerSide(String event, Class<T> type, ServerSideHandler<T> handler) {
    throw tooLate();
  }

  @Override
  public Namespace recoverable() {
    throw tooLate();
  }

  private IllegalStateException tooLate() {
    return new IllegalStateException(
        "Handlers of '"
            + name()
            + "' cannot be registered through a socket; register them in Plugin.start");
  }
}
