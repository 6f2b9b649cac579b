package io.dormouse.api;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * What a plugin counts and measures, among the host's own numbers at {@code /metrics}: as {@code
 * dormouse_plugin_<name>} with the plugin's id as label {@code plugin}, and with Prometheus' usual
 * endings ({@code _total}, {@code _seconds}).
 *
 * <p>A name has lower-case words with hyphens or dots between them, such as {@code lines-said} or
 * {@code model.answer}, and one kind; others throw {@link IllegalArgumentException}. A plugin has
 * at most 100 names; what comes after them is not exported, which the log says once. So what
 * differs from call to call has no place in a name.
 *
 * <p>Counts and times go on in the next loaded version; all end when the plugin is removed. All
 * methods may be called from any thread and never block.
 *
 * {@snippet class="ContextExample" region="metrics"}
 */
public interface Metrics {
  /** Counts one more. */
  default void count(String name) {
    count(name, 1);
  }

  /**
   * Counts some more; zero shows a counter before there is anything to count.
   *
   * @param amount not negative
   */
  void count(String name, long amount);

  /**
   * A value that goes up and down, asked for whenever somebody looks. It ends with this loaded
   * version; a second gauge of the same name replaces the first. One that throws has no value; one
   * that takes longer than a second is not asked again.
   */
  void gauge(String name, DoubleSupplier value);

  /** Remembers how long something took: how often, in sum, and the longest of late. */
  void time(String name, Duration duration);
}
