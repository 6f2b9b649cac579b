package io.dormouse.api;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What plugins remember of one socket, as JSON that the host owns: the next version of a plugin
 * reads what this one wrote. Changes are seen at once by all threads; a key is changed atomically.
 *
 * <p>Limited in size by {@code dormouse.socket.data-limit}; a {@code put} past it throws {@link
 * IllegalArgumentException} and changes nothing.
 *
 * {@snippet class="SocketExample" region="data"}
 */
public interface SocketData {
  /** Remembers a value of the kinds that can be emitted, without binary; null removes the key. */
  void put(String key, @Nullable Object value);

  /** The value, or null when there is none. */
  <T> @Nullable T get(String key, Class<T> type);

  /** The value as text, or null when there is none. */
  @Nullable String text(String key);

  void remove(String key);

  /** The keys that have a value. A copy. */
  Set<String> keys();
}
