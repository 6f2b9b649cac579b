package io.dormouse.host;

import io.dormouse.host.admin.Readiness;
import io.dormouse.host.plugin.PluginRuntime;
import io.dormouse.host.plugin.PluginsSettings;
import jakarta.inject.Singleton;

/**
 * A whole host: starts its parts in order, and stops them in the opposite one. Plugins come before
 * the public port, because clients give up on a namespace that is not there yet.
 */
@Singleton
final class Host {
  private final Listeners listeners;
  private final PluginRuntime plugins;
  private final PluginsSettings pluginsSettings;
  private final Readiness readiness;

  Host(
      Listeners listeners,
      PluginRuntime plugins,
      PluginsSettings pluginsSettings,
      Readiness readiness) {
    this.listeners = listeners;
    this.plugins = plugins;
    this.pluginsSettings = pluginsSettings;
    this.readiness = readiness;
  }

  /**
   * Returns when clients may come.
   *
   * @throws CannotStart when a port cannot be opened
   */
  void start() {
    // Before any plugin does something that a second host must not do.
    listeners.check();
    if (pluginsSettings.folder() != null) {
      plugins.start(pluginsSettings.folder());
    }
    listeners.start();
    readiness.set(true);
  }

  /** Also stops a host that has not started wholly. */
  void stop() {
    readiness.set(false);
    listeners.stop();
    plugins.stop();
  }
}
