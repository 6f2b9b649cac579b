package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_DRAIN_TIMEOUT;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_NAMESPACE_REMOVED;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_NAMESPACE_TAKEN;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_START_FAILED;

import io.dormouse.host.namespace.NamespaceTaken;
import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.plugin.InstallationStore.Installed;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a plugin id stands for: which version is wanted, which one serves, which one served before;
 * and how one comes into the place of another while sockets stay.
 *
 * <pre>
 *   replace:  load → start → probe → (swap) → old: drain → retire
 *   with onReplace:  … probe → (gate) → old: drain → onReplace → (swap) → old: retire
 *   sleep:    (asleep) → drain → onHibernate → retire        wake: load → start → onWake → (swap)
 * </pre>
 *
 * What stands in brackets is one write in the namespaces. Whatever fails before the swap leaves
 * what served untouched. One operation at a time; asking waits for none.
 */
final class Installation {
  private static final Logger LOG = LoggerFactory.getLogger(Installation.class);
  private static final int MOST_GENERATIONS = 20;
  private static final int MOST_FAILED_WAKES = 3;

  private final String id;
  private final GenerationFactory factory;
  private final Namespaces namespaces;
  private final ReplaceSettings settings;
  private final Surroundings around;
  private final Turn turn;
  private final Drowsiness drowsiness;
  private final Deque<GenerationRecord> generations = new ArrayDeque<>();

  /** Why JARs were refused, by digest; those are not tried again by themselves. */
  private final TreeMap<String, String> quarantined = new TreeMap<>();

  private PluginState state = PluginState.QUARANTINED;
  private PluginOrigin origin = PluginOrigin.FOLDER;
  private @Nullable Loadable wanted;
  private @Nullable Loadable former;
  private @Nullable Loadable refused;
  private @Nullable Generation current;
  private @Nullable Watch watch;
  private @Nullable WebFiles pages;
  private List<String> served = List.of();
  private @Nullable String lastError;
  private @Nullable String folderDigest;
  private @Nullable Instant changed;
  private long wakes;
  private int failedWakes;

  /** What the installation needs of the runtime. */
  interface Surroundings {
    void happened(PluginEvent event);

    /** Something that a restart must not forget has changed. */
    void save();

    /** Ends a generation that does not serve, sooner or later. */
    void retire(Generation generation);
  }

  Installation(
      String id,
      GenerationFactory factory,
      Namespaces namespaces,
      ReplaceSettings settings,
      Drowsiness drowsiness,
      Surroundings around) {
    this.id = id;
    this.factory = factory;
    this.namespaces = namespaces;
    this.settings = settings;
    this.drowsiness = drowsiness;
    this.around = around;
    this.turn = new Turn(id);
  }

  String id() {
    return id;
  }

  // Operations.

  /**
   * Puts a version into the place of what serves, or starts the plugin.
   *
   * @throws PluginRefused when it does not come into service; what served goes on
   */
  void deploy(Loadable next, PluginOrigin from, boolean refuseRemoved) {
    turn.take(wanted == null ? "start" : "replace");
    try {
      lift(next);
      if (state == PluginState.DISABLED) {
        remember(next, from);
      } else {
        replace(
            next,
            from,
            refuseRemoved,
            current == null && wanted == null
                ? PluginEvent.Type.STARTED
                : PluginEvent.Type.REPLACED);
      }
    } finally {
      turn.give();
    }
  }

  /** Loads, starts and probes a version, and throws it away. */
  DryRun dryRun(Loadable next) {
    Generation made = prepare(next, false);
    try {
      Namespaces.Changes changes = changes(made, next, false);
      return new DryRun(
          id,
          next.version(),
          String.valueOf(next.digest()),
          List.copyOf(changes.added()),
          List.copyOf(changes.removed()),
          List.copyOf(changes.kept()));
    } finally {
      around.retire(made);
    }
  }

  /** Tries what was refused last once more, or loads anew what serves. */
  void reload() {
    turn.take("reload");
    try {
      Loadable next = refused != null ? refused : wanted;
      if (next == null || state == PluginState.DISABLED) {
        throw new NothingToDo("Plugin '" + id + "' is disabled; enable it instead");
      }
      lift(next);
      replace(next, origin, false, PluginEvent.Type.REPLACED);
    } finally {
      turn.give();
    }
  }

  /** Brings back the version that served before. */
  void rollback() {
    turn.take("rollback");
    try {
      Loadable back = former;
      if (back == null) {
        throw new NothingToDo("Plugin '" + id + "' has no former version to go back to");
      }
      lift(back);
      replace(back, origin, false, PluginEvent.Type.ROLLED_BACK);
    } finally {
      turn.give();
    }
  }

  private void rollBackFrom(Generation failing, String why) {
    turn.await("rollback");
    try {
      Loadable bad = wanted;
      Loadable back = former;
      if (current != failing || bad == null || back == null) {
        return;
      }
      String reason =
          "%s is rolled back to %s: %s"
              .formatted(failing.record().name().title(), back.version(), why);
      LOG.atError().addKeyValue("plugin", id).log(reason);
      failing.record().because(reason);
      replace(back, origin, false, PluginEvent.Type.ROLLED_BACK);
      quarantine(bad, reason);
      around.save();
    } catch (PluginRefused stays) {
      LOG.atError().addKeyValue("plugin", id).log("The rollback failed: {}", stays.getMessage());
    } finally {
      turn.give();
    }
  }

  void hibernate() {
    turn.take(Turn.HIBERNATE);
    try {
      if (state != PluginState.ACTIVE) {
        throw new NothingToDo(
            "Plugin '%s' is %s; only an active one can be put to sleep".formatted(id, word(state)));
      }
      fallAsleep();
    } finally {
      turn.give();
    }
  }

  /** Puts it to sleep when it has had nothing to do for long enough. */
  void hibernateIfIdle() {
    if (isDrowsy() && turn.tryTake(Turn.HIBERNATE)) {
      try {
        if (isDrowsy()) {
          fallAsleep();
        }
      } finally {
        turn.give();
      }
    }
  }

  private synchronized boolean isDrowsy() {
    Generation awake = current;
    return state == PluginState.ACTIVE
        && awake != null
        && (watch == null || !watch.isOpen())
        && awake.owner().leases().count() == 0
        && drowsiness.maySleep(Instant.now(), awake.owner().idle(), factory.nextTask());
  }

  private void fallAsleep() {
    Generation old = Objects.requireNonNull(current);
    namespaces.sleep(id, this::wakeForSomebody);
    old.tasks().hold();
    boolean _ = old.drain(settings.drainTimeout());
    old.hibernate();
    endWatch();
    synchronized (this) {
      current = null;
      state = PluginState.HIBERNATED;
    }
    drowsiness.slept(Instant.now());
    around.retire(old);
    tell(PluginEvent.Type.HIBERNATED, "");
  }

  /** Wakes it; has no effect when it is awake. */
  void wake() {
    turn.take(Turn.WAKE);
    try {
      if (state == PluginState.DISABLED || state == PluginState.QUARANTINED) {
        throw new NothingToDo(
            "Plugin '%s' is %s; only a sleeping one can be woken".formatted(id, word(state)));
      }
      awaken();
    } finally {
      turn.give();
    }
  }

  void wakeIfDue() {
    if (state() == PluginState.HIBERNATED && !factory.nextTask().isAfter(Instant.now())) {
      wakeForSomebody();
    }
  }

  private void wakeForSomebody() {
    turn.await(Turn.WAKE);
    try {
      awaken();
    } catch (PluginRefused failed) {
      LOG.atError().addKeyValue("plugin", id).log(failed.getMessage());
    } catch (RuntimeException | LinkageError unforeseen) {
      LOG.atError()
          .addKeyValue("plugin", id)
          .log("Plugin '{}' could not be woken: {}", id, Failure.text(unforeseen));
      wakeFailed(Failure.text(unforeseen));
    } finally {
      turn.give();
    }
  }

  private void awaken() {
    if (state != PluginState.HIBERNATED) {
      return;
    }
    Generation made;
    try {
      made = prepare(Objects.requireNonNull(wanted), true);
      changes(made, wanted, false);
    } catch (PluginRefused refusal) {
      wakeFailed(refusal.getMessage());
      throw refusal;
    }
    synchronized (this) {
      current = made;
      state = PluginState.ACTIVE;
      wakes++;
      failedWakes = 0;
    }
    made.record().become(GenerationState.CURRENT);
    drowsiness.woken(Instant.now());
    namespaces.serve(made.owner(), made.handlers());
    made.tasks().open();
    tell(PluginEvent.Type.WOKEN, "");
  }

  private void wakeFailed(@Nullable String why) {
    boolean givenUp;
    synchronized (this) {
      lastError = why;
      givenUp = ++failedWakes >= MOST_FAILED_WAKES;
      if (givenUp) {
        state = PluginState.QUARANTINED;
      }
    }
    if (givenUp) {
      namespaces.suspend(id);
      tell(PluginEvent.Type.QUARANTINED, "it could not be woken " + MOST_FAILED_WAKES + " times");
    } else {
      namespaces.wakeFailed(id);
    }
  }

  /** Takes it out of service; its sockets stay. */
  void disable() {
    turn.take("disable");
    try {
      if (state == PluginState.DISABLED) {
        return;
      }
      namespaces.suspend(id);
      Generation old = current;
      endWatch();
      synchronized (this) {
        current = null;
        state = PluginState.DISABLED;
      }
      if (old != null) {
        around.retire(old);
      }
      around.save();
      tell(PluginEvent.Type.DISABLED, "");
    } finally {
      turn.give();
    }
  }

  void enable() {
    turn.take("enable");
    try {
      Loadable next = wanted;
      if (state != PluginState.DISABLED || next == null) {
        throw new NothingToDo("Plugin '" + id + "' is not disabled");
      }
      replace(next, origin, false, PluginEvent.Type.ENABLED);
    } finally {
      turn.give();
    }
  }

  /** Ends it for good, and disconnects its sockets. */
  void remove() {
    turn.take("remove");
    try {
      if (state() == PluginState.HIBERNATED && namespaces.socketCount(id) > 0) {
        wakeToSayGoodbye();
      }
      end();
      tell(PluginEvent.Type.REMOVED, "");
    } finally {
      turn.give();
    }
  }

  private void wakeToSayGoodbye() {
    try {
      awaken();
    } catch (RuntimeException | LinkageError unable) {
      LOG.atWarn()
          .addKeyValue("plugin", id)
          .log("Plugin '{}' could not be told of its end: {}", id, Failure.text(unable));
    }
  }

  /** Closes its namespaces and ends what serves. */
  void end() {
    endWatch();
    namespaces.close(id);
    Generation old;
    synchronized (this) {
      old = current;
      current = null;
      state = PluginState.DISABLED;
      if (pages != null) {
        pages.close();
        pages = null;
      }
    }
    if (old != null) {
      around.retire(old);
    }
  }

  /** One of its handlers cannot be ended; its events are answered with an error already. */
  void unending() {
    Watch watching;
    synchronized (this) {
      watching = watch;
      state = state == PluginState.ACTIVE ? PluginState.QUARANTINED : state;
      lastError =
          "Plugin '%s' has a handler that does not end when interrupted; replace or reload it"
              .formatted(id);
    }
    tell(PluginEvent.Type.QUARANTINED, "a handler does not end when interrupted");
    if (watching != null && watching.isOpen()) {
      watching.unending();
    }
  }

  // How one version comes into the place of another.

  private void replace(
      Loadable next, PluginOrigin from, boolean refuseRemoved, PluginEvent.Type type) {
    Generation made;
    try {
      made = prepare(next, false);
    } catch (PluginRefused refusal) {
      throw refuse(next, refusal);
    }
    Generation old = current;
    boolean swapped = false;
    try {
      changes(made, next, refuseRemoved);
      if (made.migrates() && wanted != null && type != PluginEvent.Type.STARTED) {
        swapAlone(old, made, wanted.version());
      } else {
        swap(old, made);
      }
      swapped = true;
    } catch (PluginRefused refusal) {
      made.record().quarantined(refusal.getMessage());
      throw refuse(next, refusal);
    } finally {
      if (!swapped) {
        around.retire(made);
      }
    }
    adopt(made, next, from);
    if (old != null) {
      around.retire(old);
    }
    around.save();
    said(made, next, type);
    if (type == PluginEvent.Type.REPLACED && former != null) {
      watch(made);
    }
  }

  private void swap(@Nullable Generation old, Generation made) {
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

  /** The new one migrates what the old one left, with nobody beside it. */
  private void swapAlone(@Nullable Generation old, Generation made, String oldVersion) {
    boolean asleep = old == null && state == PluginState.HIBERNATED;
    boolean done = false;
    namespaces.gate(id);
    Runnable data = () -> {};
    Runnable stored = () -> {};
    try {
      if (old != null) {
        old.tasks().hold();
        if (!old.drain(settings.drainTimeout())) {
          throw new PluginRefused(
              PLUGIN_DRAIN_TIMEOUT,
              "%s does not replace %s: what that one has begun takes longer than %s (dormouse.replace.drain-timeout)"
                  .formatted(made.record().name().title(), oldVersion, settings.drainTimeout()));
        }
      }
      data = namespaces.snapshot(id);
      stored = factory.stateSnapshot();
      made.migrate(oldVersion);
      swap(null, made);
      done = true;
    } finally {
      if (!done) {
        data.run();
        stored.run();
        if (old != null) {
          namespaces.ungate(old.owner(), old.handlers());
          old.tasks().resume();
        } else if (asleep) {
          namespaces.sleep(id, this::wakeForSomebody);
        } else {
          namespaces.suspend(id);
        }
      }
    }
  }

  private Generation prepare(Loadable next, boolean woken) {
    GenerationRecord record = factory.record(next);
    synchronized (this) {
      generations.addFirst(record);
      if (generations.size() > MOST_GENERATIONS) {
        generations.removeLast();
      }
    }
    Generation made = null;
    try {
      made = factory.make(next, record, woken, this::handlerFailed);
      made.start(woken);
      return made;
    } catch (PluginRefused refusal) {
      record.quarantined(refusal.getMessage());
      if (made != null) {
        around.retire(made);
      }
      throw refusal;
    } catch (RuntimeException | LinkageError unforeseen) {
      var refusal =
          new PluginRefused(
              PLUGIN_START_FAILED,
              record.name().title() + " did not start: " + Failure.text(unforeseen));
      record.quarantined(refusal.getMessage());
      throw refusal;
    }
  }

  private Namespaces.Changes changes(Generation made, Loadable next, boolean refuseRemoved) {
    Namespaces.Changes changes;
    try {
      changes = namespaces.changes(id, made.handlers().keySet());
    } catch (NamespaceTaken taken) {
      throw refusal(made, taken);
    }
    if (refuseRemoved && !changes.removed().isEmpty()) {
      throw new PluginRefused(
          PLUGIN_NAMESPACE_REMOVED,
          "Plugin '%s' %s is refused: it does not serve %s any more, which was asked to be kept"
              .formatted(id, next.version(), String.join(", ", changes.removed())));
    }
    return changes;
  }

  private static PluginRefused refusal(Generation made, NamespaceTaken taken) {
    return new PluginRefused(
        PLUGIN_NAMESPACE_TAKEN,
        ("%s did not start: namespace '%s' is already served by plugin '%s'; remove that plugin"
                + " or choose another namespace")
            .formatted(made.record().name().title(), taken.namespace(), taken.pluginId()));
  }

  private void adopt(Generation made, Loadable next, PluginOrigin from) {
    endWatch();
    synchronized (this) {
      current = made;
      remember(next, from);
      state = PluginState.ACTIVE;
      served = made.handlers().keySet().stream().sorted().toList();
      lastError = null;
      refused = null;
      failedWakes = 0;
      changed = Instant.now();
    }
    made.record().become(GenerationState.CURRENT);
    drowsiness.replaced(Instant.now());
  }

  private synchronized void remember(Loadable next, PluginOrigin from) {
    if (wanted != null && !next.isSameAs(wanted)) {
      former = wanted;
      if (pages != null) {
        pages.close();
        pages = null;
      }
    }
    wanted = next;
    origin = from;
  }

  private void said(Generation made, Loadable next, PluginEvent.Type type) {
    LOG.atInfo()
        .addKeyValue("plugin", id)
        .log(
            "{} serves {}",
            made.record().name().title(),
            served.isEmpty() ? "no namespace" : String.join(", ", served));
    around.happened(
        new PluginEvent(Instant.now(), id, next.version(), type, String.join(" ", served)));
  }

  private PluginRefused refuse(Loadable next, PluginRefused refusal) {
    synchronized (this) {
      quarantine(next, refusal.getMessage());
      if (wanted == null) {
        wanted = next;
      }
    }
    LOG.atWarn()
        .addKeyValue("plugin", id)
        .addKeyValue("code", refusal.code())
        .log(refusal.getMessage());
    around.save();
    around.happened(
        new PluginEvent(
            Instant.now(), id, next.version(), PluginEvent.Type.REFUSED, refusal.getMessage()));
    return refusal;
  }

  private synchronized void quarantine(Loadable bad, String reason) {
    lastError = reason;
    refused = bad;
    if (bad.digest() != null) {
      quarantined.put(bad.digest(), reason);
    }
  }

  private synchronized void lift(Loadable next) {
    if (next.digest() != null) {
      quarantined.remove(next.digest());
    }
  }

  private void watch(Generation made) {
    Watch watching =
        new Watch(
            made.record().name().toString(),
            made.owner(),
            made::probe,
            settings.watchWindow(),
            settings.watchFailurePercent(),
            why -> rollBackFrom(made, why));
    synchronized (this) {
      watch = watching;
    }
    watching.start();
  }

  private synchronized void endWatch() {
    if (watch != null) {
      watch.end();
      watch = null;
    }
  }

  private void handlerFailed() {
    Watch watching;
    synchronized (this) {
      watching = watch;
    }
    if (watching != null) {
      watching.failed();
    }
  }

  private void tell(PluginEvent.Type type, String detail) {
    Loadable version = wanted;
    around.happened(
        new PluginEvent(Instant.now(), id, version == null ? "" : version.version(), type, detail));
    LOG.atInfo()
        .addKeyValue("plugin", id)
        .log("Plugin '{}' is {}{}", id, word(type), detail.isEmpty() ? "" : ": " + detail);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  // Asking.

  synchronized PluginState state() {
    return state;
  }

  /** Whether a JAR was refused before and is not to be tried again by itself. */
  synchronized boolean isQuarantined(@Nullable String digest) {
    return digest != null && quarantined.containsKey(digest);
  }

  synchronized @Nullable WebFiles pages() {
    if (pages == null
        && wanted instanceof VerifiedJar jar
        && (state == PluginState.ACTIVE || state == PluginState.HIBERNATED)) {
      pages = WebFiles.open(jar.staged());
    }
    return pages;
  }

  /** The folder's JAR when it was looked at last; null when it had none. */
  synchronized @Nullable String folderDigest() {
    return folderDigest;
  }

  synchronized void folderOffers(@Nullable String digest) {
    folderDigest = digest;
  }

  /** Whether this is the version that serves, sleeps, or is kept for later. */
  synchronized boolean isWanted(Loadable version) {
    return wanted != null && wanted.isSameAs(version);
  }

  synchronized PluginOrigin origin() {
    return origin;
  }

  /** For the next start of the host; null when there is nothing to start. */
  synchronized @Nullable Installed remembered() {
    Loadable version = wanted;
    if (version == null || version.digest() == null) {
      return null;
    }
    return new Installed(
        id,
        version.digest(),
        version.version(),
        version.fileName(),
        former == null ? null : former.digest(),
        origin,
        state != PluginState.DISABLED,
        false,
        folderDigest,
        quarantined,
        changed == null ? Instant.now() : changed);
  }

  /** Takes up what a former run of the host had installed. */
  synchronized void recall(Installed before, VerifiedJar version, @Nullable Loadable earlier) {
    wanted = version;
    former = earlier;
    origin = before.origin();
    folderDigest = before.folderDigest();
    quarantined.putAll(before.quarantined());
    state = before.enabled() ? PluginState.QUARANTINED : PluginState.DISABLED;
  }

  /** Starts what {@link #recall} has taken up. */
  void begin() {
    turn.take("start");
    try {
      Loadable version = wanted;
      if (version != null && state != PluginState.DISABLED) {
        lift(version);
        replace(version, origin, false, PluginEvent.Type.STARTED);
      }
    } finally {
      turn.give();
    }
  }

  /** The versions whose JARs must be kept. */
  synchronized List<Loadable> kept() {
    return Stream.of(wanted, former, refused).filter(Objects::nonNull).toList();
  }

  synchronized PluginStatus status() {
    Generation serving = current;
    Loadable version = wanted;
    return new PluginStatus(
        id,
        version == null ? null : version.version(),
        version == null ? null : version.digest(),
        former == null ? null : former.digest(),
        version == null ? null : version.fileName(),
        origin,
        state,
        served,
        version != null && version.page(),
        lastError,
        turn.operation(),
        namespaces.socketCount(id),
        serving == null ? 0 : serving.owner().leases().count(),
        wakes,
        changed,
        generations.stream().map(GenerationRecord::status).toList());
  }
}
