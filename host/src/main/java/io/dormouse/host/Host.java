package io.dormouse.host;

import io.dormouse.host.admin.AdminRoutes;
import io.dormouse.host.admin.Readiness;
import io.dormouse.host.engine.EngineServer;
import io.dormouse.host.plugin.PluginRuntime;
import io.dormouse.host.plugin.PluginsSettings;
import io.dormouse.host.plugin.StateFolderUnusable;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A whole host: starts its parts in order, and stops them in the opposite one. Plugins come before
 * the public port, because clients give up on a namespace that is not there yet.
 */
@Singleton
final class Host {
  /** How long clients may take to hear that the host goes away. */
  private static final Duration GOODBYES = Duration.ofSeconds(2);

  private final EngineServer engine;
  private final Listeners listeners;
  private final PluginRuntime plugins;
  private final PluginsSettings pluginsSettings;
  private final Readiness readiness;
  private final AdminRoutes admin;
  private final Wiring.Joined joined;
  private final ForwardWiring.Inward inward;

  Host(
      EngineServer engine,
      Listeners listeners,
      PluginRuntime plugins,
      PluginsSettings pluginsSettings,
      Readiness readiness,
      AdminRoutes admin,
      Wiring.Joined joined,
      ForwardWiring.Inward inward) {
    this.engine = engine;
    this.listeners = listeners;
    this.plugins = plugins;
    this.pluginsSettings = pluginsSettings;
    this.readiness = readiness;
    this.admin = admin;
    this.joined = joined;
    this.inward = inward;
  }

  /**
   * Returns when clients may come.
   *
   * @throws CannotStart when a port cannot be opened, or the plugins cannot be read
   */
  void start() {
    // Before any plugin does something that a second host must not do.
    listeners.check();
    // First, since others hear of it when this host says for the first time that it is there.
    inward.start();
    joined.start();
    startPlugins(pluginsSettings.folder());
    listeners.start();
    readiness.set(true);
  }

  private void startPlugins(@Nullable Path folder) {
    try {
      plugins.start(folder);
    } catch (StateFolderUnusable e) {
      throw new CannotStart(HostErrorCode.STATE_FOLDER_UNUSABLE, e.getMessage() + ".");
    } catch (UncheckedIOException e) {
      throw new CannotStart(
          HostErrorCode.PLUGINS_UNREADABLE,
          "Plugins of '%s' cannot be read (%s); check who may read them."
              .formatted(folder, e.getMessage()));
    }
  }

  /** Also stops a host that has not started wholly. */
  void stop() {
    readiness.set(false);
    engine.stop(GOODBYES);
    admin.stop();
    listeners.stop();
    inward.stop();
    plugins.stop();
    joined.stop();
  }
}
