package io.dormouse.host.lifecycle;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How this host leaves, {@code dormouse.drain.*}. The defaults fit the 30 seconds that Kubernetes
 * gives a pod, together with a preStop hook of a few of them.
 *
 * @param pace at which clients are moved, such as {@code 500/s} or {@code 10%/s}
 * @param deadline from the signal to the end of the process; of a drain that is asked for, until
 *     the last client is sent away
 */
@ConfigurationProperties("dormouse.drain")
public record DrainSettings(
    @Bindable(defaultValue = "10%/s") String pace,
    @Bindable(defaultValue = "25s") Duration deadline) {
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofDays(1);

  /** What is wrong with these values; empty when nothing is. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (Pace.parse(pace) == null) {
      problems.add("dormouse.drain.pace must be %s, was '%s'".formatted(Pace.FORM, pace));
    }
    if (!isDeadline(deadline)) {
      problems.add("dormouse.drain.deadline must be between 1s and 24h, was " + deadline);
    }
    return problems;
  }

  /** Whether a drain may take so long. */
  public static boolean isDeadline(Duration duration) {
    return duration.compareTo(LEAST) >= 0 && duration.compareTo(MOST) <= 0;
  }

  Pace parsed() {
    return Objects.requireNonNull(Pace.parse(pace), "checked at the start");
  }
}
