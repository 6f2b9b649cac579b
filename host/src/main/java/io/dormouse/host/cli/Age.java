package io.dormouse.host.cli;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How long ago something was, in one word as Kubernetes' tools say it: 5s, 3m, 2h, 9d. */
final class Age {
  private Age() {}

  /** Empty for null; a clock that is behind the host's makes it 0s. */
  static String of(@Nullable Instant instant, Clock clock) {
    if (instant == null) {
      return "";
    }
    long seconds = Math.max(0, Duration.between(instant, clock.instant()).toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 7_200) {
      return seconds / 60 + "m";
    }
    return seconds < 172_800 ? seconds / 3_600 + "h" : seconds / 86_400 + "d";
  }
}
