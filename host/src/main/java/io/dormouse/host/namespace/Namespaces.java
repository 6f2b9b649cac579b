package io.dormouse.host.namespace;

import io.dormouse.api.BroadcastOperator;
import io.dormouse.host.engine.Session;
import io.dormouse.host.engine.SessionAcceptor;
import io.dormouse.host.engine.SessionListener;
import io.dormouse.host.protocol.EventData;
import io.dormouse.host.protocol.RawArguments;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All namespaces of this host, by name and by pattern ({@code /tenant-{name}}), and the sessions
 * whose clients join them. An exact name wins over a pattern; patterns never overlap.
 */
public final class Namespaces implements SessionAcceptor {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final SocketSettings settings;
  private final NamespaceMeters meters;
  private final Watchdog watchdog;
  private final Map<String, LiveNamespace> live = new ConcurrentHashMap<>();
  private final Map<String, Pattern> patterns = new ConcurrentHashMap<>();
  private final Map<String, PluginSlot> slots = new ConcurrentHashMap<>();
  private final List<SocketListener> listeners = new CopyOnWriteArrayList<>();
  private final LocalSockets local = new LocalSockets(this);
  private final Recovery recovery;
  private volatile Consumer<String> onUnending = _ -> {};
  private volatile Backplane backplane = Backplane.NONE;

  /** A pattern and the plugin that serves its children. */
  private record Pattern(NamespacePattern pattern, PluginSlot slot) {
    String text() {
      return pattern.text();
    }
  }

  /**
   * What serving other names and patterns than before would change.
   *
   * @param added opened
   * @param removed closed, their sockets disconnected
   * @param kept served on without their sockets noticing
   */
  public record Changes(Set<String> added, Set<String> removed, Set<String> kept) {}

  /** Creates an empty registry with its watchdog. */
  public Namespaces(SocketSettings settings, RecoverySettings recovery, MeterRegistry registry) {
    this.settings = settings;
    this.recovery = new Recovery(recovery, this);
    this.meters = new NamespaceMeters(registry);
    this.watchdog = new Watchdog(settings.handlerTimeout(), this::unending);
  }

  SocketSettings settings() {
    return settings;
  }

  NamespaceMeters meters() {
    return meters;
  }

  Watchdog watchdog() {
    return watchdog;
  }

  /** The sockets of this host, for others to reach. */
  public LocalSockets local() {
    return local;
  }

  /** Joins these namespaces with those of other hosts; to be called before any is opened. */
  public void join(Backplane others) {
    backplane = others;
    recovery.join(others);
  }

  Recovery recovery() {
    return recovery;
  }

  /** What is remembered of a name or pattern; null when that is nothing. */
  @Nullable History history(String nameOrPattern) {
    if (recovery.isUnused()) {
      return null;
    }
    LiveNamespace namespace = live.get(nameOrPattern);
    if (namespace != null) {
      return recovery.history(namespace.key());
    }
    for (Pattern pattern : patterns.values()) {
      if (pattern.text().equals(nameOrPattern) || pattern.pattern().match(nameOrPattern) != null) {
        return recovery.history(pattern.text());
      }
    }
    return null;
  }

  Backplane backplane() {
    return backplane;
  }

  @Override
  public SessionListener open(Session session) {
    session.expectJoin(settings.connectTimeout());
    return new Connection(session, this);
  }

  /** Whom to tell the id of a plugin with a handler that cannot be ended. */
  public void onUnending(Consumer<String> told) {
    onUnending = told;
  }

  private boolean unending(Owner owner) {
    boolean served = slot(owner.pluginId()).suspend(owner);
    if (served) {
      onUnending.accept(owner.pluginId());
    }
    return served;
  }

  /**
   * Lets a generation serve its namespaces from now on, all or none: the swap. Those that it has in
   * common with its predecessor keep their sockets, further ones are opened, and those that it does
   * not have are closed, for which the predecessor's disconnect handlers run. Returns after that;
   * the predecessor may be retired when its leases are given back.
   *
   * @param served handlers by name or pattern
   * @return what was changed
   * @throws NamespaceTaken when a name is served by another plugin, or a pattern overlaps
   * @throws IllegalArgumentException when a pattern is none
   */
  public Changes serve(Owner owner, Map<String, Handlers> served) {
    Changes changes;
    List<LiveNamespace> closing = new ArrayList<>();
    PluginSlot departing = new PluginSlot(owner.pluginId());
    synchronized (this) {
      String id = owner.pluginId();
      changes = changes(id, served.keySet());
      PluginSlot slot = slots.computeIfAbsent(id, PluginSlot::new);
      if (slot.now() instanceof PluginSlot.Serving) {
        departing.become(slot.now());
      }
      for (String removed : changes.removed()) {
        patterns.remove(removed);
        live.values().stream().filter(l -> l.belongsTo(slot, removed)).forEach(closing::add);
      }
      for (String removed : changes.removed()) {
        backplane.closed(removed);
        recovery.close(removed);
      }
      served.forEach((key, handlers) -> recovery.serve(key, handlers.recoverable()));
      for (LiveNamespace namespace : closing) {
        namespace.moveTo(departing);
        forget(namespace);
      }
      slot.become(new PluginSlot.Serving(owner, served));
      changes.added().forEach(added -> open(added, slot));
      recovery.askForThePast();
      notifyAll();
    }
    closing.forEach(namespace -> namespace.close(CLOSE_LIMIT));
    departing.become(new PluginSlot.Unavailable());
    return changes;
  }

  private void forget(LiveNamespace namespace) {
    if (live.remove(namespace.name(), namespace)) {
      backplane.closed(namespace.name());
    }
  }

  private void open(String name, PluginSlot slot) {
    backplane.opened(name);
    if (NamespacePattern.isPattern(name)) {
      patterns.put(name, new Pattern(NamespacePattern.of(name), slot));
      return;
    }
    LiveNamespace child = live.put(name, new LiveNamespace(name, Map.of(), name, slot, this));
    if (child != null) {
      // An exact name wins: who was in the pattern's child has to join again.
      Thread.startVirtualThread(() -> child.close(CLOSE_LIMIT));
    }
  }

  /**
   * What {@link #serve} would change, and whether it may.
   *
   * @throws NamespaceTaken when a name is served by another plugin, or a pattern overlaps
   */
  public synchronized Changes changes(String pluginId, Set<String> served) {
    Set<String> before = served(pluginId);
    Set<String> added = new TreeSet<>(served);
    added.removeAll(before);
    Set<String> removed = new TreeSet<>(before);
    removed.removeAll(served);
    Set<String> kept = new TreeSet<>(served);
    kept.retainAll(before);
    List<NamespacePattern> opened = new ArrayList<>();
    for (String name : added) {
      if (NamespacePattern.isPattern(name)) {
        opened.add(checkFree(NamespacePattern.of(name), pluginId, kept, opened));
      } else {
        LiveNamespace present = live.get(name);
        if (present != null && present.isExact()) {
          throw new NamespaceTaken(name, present.pluginId());
        }
      }
    }
    return new Changes(added, removed, kept);
  }

  private NamespacePattern checkFree(
      NamespacePattern pattern, String pluginId, Set<String> kept, List<NamespacePattern> opened) {
    for (Pattern other : patterns.values()) {
      boolean stays = !other.slot().pluginId().equals(pluginId) || kept.contains(other.text());
      if (stays && other.pattern().overlaps(pattern)) {
        throw new NamespaceTaken(pattern.text(), other.slot().pluginId());
      }
    }
    if (opened.stream().anyMatch(pattern::overlaps)) {
      throw new NamespaceTaken(pattern.text(), pluginId);
    }
    return pattern;
  }

  private Set<String> served(String pluginId) {
    Set<String> names = new TreeSet<>();
    patterns.values().stream()
        .filter(pattern -> pattern.slot().pluginId().equals(pluginId))
        .forEach(pattern -> names.add(pattern.text()));
    live.values().stream()
        .filter(namespace -> namespace.isExact() && namespace.pluginId().equals(pluginId))
        .forEach(namespace -> names.add(namespace.name()));
    return names;
  }

  /**
   * Lets events and connects of a plugin wait, until {@link #serve}.
   *
   * @return brings back whoever served or slept
   */
  public Runnable gate(String pluginId) {
    PluginSlot slot = slot(pluginId);
    PluginSlot.Occupant before = slot.now();
    slot.become(new PluginSlot.Gated());
    return () -> slot.become(before);
  }

  /** Lets a generation that was to sleep serve again. */
  public void stayAwake(Owner owner, Map<String, Handlers> served) {
    owner.leases().reopen();
    slot(owner.pluginId()).become(new PluginSlot.Serving(owner, served));
  }

  /**
   * Puts a plugin's namespaces to sleep: sockets and rooms stay, and the first who needs a handler
   * wakes it.
   *
   * @param wake called on a thread of its own, once until it ends in {@link #serve} or {@link
   *     #wakeFailed}
   */
  public void sleep(String pluginId, Runnable wake) {
    slot(pluginId).sleep(wake);
  }

  /** Answers those who wait for a sleeping plugin with an error. The next one wakes it again. */
  public void wakeFailed(String pluginId) {
    slot(pluginId).wakeFailed();
  }

  /** Answers events of a plugin's namespaces with an error from now on; their sockets stay. */
  public void suspend(String pluginId) {
    slot(pluginId).become(new PluginSlot.Unavailable());
  }

  private PluginSlot slot(String pluginId) {
    return slots.computeIfAbsent(pluginId, PluginSlot::new);
  }

  /**
   * Closes all namespaces of a plugin: their sockets are disconnected by the server's side. Returns
   * when the disconnect handlers have run, or after some seconds.
   */
  public void close(String pluginId) {
    List<LiveNamespace> closing = new ArrayList<>();
    PluginSlot slot;
    synchronized (this) {
      for (String name : served(pluginId)) {
        backplane.closed(name);
        recovery.close(name);
      }
      patterns.values().removeIf(pattern -> pattern.slot().pluginId().equals(pluginId));
      live.values().stream().filter(l -> l.pluginId().equals(pluginId)).forEach(closing::add);
      closing.forEach(this::forget);
      slot = slots.remove(pluginId);
    }
    if (slot != null && !(slot.now() instanceof PluginSlot.Serving)) {
      slot.become(new PluginSlot.Unavailable()); // nobody comes any more to those who wait
    }
    closing.forEach(namespace -> namespace.close(CLOSE_LIMIT));
    if (slot != null) {
      slot.become(new PluginSlot.Unavailable());
    }
  }

  /** Interrupts what is left of a generation's handlers; their acks are errors. */
  public void interrupt(Owner owner) {
    watchdog.interrupt(owner);
  }

  /** How many sockets are in a plugin's namespaces. */
  public int socketCount(String pluginId) {
    return live.values().stream()
        .filter(namespace -> namespace.pluginId().equals(pluginId))
        .mapToInt(LiveNamespace::members)
        .sum();
  }

  /** Tells of sockets that come and go from now on. */
  public void addListener(SocketListener listener) {
    listeners.add(listener);
  }

  void tell(SocketStatus socket, BiConsumer<SocketListener, SocketStatus> what) {
    for (SocketListener listener : listeners) {
      what.accept(listener, socket);
    }
  }

  /** All namespaces that clients can join now, by name. */
  public List<NamespaceStatus> statuses() {
    return live.values().stream()
        .map(
            namespace ->
                new NamespaceStatus(
                    namespace.name(),
                    namespace.pluginId(),
                    namespace.members(),
                    namespace.adapter().roomCount()))
        .sorted(Comparator.comparing(NamespaceStatus::name))
        .toList();
  }

  /**
   * The sockets of this host, by id.
   *
   * @param name of one namespace; null for all
   */
  public List<SocketStatus> sockets(@Nullable String name) {
    return live.values().stream()
        .filter(namespace -> name == null || namespace.name().equals(name))
        .flatMap(namespace -> namespace.adapter().select(Target.EVERYONE).stream())
        .map(ServerSocket::status)
        .sorted(Comparator.comparing(SocketStatus::id))
        .toList();
  }

  /**
   * Disconnects a socket of any host from its namespace; false when there is none of that id. Asks
   * other hosts only when this one does not have it, and then blocks.
   */
  public boolean disconnect(String socketId) {
    for (LiveNamespace namespace : live.values()) {
      for (ServerSocket socket : namespace.adapter().select(Target.EVERYONE.to(socketId))) {
        if (socket.id().equals(socketId)) {
          socket.disconnect();
          return true;
        }
      }
    }
    Target target = Target.EVERYONE.to(socketId);
    for (String name : List.copyOf(live.keySet())) {
      if (!backplane.fetch(name, target).isEmpty()) {
        backplane.disconnect(name, target, false);
        return true;
      }
    }
    return false;
  }

  /** Remembers the data of a plugin's sockets; running the answer brings it back. */
  public Runnable snapshot(String pluginId) {
    List<Runnable> all = new ArrayList<>();
    for (LiveNamespace namespace : live.values()) {
      if (namespace.pluginId().equals(pluginId)) {
        namespace.adapter().select(Target.EVERYONE).forEach(s -> all.add(s.data().snapshot()));
      }
    }
    return () -> all.forEach(Runnable::run);
  }

  /**
   * Emits into a namespace, whether or not it is open now.
   *
   * @param nameOrPattern a pattern addresses all of its children
   * @param owner emits
   */
  public BroadcastOperator operator(String nameOrPattern, Owner owner) {
    return new HostBroadcast(this, nameOrPattern, owner);
  }

  /**
   * Emits into a namespace in the host's own name, and blocks until other hosts have told whom they
   * reached.
   *
   * @param timeout at most waited
   * @return this host and its sockets included
   * @throws IllegalArgumentException when the event cannot be written
   */
  public Backplane.Receipt emit(
      String name, Target target, Duration timeout, String event, @Nullable Object... arguments) {
    return new HostBroadcast(this, name, Owner.HOST)
        .to(target)
        .emitAndConfirm(timeout, event, arguments);
  }

  /** See {@link LocalSockets#serverSide}. */
  void serverSide(String nameOrPattern, EventData event, Consumer<EventData> answered) {
    String name = event.name();
    RawArguments arguments = event.arguments();
    for (Pattern pattern : patterns.values()) {
      if (pattern.text().equals(nameOrPattern)) {
        ServerSideCall.start(pattern.slot(), nameOrPattern, name, arguments, answered);
      }
    }
    LiveNamespace namespace = live.get(nameOrPattern);
    if (namespace != null) {
      ServerSideCall.start(namespace.slot(), namespace.key(), name, arguments, answered);
    }
  }

  /** Ends the watchdog, when all namespaces are closed. */
  public void stop() {
    watchdog.stop();
  }

  /** The namespaces of a name or a pattern that are open now. */
  Collection<LiveNamespace> named(String nameOrPattern) {
    if (NamespacePattern.isPattern(nameOrPattern)) {
      return children(NamespacePattern.of(nameOrPattern));
    }
    LiveNamespace namespace = live.get(nameOrPattern);
    return namespace == null ? List.of() : List.of(namespace);
  }

  private Collection<LiveNamespace> children(NamespacePattern pattern) {
    List<LiveNamespace> children = new ArrayList<>();
    for (LiveNamespace namespace : live.values()) {
      if (!namespace.isExact() && pattern.match(namespace.name()) != null) {
        children.add(namespace);
      }
    }
    return children;
  }

  /** The namespace of a name with one more member; null when nobody serves it or it is full. */
  @Nullable LiveNamespace enter(String name) {
    LiveNamespace namespace = live.get(name);
    if (namespace != null && namespace.enter()) {
      return namespace;
    }
    return enterChild(name);
  }

  /**
   * As {@link #enter}, when another host serves the namespace: then this one is soon to do so too,
   * and is waited for.
   */
  synchronized @Nullable LiveNamespace enterSoon(String name, Duration limit)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    LiveNamespace namespace = enter(name);
    for (long left = end - System.nanoTime();
        namespace == null && left > 0 && backplane.knows(name);
        left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, LOOK_AGAIN.toNanos()));
      namespace = enter(name);
    }
    return namespace;
  }

  private synchronized @Nullable LiveNamespace enterChild(String name) {
    LiveNamespace present = live.get(name);
    if (present != null) {
      return present.enter() ? present : null;
    }
    for (Pattern served : patterns.values()) {
      Map<String, String> parameters = served.pattern().match(name);
      if (parameters != null) {
        if (children(served.pattern()).size() >= settings.maxChildren()) {
          return null;
        }
        LiveNamespace child =
            new LiveNamespace(name, parameters, served.text(), served.slot(), this);
        boolean _ = child.enter();
        live.put(name, child);
        backplane.opened(name);
        return child;
      }
    }
    return null;
  }

  /** A member has gone; a pattern's child without members is forgotten. */
  void exit(LiveNamespace namespace) {
    if (namespace.exit() && !namespace.isExact()) {
      synchronized (this) {
        if (namespace.closeIfEmpty()) {
          forget(namespace);
        }
      }
    }
  }
}
