package io.dormouse.host.plugin;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a plugin stays awake without anything to do. Who is woken again soon after it fell
 * asleep stays awake twice as long the next time, up to a limit; who has slept well starts anew.
 */
final class Drowsiness {
  private static final int MOST = 16;

  private final Duration hibernateAfter;
  private final Duration minAwake;
  private Instant awakeSince = Instant.now();
  private Instant asleepSince = Instant.MIN;
  private int patience = 1;

  Drowsiness(Duration hibernateAfter, Duration minAwake) {
    this.hibernateAfter = hibernateAfter;
    this.minAwake = minAwake;
  }

  synchronized void slept(Instant now) {
    asleepSince = now;
  }

  synchronized void woken(Instant now) {
    boolean soon = asleepSince.isAfter(now.minus(hibernateAfter));
    patience = soon ? Math.min(MOST, patience * 2) : 1;
    awakeSince = now;
  }

  /** Another version serves, which says nothing about how much there is to do. */
  synchronized void replaced(Instant now) {
    awakeSince = now;
  }

  /**
   * Whether to sleep now.
   *
   * @param idle how long no client has made it work
   * @param nextTask when a task is due; {@link Instant#MAX} for none
   */
  synchronized boolean maySleep(Instant now, Duration idle, Instant nextTask) {
    return idle.compareTo(hibernateAfter.multipliedBy(patience)) >= 0
        && Duration.between(awakeSince, now).compareTo(minAwake) >= 0
        && (nextTask.equals(Instant.MAX)
            || Duration.between(now, nextTask).compareTo(minAwake) >= 0);
  }
}
