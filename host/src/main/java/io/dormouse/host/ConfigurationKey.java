package io.dormouse.host;

import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;
import io.micronaut.core.type.Argument;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A key of the host's configuration.
 *
 * @param name such as {@code dormouse.server.port}
 * @param component of the record that it is bound to
 */
record ConfigurationKey(String name, Argument<?> component) {
  /** Longer than any host runs, and yet countable in nanoseconds. */
  private static final Duration NEVER = Duration.ofDays(36_500);

  private static final Pattern DURATION = Pattern.compile("(\\d{1,18})(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,18})(B|KB|MB|GB|)");

  /** A value that is no value of this key; the message says what would be. */
  static final class Misfit extends Exception {
    Misfit(String allowed) {
      super(allowed);
    }
  }

  /** As it is written in a file; null when the key has none. */
  @Nullable String defaultValue() {
    return component
        .getAnnotationMetadata()
        .stringValue(Bindable.class, "defaultValue")
        .orElse(null);
  }

  /** Whether its value is not to be shown: a URL may have a password in it. */
  boolean isSecret() {
    return name.endsWith("password") || name.endsWith("secret") || name.endsWith(".url");
  }

  /** The environment variable that sets it. */
  String variable() {
    return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /**
   * @param value text, or what a YAML file can hold
   */
  Object parse(Object value) throws Misfit {
    Class<?> type = component.getType();
    if (type == List.class) {
      return list(value);
    }
    if (value instanceof Iterable<?>) {
      throw new Misfit("one value, not a list");
    }
    String text = value.toString().strip();
    if (component.getAnnotationMetadata().hasAnnotation(ReadableBytes.class)) {
      long bytes = size(text);
      return type == int.class ? (Object) inRange(bytes) : (Object) bytes;
    }
    if (type == int.class) {
      return inRange(wholeNumber(text));
    }
    if (type == long.class) {
      return wholeNumber(text);
    }
    if (type == boolean.class) {
      return bool(text);
    }
    if (type == Duration.class) {
      return duration(text);
    }
    if (type == Path.class) {
      return Path.of(text);
    }
    return type.isEnum() ? constant(type, text) : text;
  }

  private static List<String> list(Object value) {
    Stream<String> elements =
        value instanceof List<?> list
            ? list.stream().map(String::valueOf)
            : Arrays.stream(value.toString().split(","));
    return elements.map(String::strip).filter(element -> !element.isEmpty()).toList();
  }

  private static long wholeNumber(String text) throws Misfit {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw new Misfit("a whole number");
    }
  }

  private static int inRange(long number) throws Misfit {
    if (number != (int) number) {
      throw new Misfit("at most " + Integer.MAX_VALUE);
    }
    return (int) number;
  }

  private static boolean bool(String text) throws Misfit {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new Misfit("true or false");
    };
  }

  static Duration duration(String text) throws Misfit {
    if (text.equalsIgnoreCase("never")) {
      return NEVER;
    }
    Matcher matcher = DURATION.matcher(text);
    try {
      if (!matcher.matches()) {
        return Duration.parse(text);
      }
      long amount = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        case "h" -> Duration.ofHours(amount);
        default -> Duration.ofDays(amount);
      };
    } catch (DateTimeParseException | ArithmeticException _) {
      throw new Misfit("a duration such as 500ms, 25s, 2m or 1h");
    }
  }

  private static long size(String text) throws Misfit {
    Matcher matcher = SIZE.matcher(text.toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new Misfit("a size such as 65536, 64KB or 1MB");
    }
    int shift =
        switch (matcher.group(2)) {
          case "KB" -> 10;
          case "MB" -> 20;
          case "GB" -> 30;
          default -> 0;
        };
    long amount = Long.parseLong(matcher.group(1));
    if (amount > Long.MAX_VALUE >> shift) {
      throw new Misfit("a size below 8 EB");
    }
    return amount << shift;
  }

  private static Object constant(Class<?> type, String text) throws Misfit {
    for (Object constant : type.getEnumConstants()) {
      if (constant.toString().equalsIgnoreCase(text)) {
        return constant;
      }
    }
    throw new Misfit(
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", ", "one of ", "")));
  }
}
