package io.dormouse.host.namespace;

import io.dormouse.host.engine.Message;
import java.util.List;
import java.util.Set;

/**
 * Rooms and broadcasts of one namespace.
 *
 * <ul>
 *   <li>What one thread broadcasts reaches each socket in that order.
 *   <li>No method waits for a client. A socket that joins or leaves a room meanwhile may be met or
 *       missed.
 * </ul>
 */
interface Adapter {
  /** Adds a socket, with its id as its own room. */
  void add(ServerSocket socket);

  /** Takes a socket out of all rooms. */
  void remove(ServerSocket socket);

  void join(ServerSocket socket, String... rooms);

  void leave(ServerSocket socket, String... rooms);

  /** The rooms of a socket, its own among them. A copy. */
  Set<String> rooms(ServerSocket socket);

  boolean isEmpty();

  /** Whether anybody is in a room; a socket's id is a room of its own. */
  boolean hasMember(String room);

  /** How many rooms somebody is in, a socket's own not counted. */
  int roomCount();

  /** Sends to each chosen socket once; how many there were. */
  int broadcast(Message message, Target target, boolean isVolatile);

  /** The chosen sockets of this host, each once. */
  List<ServerSocket> select(Target target);
}
