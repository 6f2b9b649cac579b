package io.dormouse.host.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.dormouse.api.State;
import io.dormouse.host.protocol.ValueCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A generation's view of its plugin's {@link StateStore}: values of the generation's classes. */
final class StoredState implements State {
  /** For trees only: a mapper that reads or writes a plugin's type would keep its class. */
  private static final ObjectMapper TREES = new ObjectMapper();

  private final StateStore store;
  private final ValueCodec codec;

  StoredState(StateStore store, ValueCodec codec) {
    this.store = store;
    this.codec = codec;
  }

  @Override
  public <T> @Nullable T get(String key, Class<T> type) {
    return read(store.get(key), type);
  }

  @Override
  public void put(String key, @Nullable Object value) {
    store.put(key, write(value));
  }

  @Override
  public void remove(String key) {
    store.put(key, null);
  }

  @Override
  public boolean compareAndSet(String key, @Nullable Object expected, @Nullable Object next) {
    byte[] wanted = write(expected);
    byte[] written = write(next);
    while (true) {
      byte[] seen = store.get(key);
      if (!Objects.equals(tree(seen), tree(wanted))) {
        return false;
      }
      if (store.replace(key, seen, written)) {
        return true;
      }
    }
  }

  @Override
  public <T> @Nullable T update(String key, Class<T> type, UnaryOperator<@Nullable T> change) {
    while (true) {
      byte[] seen = store.get(key);
      T next = change.apply(read(seen, type));
      if (store.replace(key, seen, write(next))) {
        return next;
      }
    }
  }

  @Override
  public void append(String key, Object element, int keep) {
    if (keep < 1) {
      throw new IllegalArgumentException("keep must be at least 1, was " + keep);
    }
    JsonNode last = tree(write(element));
    while (true) {
      byte[] seen = store.get(key);
      ArrayNode list = elements(key, seen);
      list.add(last);
      while (list.size() > keep) {
        list.remove(0);
      }
      if (store.replace(key, seen, bytes(list))) {
        return;
      }
    }
  }

  private static ArrayNode elements(String key, byte @Nullable [] seen) {
    JsonNode tree = tree(seen);
    if (tree == null) {
      return TREES.createArrayNode();
    }
    if (tree instanceof ArrayNode list) {
      return list;
    }
    throw new IllegalStateException("State '" + key + "' is no list, so nothing can be appended");
  }

  @Override
  public <T> List<T> list(String key, Class<T> type) {
    List<T> list = new ArrayList<>();
    for (JsonNode element : elements(key, store.get(key))) {
      T value = read(bytes(element), type);
      if (value != null) {
        list.add(value);
      }
    }
    return List.copyOf(list);
  }

  @Override
  public Set<String> keys(String prefix) {
    return store.keys(prefix);
  }

  private byte @Nullable [] write(@Nullable Object value) {
    return value == null ? null : codec.write(value);
  }

  private <T> @Nullable T read(byte @Nullable [] json, Class<T> type) {
    return json == null ? null : codec.read(json, type);
  }

  private static @Nullable JsonNode tree(byte @Nullable [] json) {
    try {
      return json == null ? null : TREES.readTree(json);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible); // a codec wrote it
    }
  }

  private static byte[] bytes(JsonNode tree) {
    try {
      return TREES.writeValueAsBytes(tree);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible); // into memory
    }
  }
}
