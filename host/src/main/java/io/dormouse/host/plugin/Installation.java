package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_START_FAILED;

import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.plugin.InstallationStore.Installed;
import io.dormouse.host.plugin.SharedInstallations.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
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

  /** How long what has begun may take when it is to sleep; events wait meanwhile. */
  private static final Duration FALLING_ASLEEP = Duration.ofSeconds(1);

  private final String id;
  private final GenerationFactory factory;
  private final Namespaces namespaces;
  private final ReplaceSettings settings;
  private final Surroundings around;
  private final Turn turn;
  private final Drowsiness drowsiness;
  private final Deque<GenerationRecord> generations = new ArrayDeque<>();

  private final Versions versions = new Versions();
  private final Takeover takeover;
  private PluginState state = PluginState.QUARANTINED;
  private @Nullable Generation current;
  private @Nullable Watch watch;
  private @Nullable WebFiles pages;
  private List<String> served = List.of();
  private long wakes;
  private int failedWakes;
  private final AtomicBoolean tended = new AtomicBoolean();

  /** It was removed, or the host stops; changed by who has the turn. */
  private boolean ended;

  /** What the installation needs of the runtime. */
  interface Surroundings {
    void happened(PluginEvent event);

    /** Something that a restart must not forget has changed. */
    void save();

    /** Ends a generation that does not serve, sooner or later. */
    void retire(Generation generation);

    /** A sleeping one serves again, so long after it was asked for. */
    void woken(Duration taken);

    /** Another version serves, so long after that was begun. */
    void replaced(Duration taken);
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
    this.takeover = new Takeover(id, namespaces, factory, settings.drainTimeout());
  }

  String id() {
    return id;
  }

  Versions versions() {
    return versions;
  }

  // Operations.

  /**
   * @throws OperationInProgress when another operation is under way
   * @throws UnknownPlugin when the plugin has been removed meanwhile
   */
  private void begin(String operation) {
    turn.take(operation);
    if (ended) {
      turn.give();
      throw new UnknownPlugin(id);
    }
  }

  /**
   * Puts a version into the place of what serves, or starts the plugin.
   *
   * @throws PluginRefused when it does not come into service; what served goes on
   */
  void deploy(Loadable next, PluginOrigin from, boolean refuseRemoved) {
    begin(versions.wanted() == null ? "start" : "replace");
    try {
      versions.lift(next);
      if (state == PluginState.DISABLED) {
        want(next, from);
        around.save();
      } else if (versions.isWanted(next) && isServing()) {
        LOG.atInfo()
            .addKeyValue("plugin", id)
            .log("Plugin '{}' {} serves already", id, next.version());
      } else {
        replace(
            next,
            from,
            refuseRemoved,
            versions.wanted() == null ? PluginEvent.Type.STARTED : PluginEvent.Type.REPLACED);
      }
    } finally {
      turn.give();
    }
  }

  /**
   * Does what all hosts want.
   *
   * @param former what they would go back to; null for none
   * @throws PluginRefused when it does not come into service; what served goes on
   */
  void follow(Wanted wanted, VerifiedJar jar, @Nullable Loadable former) {
    if (!wanted.enabled()) {
      disable();
    }
    if (wanted.enabled() || !versions.isWanted(jar)) {
      deploy(jar, wanted.origin(), false);
    }
    if (wanted.enabled() && state() == PluginState.DISABLED) {
      enable();
    }
    if (former != null) {
      versions.formerIs(former);
    }
  }

  /** Where the wanted version does not start on a new host, the former one serves. */
  void settleForFormer() {
    String why = versions.lastError();
    String bad = versions.refusedDigest();
    if (state() != PluginState.QUARANTINED || versions.former() == null || why == null) {
      return;
    }
    try {
      rollback();
      versions.failed(why, bad);
    } catch (PluginRefused refused) {
      LOG.debug("Plugin '{}': {}", id, refused.getMessage());
    }
  }

  /** Loads, starts and probes a version, and throws it away. */
  DryRun dryRun(Loadable next) {
    Generation made = prepare(next, false);
    try {
      Namespaces.Changes changes = takeover.check(made, false);
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
    begin("reload");
    try {
      Loadable next = versions.refused() != null ? versions.refused() : versions.wanted();
      if (next == null || state == PluginState.DISABLED) {
        throw new NothingToDo("Plugin '" + id + "' is disabled; enable it instead");
      }
      versions.lift(next);
      replace(next, versions.origin(), false, PluginEvent.Type.REPLACED);
    } finally {
      turn.give();
    }
  }

  /** Brings back the version that served before. */
  void rollback() {
    begin("rollback");
    try {
      Loadable back = versions.former();
      if (state == PluginState.DISABLED) {
        throw new NothingToDo("Plugin '" + id + "' is disabled; enable it first");
      }
      if (back == null) {
        throw new NothingToDo("Plugin '" + id + "' has no former version to go back to");
      }
      versions.lift(back);
      replace(back, versions.origin(), false, PluginEvent.Type.ROLLED_BACK);
    } finally {
      turn.give();
    }
  }

  private void rollBackFrom(Generation failing, String why) {
    turn.await("rollback");
    try {
      Loadable bad = versions.wanted();
      Loadable back = versions.former();
      if (current != failing || bad == null || back == null) {
        return;
      }
      String reason =
          "%s is rolled back to %s: %s"
              .formatted(failing.record().name().title(), back.version(), why);
      LOG.atError().addKeyValue("plugin", id).log(reason);
      failing.record().because(reason);
      replace(back, versions.origin(), false, PluginEvent.Type.ROLLED_BACK);
      versions.quarantine(bad, reason);
      around.save();
    } catch (PluginRefused stays) {
      LOG.atError().addKeyValue("plugin", id).log("The rollback failed: {}", stays.getMessage());
    } finally {
      turn.give();
    }
  }

  void hibernate() {
    begin(Turn.HIBERNATE);
    try {
      if (state != PluginState.ACTIVE) {
        throw new NothingToDo(
            "Plugin '%s' is %s; only an active one can be put to sleep".formatted(id, word(state)));
      }
      if (!fallAsleep()) {
        throw new NothingToDo(
            "Plugin '%s' is busy: a handler, a task or a wait for an ack does not end; try again"
                .formatted(id));
      }
    } finally {
      turn.give();
    }
  }

  /** Puts it to sleep when it has had nothing to do for long enough. */
  private void hibernateIfIdle() {
    if (isDrowsy() && turn.tryTake(Turn.HIBERNATE)) {
      try {
        if (isDrowsy()) {
          boolean _ = fallAsleep();
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

  /** False when it has something to do after all. */
  private boolean fallAsleep() {
    Generation old = Objects.requireNonNull(current);
    namespaces.sleep(id, this::wakeForSomebody);
    old.tasks().hold();
    if (!old.drain(FALLING_ASLEEP)) {
      takeover.stayAwake(old);
      return false;
    }
    old.hibernate();
    endWatch();
    synchronized (this) {
      current = null;
      state = PluginState.HIBERNATED;
    }
    drowsiness.slept(Instant.now());
    around.retire(old);
    tell(PluginEvent.Type.HIBERNATED, "");
    return true;
  }

  /** Wakes it; has no effect when it is awake. */
  void wake() {
    long asked = System.nanoTime();
    begin(Turn.WAKE);
    try {
      if (state == PluginState.DISABLED || state == PluginState.QUARANTINED) {
        throw new NothingToDo(
            "Plugin '%s' is %s; only a sleeping one can be woken".formatted(id, word(state)));
      }
      awaken(asked);
    } finally {
      turn.give();
    }
  }

  /** Wakes it for a task that is due, or lets it sleep; elsewhere, since both take their time. */
  void tend() {
    if ((isDue() || isDrowsy()) && tended.compareAndSet(false, true)) {
      Thread.ofVirtual().name(id + " tending").start(this::tendNow);
    }
  }

  private void tendNow() {
    try {
      if (isDue()) {
        wakeForSomebody();
      } else {
        hibernateIfIdle();
      }
    } catch (RuntimeException unforeseen) {
      LOG.atError().addKeyValue("plugin", id).log("Plugin '{}': {}", id, Failure.text(unforeseen));
    } finally {
      tended.set(false);
    }
  }

  private boolean isDue() {
    return state() == PluginState.HIBERNATED && !factory.nextTask().isAfter(Instant.now());
  }

  private void wakeForSomebody() {
    long asked = System.nanoTime();
    turn.await(Turn.WAKE);
    try {
      awaken(asked);
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

  private void awaken(long asked) {
    if (state != PluginState.HIBERNATED || ended) {
      return;
    }
    Generation made = null;
    boolean serves = false;
    try {
      made = prepare(Objects.requireNonNull(versions.wanted()), true);
      takeover.check(made, false);
      isAwake(made);
      takeover.swap(null, made);
      serves = true;
    } catch (PluginRefused refusal) {
      wakeFailed(refusal.getMessage());
      throw refusal;
    } finally {
      if (made != null && !serves) {
        isAsleep();
        around.retire(made);
      }
    }
    if (failedWakes > 0) {
      failedWakes = 0;
      versions.recovered();
    }
    made.record().become(GenerationState.CURRENT);
    drowsiness.woken(Instant.now());
    around.woken(Duration.ofNanos(System.nanoTime() - asked));
    tell(PluginEvent.Type.WOKEN, "");
  }

  /** Said before anybody is answered, so that nobody who was answered sees it asleep. */
  private synchronized void isAwake(Generation made) {
    current = made;
    state = PluginState.ACTIVE;
    wakes++;
  }

  private synchronized void isAsleep() {
    if (current != null) {
      current = null;
      state = state == PluginState.ACTIVE ? PluginState.HIBERNATED : state;
      wakes--;
    }
  }

  private void wakeFailed(String why) {
    boolean givenUp;
    versions.failed(why);
    synchronized (this) {
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
    begin("disable");
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
    begin("enable");
    try {
      Loadable next = versions.wanted();
      if (state != PluginState.DISABLED || next == null) {
        throw new NothingToDo("Plugin '" + id + "' is not disabled");
      }
      replace(next, versions.origin(), false, PluginEvent.Type.ENABLED);
    } finally {
      turn.give();
    }
  }

  /** Ends it for good, and disconnects its sockets. */
  void remove() {
    begin("remove");
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
      awaken(System.nanoTime());
    } catch (RuntimeException | LinkageError unable) {
      LOG.atWarn()
          .addKeyValue("plugin", id)
          .log("Plugin '{}' could not be told of its end: {}", id, Failure.text(unable));
    }
  }

  /** The host stops. */
  void stop() {
    turn.await("stop");
    try {
      end();
    } finally {
      turn.give();
    }
  }

  private void end() {
    ended = true;
    endWatch();
    namespaces.close(id);
    Generation old;
    synchronized (this) {
      old = current;
      current = null;
      closePages();
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
    }
    versions.failed(
        "Plugin '%s' has a handler that does not end when interrupted; replace or reload it"
            .formatted(id));
    tell(PluginEvent.Type.QUARANTINED, "a handler does not end when interrupted");
    if (watching != null && watching.isOpen()) {
      watching.unending();
    }
  }

  // How one version comes into the place of another.

  private void replace(
      Loadable next, PluginOrigin from, boolean refuseRemoved, PluginEvent.Type type) {
    long begun = System.nanoTime();
    Generation made;
    try {
      made = prepare(next, false);
    } catch (PluginRefused refusal) {
      throw refuse(next, refusal);
    }
    Generation old = current;
    boolean swapped = false;
    try {
      takeover.check(made, refuseRemoved);
      Loadable before = versions.wanted();
      if (made.migrates() && before != null && type != PluginEvent.Type.STARTED) {
        takeover.swapAlone(old, made, before.version());
      } else {
        takeover.swap(old, made);
      }
      swapped = true;
      if (type == PluginEvent.Type.REPLACED || type == PluginEvent.Type.ROLLED_BACK) {
        around.replaced(Duration.ofNanos(System.nanoTime() - begun));
      }
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
    if (type == PluginEvent.Type.REPLACED && versions.former() != null) {
      watch(made);
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
      throw discard(made, record, refusal);
    } catch (RuntimeException | LinkageError unforeseen) {
      throw discard(
          made,
          record,
          new PluginRefused(
              PLUGIN_START_FAILED,
              record.name().title() + " did not start: " + Failure.text(unforeseen)));
    }
  }

  private PluginRefused discard(
      @Nullable Generation made, GenerationRecord record, PluginRefused refusal) {
    record.quarantined(refusal.getMessage());
    if (made != null) {
      around.retire(made);
    }
    return refusal;
  }

  private void adopt(Generation made, Loadable next, PluginOrigin from) {
    endWatch();
    if (versions.adopt(next, from)) {
      closePages();
    }
    synchronized (this) {
      current = made;
      state = PluginState.ACTIVE;
      served = made.handlers().keySet().stream().sorted().toList();
      failedWakes = 0;
    }
    made.record().become(GenerationState.CURRENT);
    drowsiness.replaced(Instant.now());
  }

  private void want(Loadable next, PluginOrigin from) {
    if (versions.want(next, from)) {
      closePages();
    }
  }

  private synchronized void closePages() {
    if (pages != null) {
      pages.close();
      pages = null;
    }
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
    versions.quarantine(next, refusal.getMessage());
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
    Loadable version = versions.wanted();
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

  private synchronized boolean isServing() {
    return state == PluginState.ACTIVE || state == PluginState.HIBERNATED;
  }

  synchronized @Nullable WebFiles pages() {
    if (pages == null && versions.wanted() instanceof VerifiedJar jar && isServing()) {
      pages = WebFiles.open(jar.staged());
    }
    return pages;
  }

  /** For the next start of the host; null when there is nothing to start. */
  @Nullable Installed remembered() {
    return versions.remembered(id, state() != PluginState.DISABLED);
  }

  /** Takes up what a former run of the host had installed. */
  void recall(Installed before, VerifiedJar version, @Nullable Loadable earlier) {
    versions.recall(before, version, earlier);
    become(before.enabled() ? PluginState.QUARANTINED : PluginState.DISABLED);
  }

  private synchronized void become(PluginState next) {
    state = next;
  }

  /** Starts what {@link #recall} has taken up. */
  void start() {
    begin("start");
    try {
      Loadable version = versions.wanted();
      if (version != null && state != PluginState.DISABLED) {
        versions.lift(version);
        replace(version, versions.origin(), false, PluginEvent.Type.STARTED);
      }
    } finally {
      turn.give();
    }
  }

  synchronized PluginStatus status() {
    Generation serving = current;
    Loadable version = versions.wanted();
    Loadable former = versions.former();
    return new PluginStatus(
        id,
        version == null ? null : version.version(),
        version == null ? null : version.digest(),
        former == null ? null : former.digest(),
        version == null ? null : version.fileName(),
        versions.origin(),
        state,
        served,
        version != null && version.page(),
        versions.lastError(),
        versions.refusedDigest(),
        turn.operation(),
        namespaces.socketCount(id),
        serving == null ? 0 : serving.owner().leases().count(),
        wakes,
        versions.changed(),
        generations.stream().map(GenerationRecord::status).toList());
  }
}
