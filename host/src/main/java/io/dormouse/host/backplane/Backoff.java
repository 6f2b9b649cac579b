package io.dormouse.host.backplane;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Pauses between tries: longer each time up to a limit, and never quite the same. One thread. */
final class Backoff {
  private static final long FIRST_MILLIS = 50;
  private static final long LONGEST_MILLIS = 1_000;

  private long millis = FIRST_MILLIS;

  Duration next() {
    long pause = millis;
    millis = Math.min(2 * millis, LONGEST_MILLIS);
    return Duration.ofMillis(pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1));
  }

  void reset() {
    millis = FIRST_MILLIS;
  }
}
