package io.dormouse.api;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A plugin's key-value store, which outlives the loaded version. Values are JSON, so records may
 * gain and lose components between versions. All methods may be called from any thread; each is
 * atomic.
 *
 * <p>Hosts that share a Redis share it: what one writes, all read. While Redis cannot be reached,
 * all methods throw {@link IllegalStateException} within seconds, and a plugin goes on without its
 * state or lets its event fail.
 *
 * <p>Meant for what an app must not lose at a deploy, not as a database: limited in size by {@code
 * dormouse.plugins.state-limit}, past which writing throws {@link IllegalStateException} and
 * changes nothing.
 *
 * {@snippet class="StateExample" region="state"}
 */
public interface State {
  /** The value, or null when there is none. */
  <T> @Nullable T get(String key, Class<T> type);

  /** Stores a value; null removes the key. */
  void put(String key, @Nullable Object value);

  void remove(String key);

  /**
   * Stores {@code next} when the present value equals {@code expected} as JSON.
   *
   * @param expected null when there must be no value
   * @return whether it was stored
   */
  boolean compareAndSet(String key, @Nullable Object expected, @Nullable Object next);

  /**
   * Changes a value: reads, applies, compares and sets, again while somebody else was quicker.
   *
   * @param change gets null when there is no value; may be called more than once
   * @return what was stored
   */
  <T> @Nullable T update(String key, Class<T> type, UnaryOperator<@Nullable T> change);

  /** Appends to the list under a key and drops its oldest elements past {@code keep}. */
  void append(String key, Object element, int keep);

  /** The list under a key, oldest first; empty when there is none. A copy. */
  <T> List<T> list(String key, Class<T> type);

  /** The keys that begin with a prefix. A copy. */
  Set<String> keys(String prefix);
}
