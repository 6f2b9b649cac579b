package io.dormouse.api;

import java.util.Set;

/**
 * A socket found by {@link BroadcastOperator#fetchSockets}, on whichever host it is.
 *
 * {@snippet class="BroadcastExample" region="remote-socket"}
 */
public interface RemoteSocket extends SocketOperator {
  /** Its id, new for each connection to a namespace; also the name of a room that only it is in. */
  String id();

  /** What the client said when it connected. */
  Handshake handshake();

  /** The rooms that it is in, its own among them. A copy. */
  Set<String> rooms();

  /** What plugins remember of it. */
  SocketData data();

  /** Puts it into rooms. Has no effect once it is gone. */
  void join(String... rooms);

  /** Takes it out of rooms. */
  void leave(String... rooms);

  /**
   * Disconnects it from this namespace; its client does not reconnect by itself.
   *
   * @param close whether to close the connection too, and so leave all its namespaces
   */
  void disconnect(boolean close);
}
