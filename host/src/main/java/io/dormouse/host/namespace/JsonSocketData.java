package io.dormouse.host.namespace;

import io.dormouse.api.SocketData;
import io.dormouse.host.protocol.ValueCodec;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A socket's data as JSON, which no class of a plugin is needed for. Empty costs nothing. */
final class JsonSocketData {
  private final String namespace;
  private final int limitBytes;
  private final Runnable changed;
  private @Nullable Map<String, byte[]> values;
  private int bytes;

  /**
   * @param changed called when it is another one than before
   */
  JsonSocketData(String namespace, int limitBytes, Runnable changed) {
    this.namespace = namespace;
    this.limitBytes = limitBytes;
    this.changed = changed;
  }

  /** Makes it what a JSON object says. */
  synchronized void become(byte[] json) {
    Map<String, byte[]> fields = ValueCodec.fields(json);
    values = fields.isEmpty() ? null : new TreeMap<>(fields);
    bytes = 0;
    fields.forEach((key, value) -> bytes += size(key, value));
  }

  /** The same for a generation of a plugin, which reads and writes values of its classes. */
  SocketData of(ValueCodec codec) {
    return new View(this, codec);
  }

  /** What another host told of one of its sockets. */
  static SocketData readOnly(byte[] json, ValueCodec codec) {
    JsonSocketData copy = new JsonSocketData("", 0, () -> {});
    copy.become(json);
    return new Copy(new View(copy, codec));
  }

  private record Copy(View view) implements SocketData {
    @Override
    public void put(String key, @Nullable Object value) {
      throw new UnsupportedOperationException(
          "Data of a socket of another host can be read only; change it where the socket is, in a"
              + " handler of Namespace.onServerSide");
    }

    @Override
    public <T> @Nullable T get(String key, Class<T> type) {
      return view.get(key, type);
    }

    @Override
    public @Nullable String text(String key) {
      return view.text(key);
    }

    @Override
    public void remove(String key) {
      put(key, null);
    }

    @Override
    public Set<String> keys() {
      return view.keys();
    }
  }

  /** All of it as one JSON object. */
  synchronized byte[] json() {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    json.write('{');
    if (values != null) {
      values.forEach(
          (key, value) -> {
            if (json.size() > 1) {
              json.write(',');
            }
            json.writeBytes(ValueCodec.HOST.write(key));
            json.write(':');
            json.writeBytes(value);
          });
    }
    json.write('}');
    return json.toByteArray();
  }

  private record View(JsonSocketData data, ValueCodec codec) implements SocketData {
    @Override
    public void put(String key, @Nullable Object value) {
      data.put(key, value == null ? null : codec.write(value));
      data.changed.run();
    }

    @Override
    public <T> @Nullable T get(String key, Class<T> type) {
      byte[] json = data.get(key);
      return json == null ? null : codec.read(json, type);
    }

    @Override
    public @Nullable String text(String key) {
      return get(key, String.class);
    }

    @Override
    public void remove(String key) {
      data.put(key, null);
      data.changed.run();
    }

    @Override
    public Set<String> keys() {
      return data.keys();
    }
  }

  private synchronized void put(String key, byte @Nullable [] json) {
    int size = bytes + size(key, json) - size(key, get(key));
    if (json != null && size > limitBytes) {
      throw new IllegalArgumentException(
          "Data of a socket in '%s' would have %d bytes with key '%s'; dormouse.socket.data-limit is %d"
              .formatted(namespace, size, key, limitBytes));
    }
    if (json != null) {
      values = values == null ? new TreeMap<>() : values;
      values.put(key, json);
    } else if (values != null) {
      values.remove(key);
    }
    bytes = size;
  }

  private static int size(String key, byte @Nullable [] json) {
    return json == null ? 0 : key.length() + json.length;
  }

  private synchronized byte @Nullable [] get(String key) {
    return values == null ? null : values.get(key);
  }

  private synchronized Set<String> keys() {
    return values == null ? Set.of() : Set.copyOf(values.keySet());
  }

  /** What brings the present values back. */
  synchronized Runnable snapshot() {
    Map<String, byte[]> copy = values == null ? null : new TreeMap<>(values);
    int size = bytes;
    return () -> restore(copy, size);
  }

  private synchronized void restore(@Nullable Map<String, byte[]> copy, int size) {
    values = copy;
    bytes = size;
  }
}
