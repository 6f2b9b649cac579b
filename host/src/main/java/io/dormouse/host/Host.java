package io.dormouse.host;

import io.dormouse.host.admin.AdminRoutes;
import io.dormouse.host.engine.EngineServer;
import io.dormouse.host.hook.Hooks;
import io.dormouse.host.lifecycle.Drain;
import io.dormouse.host.lifecycle.DrainSettings;
import io.dormouse.host.lifecycle.DrainStatus;
import io.dormouse.host.lifecycle.Lifecycle;
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

  /** What is kept of the deadline for the end of the process when hooks have been told. */
  private static final Duration LAST_MOMENT = Duration.ofMillis(500);

  private final EngineServer engine;
  private final Listeners listeners;
  private final PluginRuntime plugins;
  private final PluginsSettings pluginsSettings;
  private final Lifecycle lifecycle;
  private final Drain drain;
  private final DrainSettings drainSettings;
  private final AdminRoutes admin;
  private final Wiring.Joined joined;
  private final ForwardWiring.Inward inward;
  private final Hooks hooks;

  Host(
      EngineServer engine,
      Listeners listeners,
      PluginRuntime plugins,
      PluginsSettings pluginsSettings,
      Lifecycle lifecycle,
      Drain drain,
      DrainSettings drainSettings,
      AdminRoutes admin,
      Wiring.Joined joined,
      ForwardWiring.Inward inward,
      Hooks hooks) {
    this.engine = engine;
    this.listeners = listeners;
    this.plugins = plugins;
    this.pluginsSettings = pluginsSettings;
    this.lifecycle = lifecycle;
    this.drain = drain;
    this.drainSettings = drainSettings;
    this.admin = admin;
    this.joined = joined;
    this.inward = inward;
    this.hooks = hooks;
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
    lifecycle.started();
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

  /** How long a stop may take in all. */
  Duration deadline() {
    return drainSettings.deadline();
  }

  /**
   * Moves the clients away, then stops all parts. Also stops a host that has not started wholly.
   *
   * @param why for the log
   */
  void stop(String why) {
    Duration all = deadline();
    long began = System.nanoTime();
    DrainStatus drained = drain.stop(began + all.minus(reserve(all)).toNanos(), why);
    engine.stop(GOODBYES);
    admin.stop();
    listeners.stop();
    inward.stop();
    plugins.stop();
    joined.stop();
    // They were told of the drain's end before; this is the rest of their time.
    hooks.stop(began + all.minus(LAST_MOMENT).toNanos());
    lifecycle.stopped(drained.givenUp());
  }

  /** What the parts may take to stop when the clients have gone: a fifth. */
  private static Duration reserve(Duration all) {
    return all.dividedBy(5);
  }

  /** Waits for nobody any more. */
  void hurry() {
    drain.hurry();
  }

  /** The process ends now, whether or not all parts have stopped. */
  void abandon() {
    String givenUp = drain.status().givenUp();
    String parts = "parts of the host had not stopped by the deadline";
    lifecycle.stopped(givenUp == null ? parts : givenUp + ", " + parts);
  }
}
