package io.dormouse.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Emits to one socket.
 *
 * <p>Immutable: {@code asVolatile}, {@code compress} and {@code timeout} return a new operator.
 * Emitting to a socket that is gone is no error and reaches nobody.
 *
 * {@snippet class="SocketExample" region="operator"}
 */
public interface SocketOperator {
  /** Emits an event and returns at once. */
  void emit(String event, @Nullable Object... arguments);

  /**
   * Emits an event and blocks until the client has answered.
   *
   * @param type what the first argument of the answer is read as; {@link Arguments} for all
   * @throws AckTimeout when no answer came in time or the client went away
   * @throws EventError with code {@code bad_payload} when the answer does not fit the type
   */
  <T> T emitWithAck(Class<T> type, String event, @Nullable Object... arguments);

  /**
   * Socket.IO's {@code volatile} flag, a word that Java reserves: the packet may be dropped when
   * the client is slow to read.
   */
  SocketOperator asVolatile();

  /** Whether a large packet may be compressed on transports that can. On when not called. */
  SocketOperator compress(boolean compress);

  /** How long {@link #emitWithAck} waits; {@code dormouse.socket.ack-timeout} when not called. */
  SocketOperator timeout(Duration timeout);
}
