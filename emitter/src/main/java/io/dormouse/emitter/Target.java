package io.dormouse.emitter;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which sockets are meant, and how something is sent to them. Immutable.
 *
 * @param rooms empty for everyone
 * @param timeout null for the usual one
 */
record Target(
    String namespace,
    Set<String> rooms,
    Set<String> except,
    boolean isVolatile,
    boolean compress,
    @Nullable Duration timeout) {
  private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);

  static Target everyone(String namespace) {
    if (namespace == null) {
      throw new IllegalArgumentException("A namespace needs a name, was null.");
    }
    String name = namespace.startsWith("/") ? namespace : "/" + namespace;
    return new Target(name, Set.of(), Set.of(), false, true, null);
  }

  Target to(String... added) {
    return new Target(namespace, union(rooms, added), except, isVolatile, compress, timeout);
  }

  Target except(String... added) {
    return new Target(namespace, rooms, union(except, added), isVolatile, compress, timeout);
  }

  Target asVolatile() {
    return new Target(namespace, rooms, except, true, compress, timeout);
  }

  Target compress(boolean on) {
    return new Target(namespace, rooms, except, isVolatile, on, timeout);
  }

  Target timeout(Duration wait) {
    if (wait.isNegative() || wait.isZero() || wait.compareTo(LONGEST_TIMEOUT) > 0) {
      throw new IllegalArgumentException(
          "A timeout must be positive and at most a day, was " + wait + ".");
    }
    return new Target(namespace, rooms, except, isVolatile, compress, wait);
  }

  private static Set<String> union(Set<String> first, String... second) {
    Set<String> union = new LinkedHashSet<>(first);
    union.addAll(names(second));
    return Collections.unmodifiableSet(union);
  }

  /** Rooms that a caller names. */
  static List<String> names(String... rooms) {
    for (int i = 0; i < rooms.length; i++) {
      if (rooms[i] == null) {
        throw new IllegalArgumentException("Room " + (i + 1) + " of " + rooms.length + " is null.");
      }
    }
    return List.of(rooms);
  }

  Duration timeoutOrUsual() {
    return timeout == null ? USUAL_TIMEOUT : timeout;
  }

  /** With flags, as events have them. */
  ObjectNode options() {
    ObjectNode options = chosen();
    ObjectNode flags = options.putObject("flags");
    if (isVolatile) {
      flags.put("volatile", true);
    }
    if (!compress) {
      flags.put("compress", false);
    }
    if (timeout != null) {
      flags.put("timeout", Math.max(1, timeout.toMillis()));
    }
    return options;
  }

  /** Without flags, as requests have them. */
  ObjectNode chosen() {
    ObjectNode options = JsonNodeFactory.instance.objectNode();
    rooms.forEach(options.putArray("rooms")::add);
    except.forEach(options.putArray("except")::add);
    return options;
  }
}
