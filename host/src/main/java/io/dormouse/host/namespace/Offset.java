package io.dormouse.host.namespace;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far a client has got in a namespace with recovery: for each host, the number of the last of
 * its events that the client has seen. A client gets it as the last argument of an event, and says
 * it when it comes back ({@code offset} of the Socket.IO protocol, "Connection state recovery").
 *
 * <p>A number for each host, since hosts wait for nobody before they deliver what they emit: there
 * is no common order to be numbered, and none is needed, for what one host emits arrives everywhere
 * in its order.
 */
record Offset(Map<String, Long> numbers) {
  private static final int MOST_HOSTS = 1_000;
  private static final int RADIX = 36;

  static final Offset START = new Offset(Map.of());

  /** The last number of a host; 0 when nothing of it was seen. */
  long of(String origin) {
    return numbers.getOrDefault(origin, 0L);
  }

  /** {@code k3v9ab2x:1c.m81z33ra:9}, in characters that JSON leaves as they are. */
  static String text(Map<String, Long> numbers) {
    StringBuilder text = new StringBuilder();
    numbers.forEach(
        (origin, number) -> {
          if (!text.isEmpty()) {
            text.append('.');
          }
          text.append(origin).append(':').append(Long.toString(number, RADIX));
        });
    return text.toString();
  }

  /** What a client said; null when it is no offset. */
  static @Nullable Offset parse(String text) {
    Map<String, Long> numbers = new TreeMap<>();
    if (text.isEmpty()) {
      return START;
    }
    String[] parts = text.split("\\.", MOST_HOSTS + 1);
    if (parts.length > MOST_HOSTS) {
      return null;
    }
    for (String part : parts) {
      int colon = part.indexOf(':');
      if (colon < 1) {
        return null;
      }
      try {
        long number = Long.parseLong(part.substring(colon + 1), RADIX);
        if (number < 0 || numbers.put(part.substring(0, colon), number) != null) {
          return null;
        }
      } catch (NumberFormatException none) {
        return null;
      }
    }
    return new Offset(numbers);
  }
}
