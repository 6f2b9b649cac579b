package io.dormouse.api;

/**
 * Hears that a socket leaves. What is emitted to that socket is dropped.
 *
 * {@snippet class="NamespaceExample" region="disconnect-handler"}
 */
@FunctionalInterface
public interface DisconnectHandler {
  void handle(Socket socket, DisconnectReason reason) throws Exception;
}
