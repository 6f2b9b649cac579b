package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_BAD_HANDLER;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_DUPLICATE_HANDLER;

import io.dormouse.api.AckHandler;
import io.dormouse.api.AnyHandler;
import io.dormouse.api.BroadcastOperator;
import io.dormouse.api.ConnectHandler;
import io.dormouse.api.DisconnectHandler;
import io.dormouse.api.EventHandler;
import io.dormouse.api.Namespace;
import io.dormouse.api.ServerSideHandler;
import io.dormouse.host.namespace.EmittingNamespace;
import io.dormouse.host.namespace.Handlers;
import io.dormouse.host.namespace.HostsOperator;
import io.dormouse.host.namespace.Owner;
import io.dormouse.host.protocol.ReservedEvents;
import io.dormouse.host.protocol.ValueCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A namespace that a plugin has asked for: takes handlers while the plugin starts, emits for as
 * long as it lives.
 */
final class RecordedNamespace implements EmittingNamespace {
  /** What to use in the place of events that a client never sends. */
  private static final Map<String, String> INSTEAD =
      Map.of(
          "connect", "onConnect",
          "connect_error", "onConnect",
          "disconnect", "onDisconnect",
          "disconnecting", "onDisconnecting");

  private final String name;
  private final RecordingContext context;
  private final BroadcastOperator everyone;
  private final Owner owner;
  private final Map<String, Handlers.Call> events = new HashMap<>();
  private final List<ConnectHandler> middleware = new ArrayList<>();
  private final List<AnyHandler> eventMiddleware = new ArrayList<>();
  private final Map<String, Handlers.ServerSide> serverSide = new HashMap<>();
  private final HostsOperator hosts;
  private boolean recoverable;
  private @Nullable AnyHandler any;
  private @Nullable ConnectHandler connect;
  private @Nullable DisconnectHandler disconnecting;
  private @Nullable DisconnectHandler disconnect;

  RecordedNamespace(
      String name,
      RecordingContext context,
      BroadcastOperator everyone,
      HostsOperator hosts,
      Owner owner) {
    this.name = name;
    this.context = context;
    this.everyone = everyone;
    this.hosts = hosts;
    this.owner = owner;
  }

  synchronized Handlers recorded() {
    return new Handlers(
        owner,
        events,
        any,
        middleware,
        eventMiddleware,
        connect,
        disconnecting,
        disconnect,
        serverSide,
        recoverable);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public <T> Namespace on(String event, Class<T> type, EventHandler<T> handler) {
    return call(
        event,
        (socket, arguments) -> {
          handler.handle(socket, ValueCodec.first(arguments, type));
          return Handlers.NO_VALUE;
        });
  }

  @Override
  public <T> Namespace onWithAck(String event, Class<T> type, AckHandler<T> handler) {
    return call(
        event, (socket, arguments) -> handler.handle(socket, ValueCodec.first(arguments, type)));
  }

  synchronized Namespace call(String event, Handlers.Call call) {
    context.checkOpen("a handler");
    if (ReservedEvents.contains(event)) {
      throw new PluginRefused(
          PLUGIN_BAD_HANDLER,
          "event '%s' of namespace '%s' is reserved by Socket.IO and never comes; use %s"
              .formatted(event, name, INSTEAD.getOrDefault(event, "another name")));
    }
    if (events.putIfAbsent(event, call) != null) {
      throw duplicate("event '" + Failure.oneLine(event) + "'");
    }
    return this;
  }

  private PluginRefused duplicate(String what) {
    return new PluginRefused(
        PLUGIN_DUPLICATE_HANDLER,
        what + " of namespace '" + name + "' has a handler already; remove one of the two");
  }

  private <T> T only(String what, @Nullable T present, T handler) {
    context.checkOpen("a handler");
    if (present != null) {
      throw duplicate(what);
    }
    return handler;
  }

  @Override
  public synchronized Namespace onAny(AnyHandler handler) {
    any = only("onAny", any, handler);
    return this;
  }

  @Override
  public synchronized Namespace onConnect(ConnectHandler handler) {
    connect = only("onConnect", connect, handler);
    return this;
  }

  @Override
  public synchronized Namespace onDisconnecting(DisconnectHandler handler) {
    disconnecting = only("onDisconnecting", disconnecting, handler);
    return this;
  }

  @Override
  public synchronized Namespace onDisconnect(DisconnectHandler handler) {
    disconnect = only("onDisconnect", disconnect, handler);
    return this;
  }

  @Override
  public synchronized Namespace use(ConnectHandler handler) {
    context.checkOpen("a middleware");
    middleware.add(handler);
    return this;
  }

  @Override
  public synchronized Namespace useEvents(AnyHandler handler) {
    context.checkOpen("a middleware");
    eventMiddleware.add(handler);
    return this;
  }

  @Override
  public synchronized Namespace recoverable() {
    context.checkOpen("recovery");
    recoverable = true;
    return this;
  }

  @Override
  public Namespace handlers(Object handlers) {
    context.checkOpen("handlers");
    AnnotatedHandlers.bind(handlers, this, owner.codec());
    return this;
  }

  @Override
  public synchronized <T> Namespace onServerSide(
      String event, Class<T> type, ServerSideHandler<T> handler) {
    context.checkOpen("a handler");
    if (ReservedEvents.contains(event)) {
      throw new PluginRefused(
          PLUGIN_BAD_HANDLER,
          "server-side event '%s' of namespace '%s' has a reserved name; use another"
              .formatted(event, name));
    }
    if (serverSide.putIfAbsent(event, all -> handler.handle(ValueCodec.first(all, type))) != null) {
      throw duplicate("server-side event '" + Failure.oneLine(event) + "'");
    }
    return this;
  }

  @Override
  public HostsOperator hosts() {
    return hosts;
  }

  @Override
  public BroadcastOperator everyone() {
    return everyone;
  }
}
