package io.dormouse.host.plugin;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One plugin's state in memory, as JSON bytes; outlives its generations. Knows no class of a
 * plugin. The arrays that go in and come out are never changed.
 */
final class StateStore {
  private final String pluginId;
  private final long limitBytes;
  private final Map<String, byte[]> values = new HashMap<>();
  private long bytes;

  StateStore(String pluginId, long limitBytes) {
    this.pluginId = pluginId;
    this.limitBytes = limitBytes;
  }

  synchronized byte @Nullable [] get(String key) {
    return values.get(key);
  }

  /**
   * @param value null to remove
   * @throws IllegalStateException past the limit
   */
  synchronized void put(String key, byte @Nullable [] value) {
    long next = bytes - size(key, values.get(key)) + size(key, value);
    if (value != null && next > limitBytes) {
      throw new IllegalStateException(
          ("State of plugin '%s' is full: it would have %,d bytes with key '%s',"
                  + " dormouse.plugins.state-limit allows %,d")
              .formatted(pluginId, next, Failure.oneLine(key), limitBytes));
    }
    bytes = next;
    if (value == null) {
      values.remove(key);
    } else {
      values.put(key, value);
    }
  }

  /** Puts a value when the present one is still what {@link #get} returned. */
  synchronized boolean replace(String key, byte @Nullable [] seen, byte @Nullable [] next) {
    if (!Arrays.equals(values.get(key), seen)) {
      return false;
    }
    put(key, next);
    return true;
  }

  /** Remembers all values; running the answer brings them back. */
  synchronized Runnable snapshot() {
    Map<String, byte[]> copy = Map.copyOf(values);
    long size = bytes;
    return () -> restore(copy, size);
  }

  private synchronized void restore(Map<String, byte[]> copy, long size) {
    values.clear();
    values.putAll(copy);
    bytes = size;
  }

  synchronized Set<String> keys(String prefix) {
    Set<String> keys = new TreeSet<>();
    for (String key : values.keySet()) {
      if (key.startsWith(prefix)) {
        keys.add(key);
      }
    }
    return keys;
  }

  private static long size(String key, byte @Nullable [] value) {
    return value == null ? 0 : key.getBytes(StandardCharsets.UTF_8).length + value.length;
  }
}
