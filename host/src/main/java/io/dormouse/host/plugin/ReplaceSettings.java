package io.dormouse.host.plugin;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How one version of a plugin comes into the place of another.
 *
 * @param drainTimeout how long the former version may take to end what it has begun
 * @param watchWindow how long the new one is watched afterwards
 * @param watchFailurePercent of its handlers' calls; when so many fail in that time it is rolled
 *     back
 * @param leakCheck how long a retired version may stay in memory before a garbage collection is
 *     forced to see what holds it
 * @param refuseRemovedNamespaces whether a version that lacks a namespace of the former one is
 *     refused; else the sockets there are disconnected
 */
@ConfigurationProperties("dormouse.replace")
public record ReplaceSettings(
    @Bindable(defaultValue = "30s") Duration drainTimeout,
    @Bindable(defaultValue = "30s") Duration watchWindow,
    @Bindable(defaultValue = "20") int watchFailurePercent,
    @Bindable(defaultValue = "1m") Duration leakCheck,
    @Bindable(defaultValue = "false") boolean refuseRemovedNamespaces) {

  /** The defaults. */
  public static ReplaceSettings defaults() {
    return new ReplaceSettings(
        Duration.ofSeconds(30), Duration.ofSeconds(30), 20, Duration.ofMinutes(1), false);
  }

  /** Whether a duration is not meant as {@code never}. */
  static boolean isSoon(Duration duration) {
    return duration.toDays() < 36_500;
  }

  /** What is wrong with these settings, one sentence each; empty when nothing is. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    positive(problems, "drain-timeout", drainTimeout);
    positive(problems, "watch-window", watchWindow);
    positive(problems, "leak-check", leakCheck);
    if (watchFailurePercent < 1 || watchFailurePercent > 100) {
      problems.add(
          "dormouse.replace.watch-failure-percent must be between 1 and 100, was "
              + watchFailurePercent);
    }
    return problems;
  }

  private static void positive(List<String> problems, String key, Duration value) {
    if (!value.isPositive()) {
      problems.add("dormouse.replace." + key + " must be positive, was " + value);
    }
  }
}
