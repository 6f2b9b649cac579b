package io.dormouse.host;

import io.dormouse.host.hook.HookEvent;
import io.dormouse.host.hook.HookSettings;
import io.dormouse.host.hook.Hooks;
import io.dormouse.host.lifecycle.Drain;
import io.dormouse.host.lifecycle.DrainListener;
import io.dormouse.host.lifecycle.DrainStatus;
import io.dormouse.host.plugin.PluginEvent;
import io.dormouse.host.plugin.PluginRuntime;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells hooks of what happens to plugins and to the host. */
@Factory
final class HookWiring {
  /** What a plugin's failure may say at most. */
  private static final int DETAIL_LIMIT = 1_000;

  /** The hooks of the configuration. */
  record Configured(List<HookSettings> hooks) {}

  /**
   * @param problems gets what is wrong
   */
  static Configured configured(Configuration configuration, List<String> problems) {
    return new Configured(HookSettings.of(configuration.hooks(), HookWiring::duration, problems));
  }

  private static @Nullable Duration duration(Object value) {
    try {
      return ConfigurationKey.duration(value.toString().strip());
    } catch (ConfigurationKey.Misfit _) {
      return null;
    }
  }

  @Singleton
  Hooks hooks(
      Configured configured,
      ServerSettings server,
      PluginRuntime plugins,
      Drain drain,
      MeterRegistry registry) {
    String host = HostName.of(server.port());
    Hooks hooks = new Hooks(configured.hooks(), host, registry);
    plugins.addListener(event -> tell(hooks, event));
    drain.addListener(new TellOfDrains(hooks, host));
    return hooks;
  }

  private static void tell(Hooks hooks, PluginEvent event) {
    HookEvent.Type type =
        switch (event.type()) {
          case HIBERNATED -> HookEvent.Type.PLUGIN_HIBERNATED;
          case WOKEN -> HookEvent.Type.PLUGIN_WOKEN;
          case REPLACED -> HookEvent.Type.PLUGIN_REPLACED;
          case ROLLED_BACK -> HookEvent.Type.PLUGIN_ROLLED_BACK;
          case QUARANTINED -> HookEvent.Type.PLUGIN_QUARANTINED;
          case STARTED, REFUSED, DISABLED, ENABLED, REMOVED, COLLECTED, LEAKED -> null;
        };
    if (type != null) {
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("plugin", event.pluginId());
      data.put("version", event.version());
      data.put("detail", shortened(event.detail()));
      hooks.tell(new HookEvent(type, "plugins/" + event.pluginId(), event.at(), data));
    }
  }

  private static String shortened(String detail) {
    return detail.length() <= DETAIL_LIMIT ? detail : detail.substring(0, DETAIL_LIMIT) + "…";
  }

  private record TellOfDrains(Hooks hooks, String host) implements DrainListener {
    @Override
    public void began(String why, DrainStatus status) {
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("host", host);
      data.put("reason", why);
      data.put("sessions", status.sessions());
      tell(HookEvent.Type.HOST_DRAINING, data);
    }

    @Override
    public void ended(DrainStatus status) {
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("host", host);
      data.put("moved", status.moved());
      data.put("cutShort", status.cutShort());
      data.put("abandoned", status.abandoned());
      tell(HookEvent.Type.HOST_DRAINED, data);
    }

    private void tell(HookEvent.Type type, Map<String, Object> data) {
      hooks.tell(new HookEvent(type, "host", Instant.now(), data));
    }
  }
}
