package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_CONFIG_INVALID;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes a record of a plugin's configuration. Reports all problems at once, by the full name of the
 * key.
 */
final class ConfigurationReader {
  private final List<String> problems = new ArrayList<>();

  private ConfigurationReader() {}

  /**
   * @param values nested maps or dotted keys
   * @throws PluginRefused when a key is unknown or a value does not fit
   */
  static <T extends Record> T read(String pluginId, Map<String, Object> values, Class<T> type) {
    var reader = new ConfigurationReader();
    Object read = reader.makeRecord("dormouse.plugin." + pluginId, nested(values), type);
    if (read == null || !reader.problems.isEmpty()) {
      throw new PluginRefused(PLUGIN_CONFIG_INVALID, String.join("; ", reader.problems));
    }
    return type.cast(read);
  }

  /** Dotted keys become maps in maps. */
  private static Map<String, Object> nested(Map<?, ?> values) {
    Map<String, Object> nested = new TreeMap<>();
    values.forEach(
        (key, value) -> {
          if (value == null) {
            return; // a key without a value is a key left out
          }
          String name = String.valueOf(key);
          int dot = name.indexOf('.');
          if (dot >= 0) {
            merge(nested, name.substring(0, dot), nested(Map.of(name.substring(dot + 1), value)));
          } else {
            merge(nested, name, value instanceof Map<?, ?> map ? nested(map) : value);
          }
        });
    return nested;
  }

  private static void merge(Map<String, Object> into, String key, Object value) {
    if (into.get(key) instanceof Map<?, ?> former && value instanceof Map<?, ?> map) {
      Map<String, Object> both = nested(former);
      nested(map).forEach((name, inner) -> merge(both, name, inner));
      into.put(key, both);
    } else {
      into.put(key, value);
    }
  }

  private @Nullable Object makeRecord(String prefix, Map<String, Object> values, Class<?> type) {
    Map<String, RecordComponent> components = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      components.put(kebab(component.getName()), component);
    }
    for (String key : values.keySet()) {
      if (!components.containsKey(key)) {
        problems.add(
            "key '%s.%s' is unknown; known are %s"
                .formatted(prefix, key, String.join(", ", components.keySet())));
      }
    }
    int before = problems.size();
    List<@Nullable Object> arguments = new ArrayList<>();
    components.forEach(
        (key, component) ->
            arguments.add(value(prefix + "." + key, values.get(key), component.getGenericType())));
    return problems.size() > before ? null : construct(prefix, type, arguments);
  }

  private @Nullable Object construct(
      String prefix, Class<?> type, List<@Nullable Object> arguments) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return MethodHandles.privateLookupIn(type, MethodHandles.lookup())
          .findConstructor(type, MethodType.methodType(void.class, types))
          .invokeWithArguments(arguments);
    } catch (IllegalArgumentException | NullPointerException refused) {
      problems.add(
          "'%s' is not accepted: %s".formatted(prefix, Failure.oneLine(refused.getMessage())));
    } catch (OutOfMemoryError fatal) {
      throw fatal;
    } catch (Throwable thrown) {
      problems.add("'" + prefix + "' is not accepted: " + Failure.text(thrown));
    }
    return null;
  }

  private @Nullable Object value(String key, @Nullable Object value, Type type) {
    Class<?> raw =
        type instanceof ParameterizedType generic
            ? (Class<?>) generic.getRawType()
            : type instanceof Class<?> c ? c : Object.class;
    if (value == null) {
      return ConfigurationValues.absent(raw);
    }
    if (raw.isRecord() && value instanceof Map<?, ?> map) {
      return makeRecord(key, nested(map), raw);
    }
    if (raw == List.class) {
      return list(key, value, argument(type, 0));
    }
    if (raw == Map.class && value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> read = new LinkedHashMap<>();
      nested(map)
          .forEach(
              (name, inner) -> read.put(name, value(key + "." + name, inner, argument(type, 1))));
      return read;
    }
    if (value instanceof Map || value instanceof Collection || raw.isRecord() || raw == Map.class) {
      problems.add("key '%s' %s".formatted(key, ConfigurationValues.must(raw)));
      return ConfigurationValues.absent(raw);
    }
    return scalar(key, value, raw);
  }

  private @Nullable Object scalar(String key, Object value, Class<?> type) {
    try {
      return ConfigurationValues.of(value.toString().strip(), type);
    } catch (IllegalArgumentException | java.time.DateTimeException unfit) {
      String was =
          ConfigurationValues.isKnown(type)
              ? ", was '" + Failure.oneLine(value.toString()) + "'"
              : "";
      problems.add("key '" + key + "' " + ConfigurationValues.must(type) + was);
      return ConfigurationValues.absent(type);
    }
  }

  /** A collection, or its elements in one text with commas between them. */
  private List<@Nullable Object> list(String key, Object value, Type element) {
    Collection<?> elements =
        value instanceof Collection<?> collection
            ? collection
            : Arrays.asList(value.toString().split(",", -1));
    List<@Nullable Object> read = new ArrayList<>();
    int index = 0;
    for (Object inner : elements) {
      read.add(value(key + "[" + index++ + "]", inner, element));
    }
    return read;
  }

  private static Type argument(Type type, int index) {
    return type instanceof ParameterizedType generic
        ? generic.getActualTypeArguments()[index]
        : String.class;
  }

  /** {@code maxLines} is the key {@code max-lines}. */
  private static String kebab(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }
}
