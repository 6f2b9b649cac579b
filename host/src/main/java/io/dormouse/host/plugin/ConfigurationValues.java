package io.dormouse.host.plugin;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Single values of a configuration: what a text means as a type, and what nothing means. */
final class ConfigurationValues {
  private static final Pattern SHORT_DURATION = Pattern.compile("(\\d+)(ns|ms|s|m|h|d)");

  private static final Map<Class<?>, Function<String, Object>> PARSERS =
      Map.ofEntries(
          Map.entry(String.class, text -> text),
          Map.entry(Object.class, text -> text),
          Map.entry(int.class, Integer::valueOf),
          Map.entry(Integer.class, Integer::valueOf),
          Map.entry(long.class, Long::valueOf),
          Map.entry(Long.class, Long::valueOf),
          Map.entry(double.class, Double::valueOf),
          Map.entry(Double.class, Double::valueOf),
          Map.entry(boolean.class, ConfigurationValues::flag),
          Map.entry(Boolean.class, ConfigurationValues::flag),
          Map.entry(Duration.class, ConfigurationValues::duration),
          Map.entry(URI.class, URI::create),
          Map.entry(Path.class, Path::of));

  private ConfigurationValues() {}

  /**
   * @throws IllegalArgumentException when the text is none of that type
   * @throws java.time.DateTimeException the same, for a duration
   */
  static Object of(String text, Class<?> type) {
    Function<String, Object> parser = PARSERS.get(type);
    if (parser != null) {
      return parser.apply(text);
    }
    String name = text.replace('-', '_').toUpperCase(Locale.ROOT);
    if (type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(name)) {
          return constant;
        }
      }
    }
    throw new IllegalArgumentException(text);
  }

  /** Whether a text can be read as this type. */
  static boolean isKnown(Class<?> type) {
    return type.isEnum() || PARSERS.containsKey(type);
  }

  /** What a component gets whose key is not there. */
  static @Nullable Object absent(Class<?> type) {
    if (type == List.class) {
      return List.of();
    }
    if (type == Map.class) {
      return Map.of();
    }
    if (type == boolean.class) {
      return false;
    }
    if (type == double.class) {
      return 0.0;
    }
    if (type == long.class) {
      return 0L;
    }
    return type == int.class ? 0 : null;
  }

  /** What a value of the type must be, for a message. */
  static String must(Class<?> type) {
    if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
      return "must be a whole number";
    }
    if (type == double.class || type == Double.class) {
      return "must be a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "must be true or false";
    }
    if (type == Duration.class) {
      return "must be a duration such as 5s or PT5S";
    }
    if (type.isEnum()) {
      return "must be one of "
          + Arrays.stream(type.getEnumConstants())
              .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
              .map(name -> name.replace('_', '-'))
              .collect(Collectors.joining(", "));
    }
    if (type.isRecord() || type == Map.class) {
      return "must be a group of keys";
    }
    return PARSERS.containsKey(type)
        ? "must be a single value"
        : "cannot be given: " + type.getSimpleName() + " is no type of configuration";
  }

  private static Object flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static Duration duration(String text) {
    if (text.equalsIgnoreCase("never")) {
      return Duration.ofDays(36_500);
    }
    Matcher matcher = SHORT_DURATION.matcher(text);
    if (!matcher.matches()) {
      return Duration.parse(text);
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ns" -> Duration.ofNanos(amount);
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
