package io.dormouse.api;

import org.jspecify.annotations.Nullable;

/**
 * Handles what the same plugin said on another host by {@link Namespace#serverSideEmit}. The value
 * returned is the answer for {@link Namespace#serverSideEmitWithAck}; null when there is nothing to
 * say.
 *
 * {@snippet class="NamespaceExample" region="server-side"}
 */
@FunctionalInterface
public interface ServerSideHandler<T> {
  @Nullable Object handle(T payload) throws Exception;
}
