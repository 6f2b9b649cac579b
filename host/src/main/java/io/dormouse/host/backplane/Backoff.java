package io.dormouse.host.backplane;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Pauses between tries: longer each time up to a limit, and never quite the same. One thread. */
public final class Backoff {
  private final long firstMillis;
  private final long longestMillis;
  private long millis;

  /** For Redis. */
  Backoff() {
    this(Duration.ofMillis(50), Duration.ofSeconds(1));
  }

  public Backoff(Duration first, Duration longest) {
    firstMillis = first.toMillis();
    longestMillis = longest.toMillis();
    millis = firstMillis;
  }

  public Duration next() {
    long pause = millis;
    millis = Math.min(2 * millis, longestMillis);
    return Duration.ofMillis(pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1));
  }

  void reset() {
    millis = firstMillis;
  }
}
