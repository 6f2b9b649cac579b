package io.dormouse.test;

import io.dormouse.api.Plugin;
import io.dormouse.host.engine.EngineServer;
import io.dormouse.host.engine.EngineSettings;
import io.dormouse.host.engine.SessionRequest;
import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.namespace.RecoverySettings;
import io.dormouse.host.namespace.SocketSettings;
import io.dormouse.host.plugin.PluginRuntime;
import io.dormouse.host.plugin.PluginState;
import io.dormouse.host.plugin.PluginsSettings;
import io.dormouse.host.plugin.ReplaceSettings;
import io.dormouse.host.plugin.SleepSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A host in memory that runs a plugin, replaces it and puts it to sleep.
 *
 * {@snippet class="TestHostExample" region="test-host"}
 */
public final class TestHost implements AutoCloseable {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private final Namespaces namespaces;
  private final EngineServer engine;
  private final PluginRuntime plugins;
  private final List<TestClient> clients = new CopyOnWriteArrayList<>();

  /** The version that each plugin gets next, by id. */
  private final Map<String, Integer> versions = new LinkedHashMap<>();

  private @Nullable String replaced;
  private int nameless;

  private TestHost() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    namespaces = new Namespaces(SocketSettings.defaults(), RecoverySettings.defaults(), meters);
    engine =
        new EngineServer(
            EngineSettings.defaults(),
            namespaces,
            (peer, secure, headers) -> {
              throw new IllegalStateException("A host in memory has no network");
            },
            meters);
    plugins =
        new PluginRuntime(
            namespaces,
            meters,
            PluginsSettings.defaults(),
            ReplaceSettings.defaults(),
            SleepSettings.defaults(),
            id -> Map.of());
  }

  /**
   * Starts a host with one plugin, whose id is its class's name in lower case and whose version is
   * {@code 0}.
   *
   * @param plugin makes a new object each time that it is asked, as a host does: when the plugin
   *     starts, is woken, and is brought back by {@link #rollback}
   * @throws RuntimeException with the reason when the plugin does not start
   */
  public static TestHost of(Supplier<? extends Plugin> plugin) {
    return of(plugin, Map.of());
  }

  /**
   * Starts a host with one plugin.
   *
   * @param configuration what would stand under {@code dormouse.plugin.<id>}
   */
  public static TestHost of(Supplier<? extends Plugin> plugin, Map<String, Object> configuration) {
    TestHost host = new TestHost();
    try {
      return host.with(plugin, configuration);
    } catch (RuntimeException doesNotStart) {
      host.close();
      throw doesNotStart;
    }
  }

  /** Starts a further plugin in this host, such as one that emits into the other's namespace. */
  public TestHost with(Supplier<? extends Plugin> plugin) {
    return with(plugin, Map.of());
  }

  /** Starts a further plugin in this host. */
  public TestHost with(Supplier<? extends Plugin> plugin, Map<String, Object> configuration) {
    var objects = new Made(plugin);
    start(id(objects.type()), objects, configuration);
    return this;
  }

  /**
   * Puts a new version of a plugin into the place of the running one, under its clients: the plugin
   * whose id is this one's class's name in lower case, or else the only one of this host. Returns
   * when it serves. The former one is stopped when it has ended what it had begun.
   *
   * <p>Versions count up: {@code 1} comes after {@code 0}. The configuration stays the same.
   *
   * @param plugin as in {@link #of}
   * @throws RuntimeException with the reason when it does not start; the former one serves on
   */
  public TestHost replace(Supplier<? extends Plugin> plugin) {
    var objects = new Made(plugin);
    String id = replacedBy(objects.type());
    start(id, objects, Map.of());
    replaced = id;
    return this;
  }

  /**
   * Brings back the version that {@link #replace} has replaced last.
   *
   * @throws IllegalStateException when nothing was replaced
   */
  public TestHost rollback() {
    if (replaced == null) {
      throw new IllegalStateException("No plugin of this host was replaced, so none can come back");
    }
    plugins.rollback(replaced);
    return this;
  }

  /**
   * Puts all plugins to sleep when their handlers have ended. The next event, connect or due task
   * wakes a plugin, with a new object.
   */
  public TestHost hibernate() {
    for (String id : versions.keySet()) {
      if (plugins.plugin(id).filter(one -> one.state() == PluginState.ACTIVE).isPresent()) {
        plugins.hibernate(id);
      }
    }
    return this;
  }

  private void start(String id, Made objects, Map<String, Object> configuration) {
    int version = versions.merge(id, 0, (last, first) -> last + 1);
    plugins.startFrom(id, String.valueOf(version), objects, configuration);
  }

  private String id(Class<?> type) {
    return isNameless(type)
        ? "plugin-" + ++nameless
        : type.getSimpleName().toLowerCase(Locale.ROOT);
  }

  private String replacedBy(Class<?> type) {
    String id = isNameless(type) ? "" : id(type);
    if (versions.containsKey(id)) {
      return id;
    }
    if (versions.size() != 1) {
      throw new IllegalArgumentException(
          "It is not clear which plugin %s replaces; this host runs %s"
              .formatted(
                  id.isEmpty() ? "one without a name" : "'" + id + "'",
                  String.join(", ", versions.keySet())));
    }
    return versions.keySet().iterator().next();
  }

  private static boolean isNameless(Class<?> type) {
    return type.isAnonymousClass() || type.isHidden();
  }

  /** Makes one object to learn its class, which is the first to be given away. */
  private static final class Made implements Supplier<Plugin> {
    private final Supplier<? extends Plugin> made;
    private final AtomicReference<@Nullable Plugin> first;
    private final Class<?> type;

    Made(Supplier<? extends Plugin> made) {
      Plugin example = made.get();
      this.made = made;
      this.type = example.getClass();
      this.first = new AtomicReference<>(example);
    }

    Class<?> type() {
      return type;
    }

    @Override
    public Plugin get() {
      Plugin example = first.getAndSet(null);
      return example != null ? example : made.get();
    }
  }

  /**
   * Connects a new client to a namespace.
   *
   * @throws TestClient.Refused when the plugin refuses it
   */
  public TestClient connect(String namespace) {
    return connect(namespace, null);
  }

  /**
   * Connects a new client to a namespace with an {@code auth}.
   *
   * @throws TestClient.Refused when the plugin refuses it
   */
  public TestClient connect(String namespace, @Nullable Map<String, ?> auth) {
    return connect(namespace, auth, Map.of());
  }

  /**
   * Connects a new client whose first request has these headers.
   *
   * @throws TestClient.Refused when the plugin refuses it
   */
  public TestClient connect(
      String namespace, @Nullable Map<String, ?> auth, Map<String, String> headers) {
    Map<String, String> names = new HashMap<>();
    headers.forEach((name, value) -> names.put(name.toLowerCase(Locale.ROOT), value));
    SessionRequest request =
        new SessionRequest(
            Map.copyOf(names),
            Map.of("EIO", "4", "transport", "websocket"),
            "127.0.0.1",
            false,
            false,
            "/socket.io/?EIO=4&transport=websocket",
            Instant.now());
    TestClient client = new TestClient(engine, request, namespace);
    clients.add(client);
    client.join(auth);
    return client;
  }

  /** Disconnects all clients, and stops the plugins when their handlers have ended. */
  @Override
  public void close() {
    new ArrayList<>(clients).forEach(TestClient::close);
    plugins.stop();
    engine.stop(STOP_LIMIT);
    namespaces.stop();
  }
}
