package io.dormouse.host.plugin;

import io.dormouse.api.Plugin;
import java.util.function.Supplier;

/** Where a generation's plugin object and classes come from. */
interface PluginSource {
  ClassLoader loader();

  /** Makes the plugin object; runs the plugin's code. */
  Plugin create() throws Throwable;

  /** Whether the loader is this generation's alone, so that it can be collected. */
  boolean isIsolated();

  /** Gives back what loading took. No class of the plugin can be loaded afterwards. */
  void close();

  /** A plugin whose classes the host's own class path has, for tests of plugins. */
  static PluginSource of(Supplier<? extends Plugin> plugin) {
    return new PluginSource() {
      @Override
      public boolean isIsolated() {
        return false;
      }

      @Override
      public ClassLoader loader() {
        ClassLoader own = plugin.getClass().getClassLoader();
        return own != null ? own : ClassLoader.getSystemClassLoader();
      }

      @Override
      public Plugin create() {
        return plugin.get();
      }

      @Override
      public void close() {}
    };
  }
}
