package io.dormouse.host.namespace;

import io.dormouse.api.SocketData;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A socket's data as JSON, which no class of a plugin is needed for. Empty costs nothing. */
final class JsonSocketData implements SocketData {
  private final LiveNamespace namespace;
  private final int limitBytes;
  private @Nullable Map<String, byte[]> values;
  private int bytes;

  JsonSocketData(LiveNamespace namespace, int limitBytes) {
    this.namespace = namespace;
    this.limitBytes = limitBytes;
  }

  @Override
  public void put(String key, @Nullable Object value) {
    if (value == null) {
      remove(key);
      return;
    }
    byte[] json = namespace.codec().write(value);
    synchronized (this) {
      byte[] former = values == null ? null : values.get(key);
      int size = bytes + size(key, json) - (former == null ? 0 : size(key, former));
      if (size > limitBytes) {
        throw new IllegalArgumentException(
            "Data of a socket in '"
                + namespace.name()
                + "' would have "
                + size
                + " bytes with key '"
                + key
                + "'; dormouse.socket.data-limit is "
                + limitBytes);
      }
      if (values == null) {
        values = new TreeMap<>();
      }
      values.put(key, json);
      bytes = size;
    }
  }

  private static int size(String key, byte[] json) {
    return key.length() + json.length;
  }

  @Override
  public <T> @Nullable T get(String key, Class<T> type) {
    byte[] json;
    synchronized (this) {
      json = values == null ? null : values.get(key);
    }
    return json == null ? null : namespace.codec().read(json, type);
  }

  @Override
  public @Nullable String text(String key) {
    return get(key, String.class);
  }

  @Override
  public synchronized void remove(String key) {
    byte[] former = values == null ? null : values.remove(key);
    if (former != null) {
      bytes -= size(key, former);
    }
  }

  @Override
  public synchronized Set<String> keys() {
    return values == null ? Set.of() : Set.copyOf(values.keySet());
  }
}
