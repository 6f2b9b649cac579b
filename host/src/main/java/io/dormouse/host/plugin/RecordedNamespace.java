package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_BAD_HANDLER;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_DUPLICATE_HANDLER;

import io.dormouse.api.AckHandler;
import io.dormouse.api.AnyHandler;
import io.dormouse.api.Arguments;
import io.dormouse.api.BroadcastOperator;
import io.dormouse.api.ConnectHandler;
import io.dormouse.api.DisconnectHandler;
import io.dormouse.api.EventHandler;
import io.dormouse.api.Namespace;
import io.dormouse.api.RemoteSocket;
import io.dormouse.api.Replies;
import io.dormouse.host.namespace.Handlers;
import io.dormouse.host.namespace.Owner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A namespace that a plugin has asked for: takes handlers while the plugin starts, emits for as
 * long as it lives.
 */
final class RecordedNamespace implements Namespace {
  /** Node's reserved names: a client never sends them, so a handler would never be called. */
  private static final Map<String, String> RESERVED =
      Map.of(
          "connect", "onConnect",
          "connect_error", "onConnect",
          "disconnect", "onDisconnect",
          "disconnecting", "onDisconnecting",
          "newListener", "another name",
          "removeListener", "another name");

  private final String name;
  private final RecordingContext context;
  private final BroadcastOperator everyone;
  private final Owner owner;
  private final Map<String, Handlers.Call> events = new HashMap<>();
  private final List<ConnectHandler> middleware = new ArrayList<>();
  private final List<AnyHandler> eventMiddleware = new ArrayList<>();
  private @Nullable AnyHandler any;
  private @Nullable ConnectHandler connect;
  private @Nullable DisconnectHandler disconnecting;
  private @Nullable DisconnectHandler disconnect;

  RecordedNamespace(
      String name, RecordingContext context, BroadcastOperator everyone, Owner owner) {
    this.name = name;
    this.context = context;
    this.everyone = everyone;
    this.owner = owner;
  }

  synchronized Handlers recorded() {
    return new Handlers(
        owner, events, any, middleware, eventMiddleware, connect, disconnecting, disconnect);
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
          handler.handle(socket, first(arguments, type));
          return Handlers.NO_VALUE;
        });
  }

  @Override
  public <T> Namespace onWithAck(String event, Class<T> type, AckHandler<T> handler) {
    return call(event, (socket, arguments) -> handler.handle(socket, first(arguments, type)));
  }

  private static <T> T first(Arguments arguments, Class<T> type) {
    return type == Arguments.class ? type.cast(arguments) : arguments.get(0, type);
  }

  synchronized Namespace call(String event, Handlers.Call call) {
    context.checkOpen("a handler");
    String instead = RESERVED.get(event);
    if (instead != null) {
      throw new PluginRefused(
          PLUGIN_BAD_HANDLER,
          "event '%s' of namespace '%s' is reserved by Socket.IO and never comes; use %s"
              .formatted(event, name, instead));
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
  public Namespace handlers(Object handlers) {
    context.checkOpen("handlers");
    AnnotatedHandlers.bind(handlers, this, owner.codec());
    return this;
  }

  @Override
  public BroadcastOperator to(String... rooms) {
    return everyone.to(rooms);
  }

  @Override
  public BroadcastOperator except(String... rooms) {
    return everyone.except(rooms);
  }

  @Override
  public BroadcastOperator local() {
    return everyone.local();
  }

  @Override
  public BroadcastOperator asVolatile() {
    return everyone.asVolatile();
  }

  @Override
  public BroadcastOperator compress(boolean compress) {
    return everyone.compress(compress);
  }

  @Override
  public BroadcastOperator timeout(Duration timeout) {
    return everyone.timeout(timeout);
  }

  @Override
  public void emit(String event, @Nullable Object... arguments) {
    everyone.emit(event, arguments);
  }

  @Override
  public <T> Replies<T> emitWithAck(Class<T> type, String event, @Nullable Object... arguments) {
    return everyone.emitWithAck(type, event, arguments);
  }

  @Override
  public List<RemoteSocket> fetchSockets() {
    return everyone.fetchSockets();
  }

  @Override
  public void socketsJoin(String... rooms) {
    everyone.socketsJoin(rooms);
  }

  @Override
  public void socketsLeave(String... rooms) {
    everyone.socketsLeave(rooms);
  }

  @Override
  public void disconnectSockets(boolean close) {
    everyone.disconnectSockets(close);
  }
}
