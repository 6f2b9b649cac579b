package io.dormouse.host.plugin;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One plugin's state in the memory of this host. */
final class MemoryState implements StateStore {
  private final String pluginId;
  private final long limitBytes;
  private final Map<String, byte[]> values = new HashMap<>();
  private long bytes;

  MemoryState(String pluginId, long limitBytes) {
    this.pluginId = pluginId;
    this.limitBytes = limitBytes;
  }

  @Override
  public synchronized byte @Nullable [] get(String key) {
    return values.get(key);
  }

  @Override
  public synchronized void put(String key, byte @Nullable [] value) {
    long next = bytes - size(key, values.get(key)) + size(key, value);
    if (value != null && next > limitBytes) {
      throw StateStore.full(pluginId, next, key, limitBytes);
    }
    bytes = next;
    if (value == null) {
      values.remove(key);
    } else {
      values.put(key, value);
    }
  }

  @Override
  public synchronized boolean replace(String key, byte @Nullable [] seen, byte @Nullable [] next) {
    if (!Arrays.equals(values.get(key), seen)) {
      return false;
    }
    put(key, next);
    return true;
  }

  @Override
  public synchronized void clear() {
    values.clear();
    bytes = 0;
  }

  @Override
  public synchronized Snapshot snapshot() {
    Map<String, byte[]> copy = Map.copyOf(values);
    long size = bytes;
    return new Snapshot() {
      @Override
      public void restore() {
        MemoryState.this.restore(copy, size);
      }

      @Override
      public void close() {
        // Nothing but memory.
      }
    };
  }

  private synchronized void restore(Map<String, byte[]> copy, long size) {
    values.clear();
    values.putAll(copy);
    bytes = size;
  }

  @Override
  public synchronized Set<String> keys(String prefix) {
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
