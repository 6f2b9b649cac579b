package io.dormouse.host.plugin;

import java.util.Map;

/** Where the runtime finds the configuration of plugins. */
@FunctionalInterface
public interface PluginConfiguration {
  /**
   * What is configured under {@code dormouse.plugin.<id>.}, keys without that prefix: nested maps
   * or dotted keys, values as text, numbers, booleans or lists. Empty when there is nothing.
   */
  Map<String, Object> of(String pluginId);
}
