package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_BAD_CLASS;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_PROBE_FAILED;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_REPLACE_FAILED;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_START_FAILED;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_START_TIMEOUT;

import io.dormouse.api.Plugin;
import io.dormouse.host.namespace.Handlers;
import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.namespace.Owner;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One loaded version of a plugin: its classes, its object, its handlers and tasks. Everything that
 * refers to a class of the plugin is reachable from here only, so that dropping this object frees
 * them.
 *
 * <p>Used by one thread at a time.
 */
final class Generation {
  private static final Logger LOG = LoggerFactory.getLogger(Generation.class);

  private final GenerationRecord record;
  private final PluginSource source;
  private final RecordingContext context;
  private final Duration allowed;
  private @Nullable Plugin plugin;
  private boolean started;
  private Map<String, Handlers> handlers = Map.of();

  /**
   * @param allowed how long each call of the plugin may take
   */
  Generation(
      GenerationRecord record, PluginSource source, RecordingContext context, Duration allowed) {
    this.record = record;
    this.source = source;
    this.context = context;
    this.allowed = allowed;
  }

  GenerationRecord record() {
    return record;
  }

  Owner owner() {
    return context.owner();
  }

  /** What it registered when it started, by name or pattern. */
  Map<String, Handlers> handlers() {
    return handlers;
  }

  Tasks tasks() {
    return context.tasks();
  }

  /**
   * Makes and starts the plugin and then probes it, or tells it that it was woken. Nothing of it is
   * visible yet. When this throws it is to be retired.
   */
  void start(boolean woken) {
    try {
      call("its constructor", PLUGIN_BAD_CLASS, () -> plugin = source.create());
      Plugin made = made();
      call("start", PLUGIN_START_FAILED, () -> made.start(context));
      handlers = context.seal();
      if (woken) {
        call("onWake", PLUGIN_START_FAILED, made::onWake);
      } else {
        probe();
      }
      started = true;
      record.become(GenerationState.STARTED);
    } catch (PluginRefused refused) {
      record.quarantined(refused.getMessage());
      throw refused;
    }
  }

  void probe() {
    call("probe", PLUGIN_PROBE_FAILED, made()::probe);
  }

  /** Whether it migrates what another version left, and so wants to be alone for a moment. */
  boolean migrates() {
    try {
      return made().getClass().getMethod("onReplace", String.class).getDeclaringClass()
          != Plugin.class;
    } catch (NoSuchMethodException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  void migrate(String previousVersion) {
    call("onReplace", PLUGIN_REPLACE_FAILED, () -> made().onReplace(previousVersion));
  }

  private Plugin made() {
    return Objects.requireNonNull(plugin);
  }

  private void call(String what, PluginErrorCode code, Deadline.Body body) {
    String title = record.name().title();
    try {
      Deadline.call(record.name() + " " + what, source.loader(), allowed, body);
    } catch (Deadline.Passed passed) {
      throw new PluginRefused(
          PLUGIN_START_TIMEOUT,
          "%s did not start: %s took longer than %s (dormouse.plugins.start-timeout)"
              .formatted(title, what, allowed));
    } catch (PluginRefused refused) {
      throw refused.saidOf(title + " did not start");
    } catch (OutOfMemoryError fatal) {
      throw fatal;
    } catch (Throwable thrown) {
      throw new PluginRefused(
          code, title + " did not start: " + what + " threw " + Failure.text(thrown));
    }
  }

  /**
   * Waits until all that it has begun has ended; nothing new is begun any more.
   *
   * @return whether it did in time
   */
  boolean drain(Duration limit) {
    try {
      owner().leases().close().get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException | ExecutionException late) {
      return false;
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Tells the plugin that it is put to sleep. */
  void hibernate() {
    tell("onHibernate", made()::onHibernate);
  }

  /**
   * Ends it: what still runs is interrupted, the plugin is told, what it registered or left behind
   * is undone, its classes are unloaded.
   *
   * @param limit how long what it has begun may take
   */
  void retire(Duration limit, Namespaces namespaces) {
    record.become(GenerationState.DRAINING);
    context.tasks().hold();
    try {
      if (!drain(limit)) {
        warn("had not ended all that it had begun within " + limit + "; the rest is interrupted");
        namespaces.interrupt(owner());
      }
      context.close();
      if (started) {
        tell("stop", made()::stop);
      }
      List<String> _ = Undo.of(source.loader(), record.name(), context.threads().end());
      context.metrics().end();
    } finally {
      owner().retire();
      plugin = null;
      handlers = Map.of();
      source.close();
      record.become(GenerationState.RETIRED);
    }
  }

  private void tell(String what, Deadline.Body body) {
    try {
      Deadline.call(record.name() + " " + what, source.loader(), allowed, body);
    } catch (Deadline.Passed passed) {
      warn(what + " took longer than " + allowed + "; the host goes on without it");
    } catch (OutOfMemoryError fatal) {
      throw fatal;
    } catch (Throwable thrown) {
      warn(what + " threw " + Failure.text(thrown));
    }
  }

  private void warn(String what) {
    LOG.atWarn()
        .addKeyValue("plugin", record.name().id())
        .log("{} {}", record.name().title(), what);
  }
}
