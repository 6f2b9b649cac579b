package io.dormouse.api;

/**
 * Lets a socket in, or refuses it by throwing {@link ConnectionRefused}.
 *
 * {@snippet class="NamespaceExample" region="connect-handler"}
 */
@FunctionalInterface
public interface ConnectHandler {
  void handle(Socket socket, Handshake handshake) throws Exception;
}
