package io.dormouse.host.admin;

import io.dormouse.host.plugin.GenerationState;
import io.dormouse.host.plugin.PluginEvent;
import io.dormouse.host.plugin.PluginRuntime;
import io.dormouse.host.plugin.PluginState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** What is counted of the life of plugins. */
public final class PluginMeters {
  private PluginMeters() {}

  /** Counts from now on. */
  public static void bind(PluginRuntime runtime, MeterRegistry registry) {
    Counter leaked =
        Counter.builder("dormouse.generations.leaked")
            .description("Retired versions whose classes something still holds")
            .register(registry);
    runtime.addListener(
        event -> {
          count(event, registry);
          if (event.type() == PluginEvent.Type.LEAKED) {
            leaked.increment();
          }
        });
    for (PluginState state : PluginState.values()) {
      Gauge.builder("dormouse.plugins", runtime, plugins -> count(plugins, state))
          .description("Plugins, and JARs that are none, by state")
          .tag("state", text(state))
          .register(registry);
    }
    for (GenerationState state : GenerationState.values()) {
      Gauge.builder("dormouse.generations", runtime, plugins -> count(plugins, state))
          .description("Loaded versions of plugins, as far as they are remembered, by state")
          .tag("state", text(state))
          .register(registry);
    }
  }

  private static void count(PluginEvent event, MeterRegistry registry) {
    registry
        .counter("dormouse.plugin.events", "plugin", event.pluginId(), "type", text(event.type()))
        .increment();
  }

  private static long count(PluginRuntime runtime, PluginState state) {
    return runtime.plugins().stream().filter(plugin -> plugin.state() == state).count();
  }

  private static long count(PluginRuntime runtime, GenerationState state) {
    return runtime.plugins().stream()
        .flatMap(plugin -> plugin.generations().stream())
        .filter(generation -> generation.state() == state)
        .count();
  }

  private static String text(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
