package io.dormouse.host.namespace;

import io.dormouse.api.BroadcastOperator;
import io.dormouse.host.engine.Session;
import io.dormouse.host.engine.SessionAcceptor;
import io.dormouse.host.engine.SessionListener;
import io.dormouse.host.protocol.ValueCodec;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All namespaces of this host, by name and by pattern ({@code /tenant-{name}}), and the sessions
 * whose clients join them. An exact name wins over a pattern; patterns never overlap.
 */
public final class Namespaces implements SessionAcceptor {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final SocketSettings settings;
  private final NamespaceMeters meters;
  private final Watchdog watchdog;
  private final Map<String, LiveNamespace> live = new ConcurrentHashMap<>();
  private final Map<String, Served> patterns = new ConcurrentHashMap<>();
  private final Set<String> quarantined = ConcurrentHashMap.newKeySet();

  /** A pattern and who handles its children. */
  private record Served(NamespacePattern pattern, Handlers handlers) {}

  /** Creates an empty registry with its watchdog. */
  public Namespaces(SocketSettings settings, MeterRegistry registry) {
    this.settings = settings;
    this.meters = new NamespaceMeters(registry);
    this.watchdog = new Watchdog(settings.handlerTimeout(), this::quarantine);
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

  @Override
  public SessionListener open(Session session) {
    session.expectJoin(settings.connectTimeout());
    return new Connection(session, this);
  }

  /**
   * Opens namespaces, all or none.
   *
   * @param served handlers by name or pattern
   * @throws NamespaceTaken when a name is served by another plugin, or a pattern overlaps
   * @throws IllegalArgumentException when a pattern is none
   */
  public synchronized void open(Map<String, Handlers> served) {
    Map<String, NamespacePattern> opened = new TreeMap<>();
    for (String name : served.keySet()) {
      if (NamespacePattern.isPattern(name)) {
        NamespacePattern pattern = NamespacePattern.of(name);
        checkFree(pattern, opened.values(), served);
        opened.put(name, pattern);
      } else {
        LiveNamespace present = live.get(name);
        if (present != null && present.parameters().isEmpty()) {
          throw new NamespaceTaken(name, present.pluginId());
        }
      }
    }
    served.forEach(
        (name, handlers) -> {
          NamespacePattern pattern = opened.get(name);
          if (pattern != null) {
            patterns.put(name, new Served(pattern, handlers));
          } else {
            LiveNamespace child = live.put(name, new LiveNamespace(name, Map.of(), handlers, this));
            if (child != null) {
              // An exact name wins: who was in the pattern's child has to join again.
              Thread.startVirtualThread(() -> child.close(CLOSE_LIMIT));
            }
          }
        });
  }

  private void checkFree(
      NamespacePattern pattern, Collection<NamespacePattern> opened, Map<String, Handlers> served) {
    for (Served other : patterns.values()) {
      if (other.pattern().overlaps(pattern)) {
        throw new NamespaceTaken(pattern.text(), other.handlers().owner().pluginId());
      }
    }
    for (NamespacePattern other : opened) {
      if (other.overlaps(pattern)) {
        Handlers handlers = served.get(other.text());
        throw new NamespaceTaken(
            pattern.text(), handlers == null ? "" : handlers.owner().pluginId());
      }
    }
  }

  /**
   * Closes all namespaces of a plugin: their sockets are disconnected by the server's side. Returns
   * when the disconnect handlers have run, or after some seconds.
   */
  public void close(String pluginId) {
    List<LiveNamespace> closing = new ArrayList<>();
    synchronized (this) {
      patterns.values().removeIf(served -> served.handlers().owner().pluginId().equals(pluginId));
      for (LiveNamespace namespace : live.values()) {
        if (namespace.pluginId().equals(pluginId)) {
          closing.add(namespace);
        }
      }
      closing.forEach(namespace -> live.remove(namespace.name(), namespace));
      quarantined.remove(pluginId);
    }
    closing.forEach(namespace -> namespace.close(CLOSE_LIMIT));
  }

  /** Answers events of a plugin's namespaces with an error from now on; their sockets stay. */
  public void quarantine(String pluginId) {
    quarantined.add(pluginId);
    for (LiveNamespace namespace : live.values()) {
      if (namespace.pluginId().equals(pluginId)) {
        namespace.quarantine();
      }
    }
  }

  /**
   * Emits into a namespace, whether or not it is open now.
   *
   * @param nameOrPattern a pattern addresses all of its children
   * @param codec writes what is emitted
   */
  public BroadcastOperator operator(String nameOrPattern, ValueCodec codec) {
    NamespacePattern pattern =
        NamespacePattern.isPattern(nameOrPattern) ? NamespacePattern.of(nameOrPattern) : null;
    return new HostBroadcast(
        () -> pattern == null ? exact(nameOrPattern) : children(pattern),
        codec,
        settings.ackTimeout());
  }

  /** Ends the watchdog, when all namespaces are closed. */
  public void stop() {
    watchdog.stop();
  }

  private Collection<LiveNamespace> exact(String name) {
    LiveNamespace namespace = live.get(name);
    return namespace == null ? List.of() : List.of(namespace);
  }

  private Collection<LiveNamespace> children(NamespacePattern pattern) {
    List<LiveNamespace> children = new ArrayList<>();
    for (LiveNamespace namespace : live.values()) {
      if (!namespace.parameters().isEmpty() && pattern.match(namespace.name()) != null) {
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

  private synchronized @Nullable LiveNamespace enterChild(String name) {
    LiveNamespace present = live.get(name);
    if (present != null) {
      return present.enter() ? present : null;
    }
    Served served = findPattern(name);
    if (served == null || children(served.pattern()).size() >= settings.maxChildren()) {
      return null;
    }
    Map<String, String> parameters = served.pattern().match(name);
    LiveNamespace child =
        new LiveNamespace(
            name, parameters == null ? Map.of() : parameters, served.handlers(), this);
    boolean _ = child.enter();
    live.put(name, child);
    if (quarantined.contains(child.pluginId())) {
      child.quarantine();
    }
    return child;
  }

  private @Nullable Served findPattern(String name) {
    for (Served served : patterns.values()) {
      if (served.pattern().match(name) != null) {
        return served;
      }
    }
    return null;
  }

  /** A member has gone; a pattern's child without members is forgotten. */
  void exit(LiveNamespace namespace) {
    if (namespace.exit() && !namespace.parameters().isEmpty()) {
      synchronized (this) {
        if (namespace.closeIfEmpty()) {
          live.remove(namespace.name(), namespace);
        }
      }
    }
  }
}
