package io.dormouse.host.namespace;

/**
 * Told of the sockets of this host as they come and go, on threads that must not be held up: no
 * method may block.
 */
public interface SocketListener {
  /** It has joined; its connect handler has returned. */
  default void connected(SocketStatus socket) {}

  /** It has left; its disconnect handlers have returned. */
  default void disconnected(SocketStatus socket) {}

  /** Its client has moved from polling to WebSocket. */
  default void upgraded(SocketStatus socket) {}
}
