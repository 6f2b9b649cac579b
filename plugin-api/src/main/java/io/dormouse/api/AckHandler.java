package io.dormouse.api;

import org.jspecify.annotations.Nullable;

/**
 * Handles an event and returns the ack's value. Returned {@link Arguments} are all of the ack's
 * arguments. A thrown {@link EventError} is the ack's error.
 *
 * {@snippet class="NamespaceExample" region="ack-handler"}
 */
@FunctionalInterface
public interface AckHandler<T> {
  @Nullable Object handle(Socket socket, T payload) throws Exception;
}
