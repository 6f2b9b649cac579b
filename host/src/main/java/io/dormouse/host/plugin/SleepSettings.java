package io.dormouse.host.plugin;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * When plugins sleep. A plugin may have its own: {@code dormouse.plugin.<id>.hibernate-after} and
 * {@code min-awake}.
 *
 * @param hibernateAfter how long nobody may need a plugin before it is put to sleep
 * @param minAwake how long it stays awake at least
 */
@ConfigurationProperties("dormouse.sleep")
public record SleepSettings(
    @Bindable(defaultValue = "10m") Duration hibernateAfter,
    @Bindable(defaultValue = "10s") Duration minAwake) {

  /** The defaults. */
  public static SleepSettings defaults() {
    return new SleepSettings(Duration.ofMinutes(10), Duration.ofSeconds(10));
  }

  /** What is wrong with these settings, one sentence each; empty when nothing is. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (!hibernateAfter.isPositive()) {
      problems.add("dormouse.sleep.hibernate-after must be positive, was " + hibernateAfter);
    }
    if (minAwake.isNegative()) {
      problems.add("dormouse.sleep.min-awake must not be negative, was " + minAwake);
    }
    return problems;
  }
}
