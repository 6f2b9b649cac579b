package io.dormouse.host.plugin;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  private record Own(@Nullable Duration hibernateAfter, @Nullable Duration minAwake) {}

  private static final Set<String> KEYS = Set.of("hibernate-after", "min-awake");

  /**
   * These settings as one plugin has them.
   *
   * @param values the plugin's whole configuration
   * @throws PluginRefused when a value does not fit
   */
  SleepSettings of(String pluginId, Map<String, Object> values) {
    Map<String, Object> given = new HashMap<>(values);
    given.keySet().retainAll(KEYS);
    Own own = ConfigurationReader.read(pluginId, given, Own.class);
    return new SleepSettings(
        own.hibernateAfter() == null ? hibernateAfter : own.hibernateAfter(),
        own.minAwake() == null ? minAwake : own.minAwake());
  }

  /** What of a plugin's configuration is for the plugin itself. */
  static Map<String, Object> without(Map<String, Object> values) {
    Map<String, Object> others = new HashMap<>(values);
    others.keySet().removeAll(KEYS);
    return others;
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
