package io.dormouse.host.lifecycle;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When the next client's turn is: evenly spread over time, each turn a random part of an interval
 * late. What was missed is not caught up with, but for a tenth of a second, so that no second has
 * many more turns than asked for.
 */
final class Turns {
  private static final double MOST_BEHIND = Duration.ofMillis(100).toNanos();

  private final double interval;
  private final RandomGenerator random;
  private final long start;
  private double even;
  private long next;

  Turns(double perSecond, long now, RandomGenerator random) {
    this.interval = Duration.ofSeconds(1).toNanos() / perSecond;
    this.random = random;
    this.start = now;
    choose();
  }

  boolean isDue(long now) {
    return now - next >= 0;
  }

  /** Nanoseconds until the next one; none when it is due. */
  long until(long now) {
    return Math.max(0, next - now);
  }

  /** The turn that is due was taken. */
  void taken(long now) {
    even = Math.max(even + interval, now - start - MOST_BEHIND);
    choose();
  }

  private void choose() {
    next = start + (long) (even + interval * random.nextDouble() / 2);
  }
}
