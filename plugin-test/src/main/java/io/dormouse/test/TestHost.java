package io.dormouse.test;

import io.dormouse.api.Plugin;
import io.dormouse.host.engine.EngineServer;
import io.dormouse.host.engine.EngineSettings;
import io.dormouse.host.engine.SessionRequest;
import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.namespace.SocketSettings;
import io.dormouse.host.plugin.PluginRuntime;
import io.dormouse.host.plugin.PluginsSettings;
import io.dormouse.host.plugin.ReplaceSettings;
import io.dormouse.host.plugin.SleepSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A host in memory that runs a plugin.
 *
 * {@snippet class="TestHostExample" region="test-host"}
 */
public final class TestHost implements AutoCloseable {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private final Namespaces namespaces;
  private final EngineServer engine;
  private final PluginRuntime plugins;
  private final List<TestClient> clients = new CopyOnWriteArrayList<>();
  private int nameless;

  private TestHost() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    namespaces = new Namespaces(SocketSettings.defaults(), meters);
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
            PluginsSettings.defaults(),
            ReplaceSettings.defaults(),
            SleepSettings.defaults(),
            id -> Map.of());
  }

  /**
   * Starts a host with one plugin, whose id is its class's name in lower case.
   *
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
    Plugin made = plugin.get();
    plugins.startFrom(id(made.getClass()), "0", () -> made, configuration);
    return this;
  }

  private String id(Class<?> type) {
    return type.isAnonymousClass() || type.isHidden()
        ? "plugin-" + ++nameless
        : type.getSimpleName().toLowerCase(Locale.ROOT);
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
