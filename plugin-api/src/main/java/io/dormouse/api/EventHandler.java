package io.dormouse.api;

/**
 * Handles an event. A thrown {@link EventError} is the ack's error.
 *
 * {@snippet class="NamespaceExample" region="handler"}
 */
@FunctionalInterface
public interface EventHandler<T> {
  void handle(Socket socket, T payload) throws Exception;
}
