package io.dormouse.host.plugin;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One plugin's state, as JSON bytes; outlives its generations. Knows no class of a plugin. Each
 * method is atomic and may be called from any thread; the arrays that go in and come out are never
 * changed.
 *
 * <p>A store that other hosts share throws {@link StateUnreachable} from each of them while it
 * cannot be reached.
 */
public interface StateStore {
  byte @Nullable [] get(String key);

  /**
   * @param value null to remove
   * @throws IllegalStateException past the limit
   */
  void put(String key, byte @Nullable [] value);

  /** Puts a value when the present one is still what {@link #get} returned. */
  boolean replace(String key, byte @Nullable [] seen, byte @Nullable [] next);

  /** The keys that begin with a prefix. A copy. */
  Set<String> keys(String prefix);

  /** Forgets all values: the plugin was removed. */
  void clear();

  /** Remembers all values. One at a time. */
  Snapshot snapshot();

  /** The values as they were. */
  interface Snapshot extends AutoCloseable {
    /** Brings back what was changed through this store since; what another host changed stays. */
    void restore();

    /** Forgets them. */
    @Override
    void close();
  }

  /** What to throw when a plugin's values would pass their limit. */
  static IllegalStateException full(String pluginId, long next, String key, long limitBytes) {
    return new IllegalStateException(
        ("State of plugin '%s' is full: it would have %,d bytes with key '%s',"
                + " dormouse.plugins.state-limit allows %,d")
            .formatted(pluginId, next, Failure.oneLine(key), limitBytes));
  }
}
