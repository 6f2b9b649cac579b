package io.dormouse.host.namespace;

import io.dormouse.api.BroadcastOperator;
import io.dormouse.api.Namespace;
import io.dormouse.api.RemoteSocket;
import io.dormouse.api.Replies;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A namespace that emits as the operator does which addresses everyone in it. */
public interface EmittingNamespace extends Namespace {
  /** Addresses everyone. */
  BroadcastOperator everyone();

  @Override
  default BroadcastOperator to(String... rooms) {
    return everyone().to(rooms);
  }

  @Override
  default BroadcastOperator except(String... rooms) {
    return everyone().except(rooms);
  }

  @Override
  default BroadcastOperator local() {
    return everyone().local();
  }

  @Override
  default BroadcastOperator asVolatile() {
    return everyone().asVolatile();
  }

  @Override
  default BroadcastOperator compress(boolean compress) {
    return everyone().compress(compress);
  }

  @Override
  default BroadcastOperator timeout(Duration timeout) {
    return everyone().timeout(timeout);
  }

  @Override
  default void emit(String event, @Nullable Object... arguments) {
    everyone().emit(event, arguments);
  }

  @Override
  default <T> Replies<T> emitWithAck(Class<T> type, String event, @Nullable Object... arguments) {
    return everyone().emitWithAck(type, event, arguments);
  }

  /** The same for {@link #serverSideEmit} and its answers. */
  HostsOperator hosts();

  @Override
  default void serverSideEmit(String event, @Nullable Object... arguments) {
    hosts().emit(event, arguments);
  }

  @Override
  default <T> Replies<T> serverSideEmitWithAck(
      Class<T> type, String event, @Nullable Object... arguments) {
    return hosts().emitWithAck(type, event, arguments);
  }

  @Override
  default Set<String> rooms() {
    return hosts().rooms();
  }

  @Override
  default List<RemoteSocket> fetchSockets() {
    return everyone().fetchSockets();
  }

  @Override
  default void socketsJoin(String... rooms) {
    everyone().socketsJoin(rooms);
  }

  @Override
  default void socketsLeave(String... rooms) {
    everyone().socketsLeave(rooms);
  }

  @Override
  default void disconnectSockets(boolean close) {
    everyone().disconnectSockets(close);
  }
}
