package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_DRAIN_TIMEOUT;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_NAMESPACE_REMOVED;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_NAMESPACE_TAKEN;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_STATE_UNREACHABLE;

import io.dormouse.host.namespace.NamespaceTaken;
import io.dormouse.host.namespace.Namespaces;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a generation comes into the place of another one, in the namespaces of one plugin. */
final class Takeover {
  private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

  private final String pluginId;
  private final Namespaces namespaces;
  private final GenerationFactory factory;
  private final Duration drainTimeout;

  Takeover(
      String pluginId, Namespaces namespaces, GenerationFactory factory, Duration drainTimeout) {
    this.pluginId = pluginId;
    this.namespaces = namespaces;
    this.factory = factory;
    this.drainTimeout = drainTimeout;
  }

  /**
   * What it would change.
   *
   * @param refuseRemoved whether it may not lack a namespace of its predecessor
   * @throws PluginRefused when it may not
   */
  Namespaces.Changes check(Generation made, boolean refuseRemoved) {
    Namespaces.Changes changes;
    try {
      changes = namespaces.changes(pluginId, made.handlers().keySet());
    } catch (NamespaceTaken taken) {
      throw refusal(made, taken);
    }
    Set<String> removed = new TreeSet<>(changes.removed());
    if (refuseRemoved && !removed.isEmpty()) {
      throw new PluginRefused(
          PLUGIN_NAMESPACE_REMOVED,
          "%s is refused: it does not serve %s any more, which was asked to be kept"
              .formatted(made.record().name().title(), String.join(", ", removed)));
    }
    return changes;
  }

  /** The new one serves while the old one ends what it has begun. */
  void swap(@Nullable Generation old, Generation made) {
    try {
      namespaces.serve(made.owner(), made.handlers());
    } catch (NamespaceTaken taken) {
      throw refusal(made, taken);
    }
    if (old != null) {
      old.tasks().hold();
    }
    made.tasks().open();
  }

  /**
   * The new one migrates what the old one left, with nobody beside it: events wait meanwhile. When
   * it fails, state and data are what they were.
   */
  void swapAlone(@Nullable Generation old, Generation made, String oldVersion) {
    boolean done = false;
    Runnable asItWas = namespaces.gate(pluginId);
    Runnable data = () -> {};
    StateStore.@Nullable Snapshot stored = null;
    try {
      if (old != null) {
        end(old, made);
      }
      data = namespaces.snapshot(pluginId);
      stored = remembered(made);
      made.migrate(oldVersion);
      swap(null, made);
      done = true;
    } finally {
      if (!done) {
        try {
          data.run();
          restore(stored, made);
        } finally {
          if (old != null) {
            old.owner().leases().reopen();
          }
          asItWas.run();
          if (old != null) {
            old.tasks().resume();
          }
        }
      }
      if (stored != null) {
        stored.close();
      }
    }
  }

  private StateStore.Snapshot remembered(Generation made) {
    try {
      return factory.stateSnapshot();
    } catch (StateUnreachable away) {
      throw new PluginRefused(
          PLUGIN_STATE_UNREACHABLE,
          "%s did not start: its state cannot be migrated while it cannot be reached"
              .formatted(made.record().name().title()));
    }
  }

  private static void restore(StateStore.@Nullable Snapshot stored, Generation made) {
    try {
      if (stored != null) {
        stored.restore();
      }
    } catch (StateUnreachable away) {
      LOG.atError()
          .addKeyValue("plugin", made.record().name().id())
          .log(
              "{} was not migrated, and what it has changed of the state stays: {}",
              made.record().name().title(),
              away.getMessage());
    }
  }

  private void end(Generation old, Generation made) {
    old.tasks().hold();
    if (!old.drain(drainTimeout)) {
      throw new PluginRefused(
          PLUGIN_DRAIN_TIMEOUT,
          "%s does not replace %s: what that one has begun takes longer than %s (dormouse.replace.drain-timeout)"
              .formatted(
                  made.record().name().title(), old.record().name().version(), drainTimeout));
    }
  }

  /** One that was to sleep has something to do after all. */
  void stayAwake(Generation old) {
    namespaces.stayAwake(old.owner(), old.handlers());
    old.tasks().resume();
  }

  private static PluginRefused refusal(Generation made, NamespaceTaken taken) {
    return new PluginRefused(
        PLUGIN_NAMESPACE_TAKEN,
        ("%s did not start: namespace '%s' is already served by plugin '%s'; remove that plugin"
                + " or choose another namespace")
            .formatted(made.record().name().title(), taken.namespace(), taken.pluginId()));
  }
}
