package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_DUPLICATE_ID;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_START_FAILED;

import io.dormouse.api.Plugin;
import io.dormouse.host.namespace.Handlers;
import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.namespace.Owner;
import io.dormouse.host.plugin.Staging.StagedJar;
import io.dormouse.host.protocol.ValueCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins of this host: loads them, starts them, opens their namespaces, and undoes all of it.
 *
 * <p>A plugin that cannot be started is refused with one line in the log and in {@link #plugins};
 * the others go on. All methods may be called from any thread; starting and stopping is done one
 * plugin at a time, and asking waits for neither.
 */
public final class PluginRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(PluginRuntime.class);

  private final Namespaces namespaces;
  private final PluginsSettings settings;
  private final PluginConfiguration configuration;

  /** In the order in which they were started. Changed and walked through by the lock's holder. */
  private final Map<String, Running> running = Collections.synchronizedMap(new LinkedHashMap<>());

  private final Map<String, StateStore> states = new HashMap<>();
  private final List<PluginStatus> statuses = new CopyOnWriteArrayList<>();
  private @Nullable Staging staging;
  private int generations;

  public PluginRuntime(
      Namespaces namespaces, PluginsSettings settings, PluginConfiguration configuration) {
    this.namespaces = namespaces;
    this.settings = settings;
    this.configuration = configuration;
  }

  /** A plugin whose namespaces are open. */
  private record Running(Generation generation, @Nullable StagedJar staged) {}

  /**
   * Starts the plugins of all JARs in a folder, in the order of their names. Of two JARs with one
   * id the first stays.
   *
   * @throws UncheckedIOException when the folder cannot be read or nothing can be staged
   */
  public synchronized void start(Path folder) {
    try {
      Staging staged = staging();
      staged.keepOnly(named());
      for (Path jar : jars(folder)) {
        startJar(staged, jar);
      }
      staged.keepOnly(named());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Set<Path> jars(Path folder) throws IOException {
    Set<Path> jars = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
      files.forEach(jars::add);
    }
    return jars;
  }

  private void startJar(Staging into, Path file) {
    String fileName = String.valueOf(file.getFileName());
    VerifiedJar jar = null;
    try {
      jar = VerifiedJar.of(into.stage(file, settings.maxJarSize()));
      checkFree(jar.id(), "JAR '" + fileName + "' is refused");
      GenerationName name = nextName(jar.id(), jar.version());
      run(name, LoadedJar.load(jar, name), configuration.of(jar.id()), jar);
    } catch (PluginRefused refused) {
      quarantine(fileName, jar, refused);
    } catch (RuntimeException | LinkageError unforeseen) {
      String reason = "JAR '" + fileName + "' is refused: " + Failure.text(unforeseen);
      quarantine(fileName, jar, new PluginRefused(PLUGIN_START_FAILED, reason));
    }
  }

  private void quarantine(String fileName, @Nullable VerifiedJar jar, PluginRefused refused) {
    String id = jar == null ? null : jar.id();
    String version = jar == null ? null : jar.version();
    LOG.atWarn()
        .addKeyValue("plugin", id == null ? fileName : id)
        .addKeyValue("code", refused.code())
        .log(refused.getMessage());
    statuses.add(
        new PluginStatus(
            fileName,
            id,
            version,
            List.of(),
            PluginState.QUARANTINED,
            false,
            refused.getMessage()));
  }

  /**
   * Starts a plugin whose classes are on the class path, for tests of plugins.
   *
   * @param values its configuration: nested maps or dotted keys
   * @throws PluginRefused when it does not start
   */
  public synchronized void startFrom(
      String id, String version, Supplier<? extends Plugin> plugin, Map<String, Object> values) {
    checkFree(id, "Plugin '" + id + "' " + version + " is refused");
    run(nextName(id, version), PluginSource.of(plugin), values, null);
  }

  private void checkFree(String id, String refused) {
    Running other = running.get(id);
    if (other != null) {
      throw new PluginRefused(
          PLUGIN_DUPLICATE_ID,
          "%s: plugin '%s' is there already, %s; remove one of the two"
              .formatted(
                  refused,
                  id,
                  other.staged == null
                      ? "version " + other.generation.name().version()
                      : "from JAR '" + other.staged.name() + "'"));
    }
  }

  private GenerationName nextName(String id, String version) {
    return new GenerationName(id, version, ++generations);
  }

  private void run(
      GenerationName name,
      PluginSource source,
      Map<String, Object> values,
      @Nullable VerifiedJar jar) {
    var owner = new Owner(name.id(), ValueCodec.of(source.loader()), source.loader());
    StateStore state =
        states.computeIfAbsent(name.id(), id -> new StateStore(id, settings.stateLimit()));
    var context = new RecordingContext(name, owner, namespaces, values, state);
    var generation = new Generation(name, source, context, settings.startTimeout());
    Map<String, Handlers> opened = generation.start(namespaces);
    running.put(name.id(), new Running(generation, jar == null ? null : jar.staged()));
    List<String> served = opened.keySet().stream().sorted().toList();
    statuses.add(
        new PluginStatus(
            jar == null ? null : jar.staged().name(),
            name.id(),
            name.version(),
            served,
            PluginState.CURRENT,
            jar != null && jar.page(),
            null));
    LOG.atInfo()
        .addKeyValue("plugin", name.id())
        .log(
            "{} serves {}",
            name.title(),
            served.isEmpty() ? "no namespace" : String.join(", ", served));
  }

  /** What became of each plugin, in the order in which they were started. A copy. */
  public List<PluginStatus> plugins() {
    return List.copyOf(statuses);
  }

  /**
   * A file of a running plugin for browsers.
   *
   * @param path below {@code web/}, decoded, without a leading slash; empty or with a slash at its
   *     end it means the {@code index.html} there
   */
  public Optional<WebFile> webFile(String pluginId, String path) {
    Running plugin = running.get(pluginId);
    return plugin == null ? Optional.empty() : plugin.generation.webFile(path);
  }

  /**
   * Stops all plugins, the last started first: their namespaces are closed, their tasks ended,
   * their classes unloaded. What was refused is forgotten; state is kept.
   */
  public synchronized void stop() {
    for (Running plugin : List.copyOf(running.values()).reversed()) {
      plugin.generation.stop(namespaces);
    }
    running.clear();
    statuses.clear();
    if (staging != null) {
      staging.close();
      staging = null;
    }
  }

  private Staging staging() throws IOException {
    if (staging == null) {
      staging = new Staging(settings.staging());
    }
    return staging;
  }

  private Set<Path> named() {
    Set<Path> named = new HashSet<>();
    for (Running plugin : running.values()) {
      if (plugin.staged != null) {
        named.add(plugin.staged.file());
      }
    }
    return named;
  }
}
