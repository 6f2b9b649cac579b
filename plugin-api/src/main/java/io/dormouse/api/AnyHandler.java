package io.dormouse.api;

/**
 * Sees an event of any name.
 *
 * {@snippet class="NamespaceExample" region="any-handler"}
 */
@FunctionalInterface
public interface AnyHandler {
  void handle(Socket socket, String event, Arguments arguments) throws Exception;
}
