package io.dormouse.host.namespace;

import io.dormouse.api.AnyHandler;
import io.dormouse.api.Arguments;
import io.dormouse.api.ConnectHandler;
import io.dormouse.api.DisconnectHandler;
import io.dormouse.api.Socket;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one loaded version of a plugin does in one namespace. Immutable; a namespace is given other
 * handlers by replacing the whole.
 */
public record Handlers(
    Owner owner,
    Map<String, Call> events,
    @Nullable AnyHandler any,
    List<ConnectHandler> middleware,
    List<AnyHandler> eventMiddleware,
    @Nullable ConnectHandler connect,
    @Nullable DisconnectHandler disconnecting,
    @Nullable DisconnectHandler disconnect,
    Map<String, ServerSide> serverSide,
    boolean recoverable) {

  /** What a handler without a value returns: its ack is empty, not null. */
  public static final Object NO_VALUE = new Object();

  /** A handler of one event, its arguments still to be read. */
  @FunctionalInterface
  public interface Call {
    /** Returns the ack's value, or {@link #NO_VALUE}. */
    @Nullable Object call(Socket socket, Arguments arguments) throws Exception;
  }

  /** A handler of what another host's plugin says, its arguments still to be read. */
  @FunctionalInterface
  public interface ServerSide {
    /** Returns the value of the answer; null for none. */
    @Nullable Object call(Arguments arguments) throws Exception;
  }

  public Handlers {
    serverSide = Map.copyOf(serverSide);
    events = Map.copyOf(events);
    middleware = List.copyOf(middleware);
    eventMiddleware = List.copyOf(eventMiddleware);
  }
}
