package io.dormouse.host.plugin;

import io.dormouse.api.Plugin;
import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.plugin.InstallationStore.Installed;
import io.dormouse.host.plugin.SharedInstallations.Wanted;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
  private static final Duration LOOK_AFTER_SLEEPERS = Duration.ofSeconds(1);

  private final Namespaces namespaces;
  private final MeterRegistry registry;
  private final RuntimeMeters meters;
  private final PluginsSettings settings;
  private final ReplaceSettings replace;
  private final SleepSettings sleep;
  private final PluginConfiguration configuration;
  private final Sharing sharing;
  private final LeakWatch leaks;
  private final Retirement retirement;
  private final AtomicInteger generations = new AtomicInteger();

  /** In the order in which they were first started. */
  private final Map<String, Installation> installations =
      Collections.synchronizedMap(new LinkedHashMap<>());

  private final Map<String, Heritage> heritages = new ConcurrentHashMap<>();

  /** What was removed by hand while the folder still has its JAR, by id. */
  private final Map<String, Installed> removed = new ConcurrentHashMap<>();

  /** What was installed and cannot be taken up, because its settings are wrong. */
  private final Map<String, Installed> unstarted = new ConcurrentHashMap<>();

  private final Map<String, PluginStatus> refusedFiles =
      Collections.synchronizedMap(new LinkedHashMap<>());

  /** What all hosts want and this one cannot have at all. */
  private final Map<String, PluginStatus> unfit = new ConcurrentHashMap<>();

  private final List<PluginListener> listeners = new CopyOnWriteArrayList<>();
  private @Nullable Repository repository;
  private @Nullable FolderWatch watch;
  private volatile @Nullable Rollout rollout;

  /** While what the folder has is no change, but what this host begins with. */
  private volatile boolean beginning;

  private @Nullable Thread sandman;

  public PluginRuntime(
      Namespaces namespaces,
      MeterRegistry registry,
      PluginsSettings settings,
      ReplaceSettings replace,
      SleepSettings sleep,
      PluginConfiguration configuration) {
    this(namespaces, registry, settings, replace, sleep, configuration, Sharing.nothing());
  }

  /**
   * @param sharing what this host's plugins have in common with those of other hosts
   */
  public PluginRuntime(
      Namespaces namespaces,
      MeterRegistry registry,
      PluginsSettings settings,
      ReplaceSettings replace,
      SleepSettings sleep,
      PluginConfiguration configuration,
      Sharing sharing) {
    this.sharing = sharing;
    this.namespaces = namespaces;
    this.registry = registry;
    this.meters = new RuntimeMeters(registry);
    this.settings = settings;
    this.replace = replace;
    this.sleep = sleep;
    this.configuration = configuration;
    this.leaks = new LeakWatch(Optional.of(replace.leakCheck()).filter(ReplaceSettings::isSoon));
    this.retirement = new Retirement(namespaces, replace.drainTimeout(), leaks, this::happened);
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

  private void happened(PluginEvent event) {
    listeners.forEach(listener -> listener.happened(event));
  }

  /**
   * Starts what was installed when the host stopped, or what all hosts want, then what the folder
   * has that is newer, in the order of their ids, and follows the folder and the other hosts from
   * then on.
   *
   * @param folder null for none: then plugins come as uploads only
   * @throws UncheckedIOException when the folder cannot be read
   * @throws StateFolderUnusable when private copies cannot be kept
   */
  public synchronized void start(@Nullable Path folder) {
    if (folder != null) {
      checkReadable(folder);
    }
    Repository opened = repository();
    SharedInstallations shared = settings.shared() ? sharing.installations() : null;
    Rollout joined = shared == null ? null : new Rollout(shared, new Followed(opened));
    rollout = joined;
    List<Installed> remembered = opened.remembered();
    recall(joined == null ? remembered : joined.begin(remembered), opened);
    if (folder != null) {
      beginning = true;
      follow(folder, opened.staging());
      beginning = false;
    }
    opened.keepOnly(kept());
    begin();
    if (joined != null) {
      joined.start();
    }
  }

  private static void checkReadable(Path folder) {
    try (DirectoryStream<Path> readable = Files.newDirectoryStream(folder)) {
      LOG.debug("Plugins come from '{}'", readable);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private void follow(Path folder, Staging staging) {
    var looking =
        new FolderWatch(
            folder, settings.scanInterval(), staging, settings.maxJarSize(), new FolderFollower());
    watch = looking;
    expect(looking);
    looking.scan();
    looking.start();
  }

  private void recall(List<Installed> remembered, Repository from) {
    // All of them before any starts: what is written meanwhile must not lack the others.
    remembered.forEach(before -> recall(before, from));
    for (Installation installation : all()) {
      quietly(installation.id(), installation::start);
      if (rollout != null) {
        installation.settleForFormer();
      }
    }
  }

  private void recall(Installed before, Repository from) {
    VerifiedJar jar = from.find(before.digest(), before.jar());
    if (before.removed()) {
      removed.put(before.id(), before);
      return;
    }
    try {
      if (jar != null) {
        installation(before.id()).recall(before, jar, from.find(before.formerDigest(), null));
      } else {
        LOG.warn(
            "Plugin '{}' {} was installed, but its copy has gone; put its JAR into the folder or upload it again",
            before.id(),
            before.version());
      }
    } catch (PluginRefused misconfigured) {
      unstarted.put(before.id(), before);
      refuse(String.valueOf(before.jar()), jar, misconfigured);
    }
  }

  private void expect(FolderWatch looking) {
    for (Installation installation : all()) {
      if (installation.versions().folderDigest() != null) {
        PluginStatus was = installation.status();
        looking.expect(installation.id(), was.origin() == PluginOrigin.FOLDER ? was.jar() : null);
      }
    }
    removed.keySet().forEach(id -> looking.expect(id, null));
  }

  /** A refusal was said where it happened. */
  private static void quietly(String pluginId, Runnable operation) {
    try {
      operation.run();
    } catch (PluginRefused refused) {
      LOG.debug("Plugin '{}': {}", pluginId, refused.getMessage());
    } catch (NothingToDo | UnknownPlugin already) {
      LOG.debug("{}", already.getMessage());
    }
  }

  /** What the folder wants, as far as it has changed since it was looked at last. */
  private final class FolderFollower implements FolderWatch.Listener {
    @Override
    public void offered(VerifiedJar jar) {
      try {
        follow(jar);
      } catch (PluginRefused misconfigured) {
        refuse(String.valueOf(jar.fileName()), jar, misconfigured);
      }
    }

    /** Only other bytes are a change: a ConfigMap makes all of its files anew for one of them. */
    private void follow(VerifiedJar jar) {
      Installed gone = removed.get(jar.id());
      if (gone != null && jar.digest().equals(gone.folderDigest())) {
        return;
      }
      if (isOlderThanShared(jar, gone)) {
        return;
      }
      removed.remove(jar.id());
      Installation installation = installation(jar.id());
      Versions versions = installation.versions();
      boolean known = versions.folderDigest() != null;
      boolean news = !jar.digest().equals(versions.folderDigest());
      if (news && !versions.isWanted(jar) && !versions.isQuarantined(jar.digest())) {
        quietly(
            jar.id(),
            () -> installation.deploy(jar, PluginOrigin.FOLDER, replace.refuseRemovedNamespaces()));
      }
      versions.folderOffers(jar.digest());
      save();
      tidy();
      if (news && versions.isWanted(jar) && (!beginning || known)) {
        changed(jar.id());
      }
    }

    /** A new host begins with what all hosts want, whatever came with it. */
    private boolean isOlderThanShared(VerifiedJar jar, @Nullable Installed gone) {
      Rollout joined = rollout;
      if (!beginning || joined == null || !joined.knows(jar.id())) {
        return false;
      }
      if (gone != null) {
        if (gone.folderDigest() == null) {
          removed.put(jar.id(), gone.offered(jar.digest()));
          save();
          return true;
        }
        return false;
      }
      Installation there = installations.get(jar.id());
      if (there == null || there.versions().folderDigest() != null) {
        return false;
      }
      there.versions().folderOffers(jar.digest());
      save();
      return true;
    }

    @Override
    public void withdrawn(String pluginId) {
      removed.remove(pluginId);
      Installation installation = installations.get(pluginId);
      boolean gone = installation != null && comesFromFolder(installation.versions());
      if (installation != null) {
        installation.versions().folderOffers(null);
        if (gone) {
          Installed last = installation.remembered();
          uninstall(installation);
          bury(pluginId, last);
          clear(pluginId);
        }
      }
      save();
      if (gone) {
        changed(pluginId);
      }
    }

    /** Another host's folder may have had a newer one. */
    private boolean comesFromFolder(Versions versions) {
      Loadable wanted = versions.wanted();
      boolean here =
          rollout == null
              || wanted == null
              || Objects.equals(wanted.digest(), versions.folderDigest());
      return here && versions.origin() == PluginOrigin.FOLDER;
    }

    @Override
    public void refused(String fileName, @Nullable VerifiedJar jar, PluginRefused why) {
      refuse(fileName, jar, why);
    }

    @Override
    public void accepted(String fileName) {
      refusedFiles.remove(fileName);
    }
  }

  /** Looks at the folder now. */
  public void scan() {
    FolderWatch looking = watch;
    if (looking != null) {
      looking.scan();
    }
  }

  private void refuse(String fileName, @Nullable VerifiedJar jar, PluginRefused refused) {
    String id = jar == null ? null : jar.id();
    LOG.atWarn()
        .addKeyValue("plugin", id == null ? fileName : id)
        .addKeyValue("code", refused.code())
        .log(refused.getMessage());
    refusedFiles.put(fileName, PluginStatus.ofRefused(fileName, jar, refused));
  }

  /**
   * Starts a plugin whose classes are on the class path, or puts it into the place of the one that
   * has its id, for tests of plugins.
   *
   * @param plugin makes its object, each time that a generation of it starts
   * @param values its configuration: nested maps or dotted keys
   * @throws PluginRefused when it does not start
   */
  public void startFrom(
      String id, String version, Supplier<? extends Plugin> plugin, Map<String, Object> values) {
    installations
        .computeIfAbsent(id, unknown -> install(unknown, values))
        .deploy(new ClassPathPlugin(id, version, plugin), PluginOrigin.CLASS_PATH, false);
    begin();
  }

  private Installation installation(String id) {
    unfit.remove(id);
    return installations.computeIfAbsent(
        id, unknown -> install(unknown, configuration.of(unknown)));
  }

  private Installation install(String id, Map<String, Object> values) {
    SleepSettings own = sleep.of(id, values);
    return new Installation(
        id,
        new GenerationFactory(
            namespaces,
            settings,
            SleepSettings.without(values),
            heritages.computeIfAbsent(id, this::heritage),
            generations::incrementAndGet),
        namespaces,
        replace,
        new Drowsiness(own.hibernateAfter(), own.minAwake()),
        new Installation.Surroundings() {
          @Override
          public void happened(PluginEvent event) {
            PluginRuntime.this.happened(event);
          }

          @Override
          public void save() {
            PluginRuntime.this.save();
          }

          @Override
          public void retire(Generation generation) {
            retirement.retire(generation);
          }

          @Override
          public void woken(Duration taken) {
            meters.woken(id, taken);
          }

          @Override
          public void replaced(Duration taken) {
            meters.replaced(id, taken);
          }
        });
  }

  private Heritage heritage(String id) {
    return new Heritage(
        sharing.states().of(id, settings.stateLimit()),
        new TaskTimes(),
        sharing.leases(),
        new ExportedMetrics(id, registry));
  }

  /** Somebody has changed a plugin on this host, and so on all. */
  private void changed(String id) {
    Rollout joined = rollout;
    if (joined != null) {
      joined.changed(id);
    }
  }

  /** What other hosts have changed. */
  private final class Followed implements Rollout.Local {
    private final Repository from;

    Followed(Repository from) {
      this.from = from;
    }

    @Override
    public @Nullable VerifiedJar find(String digest, @Nullable String name) {
      return from.find(digest, name);
    }

    @Override
    public VerifiedJar stage(InputStream jar, String name) {
      return from.stage(jar, name);
    }

    @Override
    public List<Installed> installed() {
      return PluginRuntime.this.installed();
    }

    @Override
    public void apply(Wanted wanted, @Nullable VerifiedJar jar, @Nullable VerifiedJar former) {
      Installation there = installations.get(wanted.id());
      unfit.remove(wanted.id());
      try {
        if (jar == null) {
          take(there);
        } else if (there == null) {
          bring(wanted, jar, former);
        } else {
          there.follow(wanted, jar, former);
        }
        meters.followed(wanted.id(), true);
      } finally {
        save();
        tidy();
      }
    }

    private void take(@Nullable Installation there) {
      if (there != null) {
        Installed last = there.remembered();
        uninstall(there);
        bury(there.id(), last);
      }
    }

    private void bring(Wanted wanted, VerifiedJar jar, @Nullable VerifiedJar former) {
      Installed gone = removed.remove(wanted.id());
      Installation made = installation(wanted.id());
      made.recall(Rollout.installed(wanted, gone), jar, former);
      try {
        made.start();
      } finally {
        made.settleForFormer();
      }
    }

    @Override
    public void cannot(Wanted wanted, String reason) {
      meters.followed(wanted.id(), false);
      Installation installation = installations.get(wanted.id());
      if (installation != null) {
        installation.versions().failed(reason, wanted.digest());
      } else {
        unfit.put(wanted.id(), PluginStatus.ofUnfit(wanted, reason));
      }
    }

    @Override
    public void save() {
      PluginRuntime.this.save();
    }
  }

  /** The plugin was removed on this host: its values are of no use to any. */
  private void clear(String id) {
    try {
      sharing.states().of(id, settings.stateLimit()).clear();
    } catch (StateUnreachable stays) {
      LOG.atWarn()
          .addKeyValue("plugin", id)
          .log("Removed, but not forgotten: " + stays.getMessage());
    }
  }

  private void forget(String id) {
    Heritage gone = heritages.remove(id);
    if (gone != null) {
      gone.metrics().remove();
    }
  }

  private void save() {
    Repository open = repository;
    if (open == null) {
      return;
    }
    synchronized (removed) { // one at a time, and the last one has the last word
      open.remember(installed());
    }
  }

  private List<Installed> installed() {
    List<Installed> installed = new ArrayList<>(removed.values());
    installed.addAll(unstarted.values());
    all().stream().map(Installation::remembered).filter(Objects::nonNull).forEach(installed::add);
    Rollout joined = rollout;
    if (joined != null) {
      installed.replaceAll(one -> withAhead(one, joined.ahead(one.id())));
    }
    return installed;
  }

  private static Installed withAhead(Installed one, @Nullable Long place) {
    return place == null ? one : one.aheadOf(place);
  }

  /** What is removed must not come back by itself: from the folder, or from the other hosts. */
  private void bury(String id, @Nullable Installed last) {
    if (last != null && (last.folderDigest() != null || rollout != null)) {
      removed.put(id, last.asRemoved());
    }
  }

  // Operations on one plugin.

  /**
   * Copies and verifies a JAR; it is not deployed yet.
   *
   * @param name for people
   * @throws PluginRefused when it is too large, no plugin, or cannot be copied
   */
  public Upload stage(InputStream jar, String name) {
    VerifiedJar verified = repository().stage(jar, name);
    try {
      return new Upload(verified, Files.size(verified.staged().file()));
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /**
   * Puts an upload into the place of what serves, or starts the plugin. Returns when it serves.
   *
   * @param refuseRemoved whether to refuse it when it lacks a namespace of the former version
   * @throws PluginRefused when it does not come into service; what served goes on
   * @throws OperationInProgress when something else is being done with the plugin
   */
  public PluginStatus deploy(Upload upload, boolean refuseRemoved) {
    removed.remove(upload.id());
    Installation installation = installation(upload.id());
    installation.deploy(
        upload.jar(), PluginOrigin.UPLOAD, refuseRemoved || replace.refuseRemovedNamespaces());
    changed(upload.id());
    tidy();
    return installation.status();
  }

  /**
   * Loads, starts and probes an upload beside what serves, and throws it away.
   *
   * @throws PluginRefused when it would not come into service
   */
  public DryRun dryRun(Upload upload) {
    Installation known = installations.get(upload.id());
    if (known != null) {
      return known.dryRun(upload.jar());
    }
    try {
      return install(upload.id(), configuration.of(upload.id())).dryRun(upload.jar());
    } finally {
      if (!installations.containsKey(upload.id())) {
        forget(upload.id());
      }
    }
  }

  private void tidy() {
    Repository open = repository;
    if (open != null) {
      open.keepOnly(kept());
    }
  }

  /** Loads a plugin anew, or tries what was refused last once more. */
  public PluginStatus reload(String id) {
    return change(id, Installation::reload);
  }

  /** Brings back the version that served before. */
  public PluginStatus rollback(String id) {
    return change(id, Installation::rollback);
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
    return change(id, Installation::disable);
  }

  /** Takes {@link #disable} back. */
  public PluginStatus enable(String id) {
    return change(id, Installation::enable);
  }

  /**
   * Ends a plugin for good and disconnects its sockets; its state is forgotten. The folder's JAR
   * brings it back when it changes.
   */
  public void remove(String id) {
    Installation installation = known(id);
    Installed last = installation.remembered();
    uninstall(installation);
    bury(id, last);
    save();
    clear(id);
    changed(id);
  }

  private void uninstall(Installation installation) {
    installation.remove();
    installations.remove(installation.id(), installation);
    forget(installation.id());
    tidy();
  }

  private interface Operation {
    void on(Installation installation);
  }

  private PluginStatus on(String id, Operation operation) {
    Installation installation = known(id);
    operation.on(installation);
    return installation.status();
  }

  private PluginStatus change(String id, Operation operation) {
    PluginStatus after = on(id, operation);
    changed(id);
    return after;
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
  private synchronized void begin() {
    if (sandman != null) {
      return;
    }
    sandman = Thread.ofVirtual().name("sandman").start(this::lookAfterSleepers);
  }

  private void lookAfterSleepers() {
    try {
      while (true) {
        Thread.sleep(LOOK_AFTER_SLEEPERS);
        all().forEach(Installation::tend);
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
    statuses.addAll(unfit.values());
    return statuses;
  }

  /** One plugin; empty when there is none of that id. */
  public Optional<PluginStatus> plugin(String id) {
    Installation installation = installations.get(id);
    return Optional.ofNullable(installation == null ? unfit.get(id) : installation.status());
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

  /** Forces a verdict on all retired generations whose classes are still in memory. */
  public void checkLeaks() {
    leaks.checkNow();
  }

  /**
   * Stops all plugins, the last started first: their namespaces are closed, their tasks ended,
   * their classes unloaded. What was refused is forgotten; state is kept.
   */
  public synchronized void stop() {
    Rollout joined = rollout;
    if (joined != null) {
      joined.stop();
    }
    if (watch != null) {
      watch.close();
      watch = null;
    }
    if (sandman != null) {
      sandman.interrupt();
      sandman = null;
    }
    retirement.hurry();
    all().reversed().forEach(Installation::stop);
    retirement.settle();
    installations.clear();
    heritages.replaceAll(
        (id, all) -> {
          all.metrics().remove();
          return new Heritage(
              all.state(), new TaskTimes(), all.leases(), new ExportedMetrics(id, registry));
        });
    removed.clear();
    unstarted.clear();
    unfit.clear();
    refusedFiles.clear();
    rollout = null;
    if (repository != null) {
      repository.close();
      repository = null;
    }
  }

  private synchronized Repository repository() {
    if (repository == null) {
      repository = Repository.open(settings);
    }
    return repository;
  }

  private List<Loadable> kept() {
    return all().stream().flatMap(installation -> installation.versions().kept().stream()).toList();
  }
}
