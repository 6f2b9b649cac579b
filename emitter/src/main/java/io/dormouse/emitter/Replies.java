package io.dormouse.emitter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the sockets of a broadcast answered.
 *
 * @param values the first argument of each answer, in the order in which they came
 * @param missing how many sockets did not answer in time, or not with a value of the asked type
 * @param counted whether every server has told how many sockets it asked; else there may be more
 *     than {@code missing} that did not answer, or no server is there at all
 */
public record Replies<T>(List<T> values, int missing, boolean counted) {
  public Replies {
    values = List.copyOf(values);
  }

  /** Whether every socket answered. */
  public boolean complete() {
    return counted && missing == 0;
  }

  /** How often each value was answered, in the order of their first coming. */
  public Map<T, Integer> count() {
    Map<T, Integer> counts = new LinkedHashMap<>();
    values.forEach(value -> counts.merge(value, 1, Integer::sum));
    return counts;
  }
}
