package io.dormouse.api;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses sockets of one namespace and emits to them.
 *
 * <p>Immutable: {@code to}, {@code except}, {@code local}, {@code asVolatile}, {@code compress} and
 * {@code timeout} return a new operator, so one can be kept and reused from any thread. Without
 * {@link #to} it addresses everyone. Emitting never waits for a client: a packet is encoded once
 * and put into each socket's bounded queue; a client that reads too slowly is disconnected and
 * disturbs nobody else. Packets reach one socket in the order in which one thread emitted them.
 *
 * <p>What can be emitted: null, text, numbers, booleans, records, maps with text keys, lists,
 * arrays, enums, {@link Payload}, and {@code byte[]} or {@link java.nio.ByteBuffer} anywhere
 * inside, which travel as binary attachments.
 *
 * {@snippet class="BroadcastExample" region="broadcast"}
 */
public interface BroadcastOperator {
  /** Adds rooms: a socket in any of them is addressed, once. A socket's id is a room of its own. */
  BroadcastOperator to(String... rooms);

  /** Leaves out sockets that are in any of these rooms. */
  BroadcastOperator except(String... rooms);

  /** Only sockets of this host. */
  BroadcastOperator local();

  /**
   * Socket.IO's {@code volatile} flag, a word that Java reserves: the packet may be dropped for a
   * socket whose client is slow to read, such as one position in a game of many.
   */
  BroadcastOperator asVolatile();

  /** Whether a large packet may be compressed on transports that can. On when not called. */
  BroadcastOperator compress(boolean compress);

  /** How long {@link #emitWithAck} waits; {@code dormouse.socket.ack-timeout} when not called. */
  BroadcastOperator timeout(Duration timeout);

  /** Emits an event to all chosen sockets and returns at once. */
  void emit(String event, @Nullable Object... arguments);

  /**
   * Emits an event and blocks until every chosen socket has answered or the timeout has passed. Who
   * did not answer in time or left is only counted in {@link Replies#missing}; that is no error.
   *
   * @param type what the first argument of each answer is read as; {@link Arguments} for all
   */
  <T> Replies<T> emitWithAck(Class<T> type, String event, @Nullable Object... arguments);

  /** The chosen sockets as they are now. */
  List<RemoteSocket> fetchSockets();

  /** Puts the chosen sockets into rooms. */
  void socketsJoin(String... rooms);

  /** Takes the chosen sockets out of rooms. */
  void socketsLeave(String... rooms);

  /**
   * Disconnects the chosen sockets from this namespace.
   *
   * @param close whether to close their connections too, and so leave all their namespaces
   */
  void disconnectSockets(boolean close);
}
