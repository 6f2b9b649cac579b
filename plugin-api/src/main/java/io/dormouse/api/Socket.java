package io.dormouse.api;

/**
 * One client's membership in one namespace. All methods may be called from any thread.
 *
 * <p>A plugin may keep a socket for as long as it is connected, but what must outlive the loaded
 * version of the plugin belongs into {@link #data} or {@link PluginContext#state}.
 *
 * {@snippet class="SocketExample" region="socket"}
 */
public interface Socket extends RemoteSocket {
  /** The namespace that it is in; the child where handlers were registered for a pattern. */
  Namespace namespace();

  /** How its client is connected now. */
  Transport transport();

  /** False from the first {@link DisconnectHandler} on. */
  boolean connected();

  /**
   * Whether its client came back after a short break and was given its id, its rooms, its data and
   * what it missed; see {@link Namespace#recoverable}.
   */
  boolean recovered();

  /** Everyone in these rooms but this socket. */
  BroadcastOperator to(String... rooms);

  /** Everyone but this socket and those in these rooms. */
  BroadcastOperator except(String... rooms);

  /** Everyone in the namespace but this socket. */
  BroadcastOperator broadcast();

  /** {@link #disconnect(boolean) disconnect(false)}. */
  void disconnect();
}
