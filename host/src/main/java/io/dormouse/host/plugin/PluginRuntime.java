package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_DUPLICATE_ID;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_START_FAILED;

import io.dormouse.api.Plugin;
import io.dormouse.host.namespace.Namespaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins of this host: starts them, puts one version into the place of another, puts them to
 * sleep and wakes them.
 *
 * <p>A plugin that cannot be started is refused with one line in the log and in {@link #plugins};
 * the others go on. All methods may be called from any thread; asking waits for nothing.
 */
public final class PluginRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(PluginRuntime.class);

  /** How long a plugin may take to end what it has begun when the host stops. */
  private static final Duration LAST_DRAIN = Duration.ofSeconds(1);

  private static final Duration LOOK_AFTER_SLEEPERS = Duration.ofSeconds(1);

  private final Namespaces namespaces;
  private final PluginsSettings settings;
  private final ReplaceSettings replace;
  private final SleepSettings sleep;
  private final PluginConfiguration configuration;
  private final AtomicInteger generations = new AtomicInteger();

  /** In the order in which they were first started. */
  private final Map<String, Installation> installations =
      Collections.synchronizedMap(new LinkedHashMap<>());

  private final Map<String, StateStore> states = new ConcurrentHashMap<>();
  private final Map<String, PluginStatus> refusedFiles =
      Collections.synchronizedMap(new LinkedHashMap<>());
  private final List<PluginListener> listeners = new CopyOnWriteArrayList<>();
  private final Set<Thread> retiring = ConcurrentHashMap.newKeySet();
  private @Nullable StateFolder stateFolder;
  private @Nullable Staging staging;
  private @Nullable Thread sandman;
  private volatile boolean stopping;

  public PluginRuntime(
      Namespaces namespaces,
      PluginsSettings settings,
      ReplaceSettings replace,
      SleepSettings sleep,
      PluginConfiguration configuration) {
    this.namespaces = namespaces;
    this.settings = settings;
    this.replace = replace;
    this.sleep = sleep;
    this.configuration = configuration;
    namespaces.onUnending(this::unending);
  }

  private void unending(String pluginId) {
    Installation installation = installations.get(pluginId);
    if (installation != null) {
      installation.unending();
    }
  }

  /** Tells of what happens to plugins from now on. */
  public void addListener(PluginListener listener) {
    listeners.add(listener);
  }

  /**
   * Starts the plugins of all JARs in a folder, in the order of their names. Of two JARs with one
   * id the first stays.
   *
   * @throws UncheckedIOException when the folder cannot be read
   * @throws StateFolderUnusable when private copies cannot be kept
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
    begin();
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
      if (installations.containsKey(jar.id())) {
        throw new PluginRefused(
            PLUGIN_DUPLICATE_ID,
            "JAR '%s' is refused: plugin '%s' is there already; remove one of the two"
                .formatted(fileName, jar.id()));
      }
      installation(jar.id()).deploy(jar, PluginOrigin.FOLDER, false);
    } catch (PluginRefused refused) {
      if (jar == null || refused.code() == PLUGIN_DUPLICATE_ID) {
        refuse(fileName, jar, refused);
      }
    } catch (RuntimeException | LinkageError unforeseen) {
      String reason = "JAR '" + fileName + "' is refused: " + Failure.text(unforeseen);
      refuse(fileName, jar, new PluginRefused(PLUGIN_START_FAILED, reason));
    }
  }

  private void refuse(String fileName, @Nullable VerifiedJar jar, PluginRefused refused) {
    String id = jar == null ? null : jar.id();
    LOG.atWarn()
        .addKeyValue("plugin", id == null ? fileName : id)
        .addKeyValue("code", refused.code())
        .log(refused.getMessage());
    refusedFiles.put(
        fileName,
        new PluginStatus(
            id,
            jar == null ? null : jar.version(),
            jar == null ? null : jar.digest(),
            null,
            fileName,
            PluginOrigin.FOLDER,
            PluginState.QUARANTINED,
            List.of(),
            false,
            refused.getMessage(),
            null,
            0,
            0,
            0,
            null,
            List.of()));
  }

  /**
   * Starts a plugin whose classes are on the class path, or puts it into the place of the one that
   * has its id, for tests of plugins.
   *
   * @param values its configuration: nested maps or dotted keys
   * @throws PluginRefused when it does not start
   */
  public void startFrom(
      String id, String version, Supplier<? extends Plugin> plugin, Map<String, Object> values) {
    installations
        .computeIfAbsent(id, unknown -> install(unknown, values))
        .deploy(new ClassPathPlugin(id, version, plugin), PluginOrigin.CLASS_PATH, false);
  }

  private Installation installation(String id) {
    return installations.computeIfAbsent(
        id, unknown -> install(unknown, configuration.of(unknown)));
  }

  private Installation install(String id, Map<String, Object> values) {
    StateStore state =
        states.computeIfAbsent(id, unknown -> new StateStore(unknown, settings.stateLimit()));
    return new Installation(
        id,
        new GenerationFactory(namespaces, settings, values, state, generations::incrementAndGet),
        namespaces,
        replace,
        new Drowsiness(sleep.hibernateAfter(), sleep.minAwake()),
        new Installation.Surroundings() {
          @Override
          public void happened(PluginEvent event) {
            listeners.forEach(listener -> listener.happened(event));
          }

          @Override
          public void save() {}

          @Override
          public void retire(Generation generation) {
            PluginRuntime.this.retire(generation);
          }
        });
  }

  private void retire(Generation generation) {
    if (stopping) {
      generation.retire(LAST_DRAIN, namespaces);
      return;
    }
    Thread thread =
        Thread.ofVirtual()
            .name(generation.record().name() + " retirement")
            .unstarted(
                () -> {
                  try {
                    generation.retire(replace.drainTimeout(), namespaces);
                  } finally {
                    retiring.remove(Thread.currentThread());
                  }
                });
    retiring.add(thread);
    thread.start();
  }

  // Operations on one plugin.

  /** Loads a plugin anew, or tries what was refused last once more. */
  public PluginStatus reload(String id) {
    return on(id, Installation::reload);
  }

  /** Brings back the version that served before. */
  public PluginStatus rollback(String id) {
    return on(id, Installation::rollback);
  }

  /** Puts a plugin to sleep. */
  public PluginStatus hibernate(String id) {
    return on(id, Installation::hibernate);
  }

  /** Wakes a plugin; has no effect on one that is awake. */
  public PluginStatus wake(String id) {
    return on(id, Installation::wake);
  }

  /** Takes a plugin out of service; its sockets stay and are answered with an error. */
  public PluginStatus disable(String id) {
    return on(id, Installation::disable);
  }

  /** Takes {@link #disable} back. */
  public PluginStatus enable(String id) {
    return on(id, Installation::enable);
  }

  /** Ends a plugin for good and disconnects its sockets; its state is forgotten. */
  public void remove(String id) {
    known(id).remove();
    installations.remove(id);
    states.remove(id);
  }

  private interface Operation {
    void on(Installation installation);
  }

  private PluginStatus on(String id, Operation operation) {
    Installation installation = known(id);
    operation.on(installation);
    return installation.status();
  }

  private Installation known(String id) {
    Installation installation = installations.get(id);
    if (installation == null) {
      throw new UnknownPlugin(id);
    }
    return installation;
  }

  // Sleep.

  /** Puts idle plugins to sleep from now on, and wakes those that have something to do. */
  void begin() {
    sandman = Thread.ofVirtual().name("sandman").start(this::lookAfterSleepers);
  }

  private void lookAfterSleepers() {
    try {
      while (!stopping) {
        Thread.sleep(LOOK_AFTER_SLEEPERS);
        for (Installation installation : all()) {
          installation.wakeIfDue();
          installation.hibernateIfIdle();
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Installation> all() {
    synchronized (installations) {
      return new ArrayList<>(installations.values());
    }
  }

  // Asking.

  /** Each plugin in the order in which they were first started, then the files that are none. */
  public List<PluginStatus> plugins() {
    List<PluginStatus> statuses = new ArrayList<>();
    all().forEach(installation -> statuses.add(installation.status()));
    synchronized (refusedFiles) {
      statuses.addAll(refusedFiles.values());
    }
    return statuses;
  }

  /** One plugin; empty when there is none of that id. */
  public Optional<PluginStatus> plugin(String id) {
    return Optional.ofNullable(installations.get(id)).map(Installation::status);
  }

  /**
   * A file of a plugin for browsers. Wakes nobody.
   *
   * @param path below {@code web/}, decoded, without a leading slash; empty or with a slash at its
   *     end it means the {@code index.html} there
   */
  public Optional<WebFile> webFile(String pluginId, String path) {
    Installation plugin = installations.get(pluginId);
    WebFiles pages = plugin == null ? null : plugin.pages();
    return pages == null ? Optional.empty() : pages.find(path);
  }

  /**
   * Stops all plugins, the last started first: their namespaces are closed, their tasks ended,
   * their classes unloaded. What was refused is forgotten; state is kept.
   */
  public synchronized void stop() {
    stopping = true;
    if (sandman != null) {
      sandman.interrupt();
    }
    all().reversed().forEach(Installation::end);
    retiring.forEach(PluginRuntime::join);
    installations.clear();
    refusedFiles.clear();
    if (stateFolder != null) {
      stateFolder.close();
      stateFolder = null;
      staging = null;
    }
    stopping = false;
  }

  private static void join(Thread retirement) {
    try {
      boolean _ = retirement.join(LAST_DRAIN);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  private Staging staging() {
    if (staging == null) {
      stateFolder = StateFolder.open(settings.staging());
      staging = new Staging(stateFolder.jars());
    }
    return staging;
  }

  private Set<Path> named() {
    Set<Path> named = new HashSet<>();
    for (Installation installation : all()) {
      for (Loadable version : installation.kept()) {
        if (version instanceof VerifiedJar jar) {
          named.add(jar.staged().file());
        }
      }
    }
    return named;
  }
}
