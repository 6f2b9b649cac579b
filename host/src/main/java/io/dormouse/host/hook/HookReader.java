package io.dormouse.host.hook;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one hook of the configuration. */
final class HookReader {
  private static final String PREFIX = "dormouse.hooks.";
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Set<String> KEYS =
      new TreeSet<>(Set.of("url", "types", "secrets", "file", "private", "timeout", "deadline"));

  private static final Duration LEAST = Duration.ofMillis(100);
  private static final Duration LONGEST_CALL = Duration.ofMinutes(1);
  private static final Duration LONGEST_TRY = Duration.ofDays(3);

  private final String name;
  private final Map<String, ?> keys;
  private final Function<Object, @Nullable Duration> durations;
  private final List<String> problems = new ArrayList<>();

  HookReader(String name, Map<String, ?> keys, Function<Object, @Nullable Duration> durations) {
    this.name = name;
    this.keys = keys;
    this.durations = durations;
  }

  /** What was wrong, one sentence each. */
  List<String> problems() {
    return problems;
  }

  /** Null when something is wrong. */
  @Nullable HookSettings read() {
    if (!NAME.matcher(name).matches()) {
      problems.add(
          PREFIX + name + " is no name of a hook: it may have a-z, 0-9 and dashes, 63 at most");
    }
    for (String key : keys.keySet()) {
      if (!KEYS.contains(key)) {
        problems.add(
            "'%s%s.%s' is not a key; there are %s"
                .formatted(PREFIX, name, key, String.join(", ", KEYS)));
      }
    }
    URI url = url();
    TypeFilter types = types();
    Signer signer = signer();
    boolean privateAllowed = flag("private");
    Duration timeout = duration("timeout", Duration.ofSeconds(10), LONGEST_CALL);
    Duration deadline = duration("deadline", Duration.ofMinutes(15), LONGEST_TRY);
    return problems.isEmpty() && url != null && types != null && signer != null
        ? new HookSettings(name, url, types, signer, privateAllowed, timeout, deadline)
        : null;
  }

  private String key(String last) {
    return PREFIX + name + "." + last;
  }

  private @Nullable URI url() {
    Object value = keys.get("url");
    if (value == null) {
      problems.add(key("url") + " is missing, which is called");
      return null;
    }
    try {
      URI url = new URI(value.toString().strip());
      String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
      if (Set.of("http", "https").contains(scheme)
          && url.getHost() != null
          && url.getRawUserInfo() == null
          && url.getRawFragment() == null) {
        return url;
      }
    } catch (URISyntaxException _) {
      // Told below; the exception's message has the whole of it.
    }
    problems.add(
        key("url")
            + " must be an http:// or https:// URL without user and fragment; it is another");
    return null;
  }

  private @Nullable TypeFilter types() {
    List<String> patterns = texts(keys.containsKey("types") ? keys.get("types") : "*");
    if (patterns.isEmpty()) {
      problems.add(key("types") + " must name events, such as plugin.* or *; it is empty");
      return null;
    }
    try {
      return new TypeFilter(patterns);
    } catch (IllegalArgumentException unknown) {
      problems.add(
          "%s '%s' fits no event; there are %s, and forms such as plugin.* and *"
              .formatted(key("types"), unknown.getMessage(), TypeFilter.allTypes()));
      return null;
    }
  }

  private @Nullable Signer signer() {
    Object value = keys.get("secrets");
    Object file = keys.get("file");
    if ((value == null) == (file == null)) {
      problems.add(PREFIX + name + " must have either secrets or a file with them");
      return null;
    }
    String key = key(file == null ? "secrets" : "file");
    List<String> secrets;
    try {
      secrets =
          file == null
              ? texts(value)
              : Files.readAllLines(Path.of(file.toString())).stream()
                  .map(String::strip)
                  .filter(line -> !line.isEmpty())
                  .toList();
    } catch (IOException unreadable) {
      problems.add(
          "%s '%s' cannot be read (%s); it must be text that this user may read"
              .formatted(key, file, unreadable.getClass().getSimpleName()));
      return null;
    }
    if (secrets.isEmpty() || secrets.size() > Signer.MOST_SECRETS) {
      problems.add(
          "%s must have one secret, or two while one replaces the other; there are %d"
              .formatted(key, secrets.size()));
      return null;
    }
    try {
      return new Signer(secrets);
    } catch (IllegalArgumentException _) {
      problems.add(
          "%s must each be %s; echo whsec_$(openssl rand -base64 32) makes one"
              .formatted(key, Signer.FORM));
      return null;
    }
  }

  private boolean flag(String last) {
    Object value = keys.get(last);
    String text = value == null ? "false" : value.toString().strip().toLowerCase(Locale.ROOT);
    if (!text.equals("true") && !text.equals("false")) {
      problems.add("%s '%s' is not true or false".formatted(key(last), value));
    }
    return text.equals("true");
  }

  private Duration duration(String last, Duration usual, Duration most) {
    Object value = keys.get(last);
    if (value == null) {
      return usual;
    }
    Duration duration = durations.apply(value);
    if (duration == null) {
      problems.add(
          "%s '%s' is not a duration such as 500ms, 25s, 2m or 1h".formatted(key(last), value));
      return usual;
    }
    if (duration.compareTo(LEAST) < 0 || duration.compareTo(most) > 0) {
      problems.add(
          "%s must be between %s and %s, was %s".formatted(key(last), LEAST, most, duration));
    }
    return duration;
  }

  private static List<String> texts(@Nullable Object value) {
    Stream<String> texts =
        value instanceof List<?> list
            ? list.stream().map(String::valueOf)
            : Arrays.stream(String.valueOf(value).split(","));
    return texts.map(String::strip).filter(text -> !text.isEmpty()).toList();
  }
}
