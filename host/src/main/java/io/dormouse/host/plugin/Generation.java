package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_BAD_CLASS;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_NAMESPACE_TAKEN;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_PROBE_FAILED;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_START_FAILED;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_START_TIMEOUT;

import io.dormouse.api.Plugin;
import io.dormouse.host.namespace.Handlers;
import io.dormouse.host.namespace.NamespaceTaken;
import io.dormouse.host.namespace.Namespaces;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

  private final GenerationName name;
  private final PluginSource source;
  private final RecordingContext context;
  private final Duration allowed;
  private @Nullable Plugin plugin;

  /**
   * @param allowed how long each call of the plugin may take
   */
  Generation(GenerationName name, PluginSource source, RecordingContext context, Duration allowed) {
    this.name = name;
    this.source = source;
    this.context = context;
    this.allowed = allowed;
  }

  GenerationName name() {
    return name;
  }

  Optional<WebFile> webFile(String path) {
    return source.webFile(path);
  }

  /**
   * Makes, starts and probes the plugin, then opens its namespaces, all at once. When this throws,
   * nothing of the plugin is visible and its classes are unloaded.
   *
   * @return what was opened
   */
  Map<String, Handlers> start(Namespaces namespaces) {
    boolean started = false;
    try {
      call("its constructor", PLUGIN_BAD_CLASS, () -> plugin = source.create());
      Plugin made = Objects.requireNonNull(plugin);
      call("start", PLUGIN_START_FAILED, () -> made.start(context));
      Map<String, Handlers> recorded = context.seal();
      call("probe", PLUGIN_PROBE_FAILED, made::probe);
      open(namespaces, recorded);
      context.tasks().open();
      started = true;
      return recorded;
    } finally {
      if (!started) {
        context.close();
        source.close();
      }
    }
  }

  private void open(Namespaces namespaces, Map<String, Handlers> recorded) {
    try {
      namespaces.serve(context.owner(), recorded);
    } catch (NamespaceTaken taken) {
      throw new PluginRefused(
          PLUGIN_NAMESPACE_TAKEN,
          ("%s did not start: namespace '%s' is already served by plugin '%s'; remove that plugin"
                  + " or choose another namespace")
              .formatted(name.title(), taken.namespace(), taken.pluginId()));
    }
  }

  private void call(String what, PluginErrorCode code, Deadline.Body body) {
    try {
      Deadline.call(name + " " + what, source.loader(), allowed, body);
    } catch (Deadline.Passed passed) {
      throw new PluginRefused(
          PLUGIN_START_TIMEOUT,
          "%s did not start: %s took longer than %s (dormouse.plugins.start-timeout)"
              .formatted(name.title(), what, allowed));
    } catch (PluginRefused refused) {
      throw refused.saidOf(name.title() + " did not start");
    } catch (OutOfMemoryError fatal) {
      throw fatal;
    } catch (Throwable thrown) {
      throw new PluginRefused(
          code, name.title() + " did not start: " + what + " threw " + Failure.text(thrown));
    }
  }

  /** Closes its namespaces, ends its tasks, tells the plugin, unloads its classes. */
  void stop(Namespaces namespaces) {
    namespaces.close(name.id());
    context.close();
    Plugin made = plugin;
    if (made != null) {
      try {
        Deadline.call(name + " stop", source.loader(), allowed, made::stop);
      } catch (Deadline.Passed passed) {
        warn("did not stop within " + allowed + "; it is unloaded nevertheless");
      } catch (OutOfMemoryError fatal) {
        throw fatal;
      } catch (Throwable thrown) {
        warn("did not stop well: it threw " + Failure.text(thrown));
      }
    }
    plugin = null;
    source.close();
  }

  private void warn(String what) {
    LOG.atWarn().addKeyValue("plugin", name.id()).log("{} {}", name.title(), what);
  }
}
