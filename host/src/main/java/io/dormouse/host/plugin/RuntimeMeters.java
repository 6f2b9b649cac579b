package io.dormouse.host.plugin;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;

/** How long plugins take to wake and to be replaced, and how they follow those of other hosts. */
final class RuntimeMeters {
  private static final String WAKE = "wake";
  private static final String REPLACE = "replace";
  private static final String ROLLOUTS = "rollouts";

  /** What follows the prefix of the host's own metrics of plugins, so is not for theirs. */
  static final Set<String> NAMES = Set.of(WAKE, REPLACE, ROLLOUTS, "events");

  private final MeterRegistry registry;

  RuntimeMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void woken(String pluginId, Duration taken) {
    timer(WAKE, "From the first request that a sleeping plugin got until it serves", pluginId)
        .record(taken);
  }

  void replaced(String pluginId, Duration taken) {
    timer(REPLACE, "From the begin of a replacement until the other version serves", pluginId)
        .record(taken);
  }

  /** What another host has changed was done here, or could not be. */
  void followed(String pluginId, boolean done) {
    registry
        .counter(
            ExportedMetrics.PREFIX + ROLLOUTS,
            "plugin",
            pluginId,
            "result",
            done ? "done" : "refused")
        .increment();
  }

  private Timer timer(String name, String description, String pluginId) {
    return Timer.builder(ExportedMetrics.PREFIX + name)
        .description(description)
        .tag("plugin", pluginId)
        .register(registry);
  }
}
