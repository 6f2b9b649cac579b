package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.api.Plugin;
import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.namespace.RecoverySettings;
import io.dormouse.host.namespace.SocketSettings;
import io.dormouse.host.testing.PluginJars;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A runtime and a folder of plugins. */
final class RuntimeFixture implements AutoCloseable {
  private static final Map<String, byte[]> GOOD =
      PluginJars.compile(
          Map.of("good.Good", started("good", "Good", "context.namespace(\"/good\");")));

  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final Namespaces namespaces =
      new Namespaces(SocketSettings.defaults(), RecoverySettings.defaults(), registry);
  final Map<String, Object> configuration = new HashMap<>();
  final Path folder;
  final PluginRuntime runtime;

  RuntimeFixture(Path folder) {
    this(folder, null, Duration.ofSeconds(20));
  }

  RuntimeFixture(Path folder, @Nullable Path state, Duration startTimeout) {
    this.folder = folder;
    var settings =
        new PluginsSettings(
            null, state, Duration.ofMillis(100), startTimeout, 10_000, 1_000_000, true);
    runtime =
        new PluginRuntime(
            namespaces,
            registry,
            settings,
            ReplaceSettings.defaults(),
            SleepSettings.defaults(),
            id -> configuration);
  }

  /** Without a folder, for plugins of the class path. */
  RuntimeFixture(ReplaceSettings replace, SleepSettings sleep) {
    folder = Path.of("no folder");
    runtime =
        new PluginRuntime(
            namespaces, registry, PluginsSettings.defaults(), replace, sleep, id -> configuration);
  }

  /** Starts version after version of plugin {@code chat}, each in the place of the former. */
  PluginStatus serve(String version, Plugin plugin) {
    runtime.startFrom("chat", version, () -> plugin, Map.of());
    return runtime.plugin("chat").orElseThrow();
  }

  /** Source of a public plugin class whose {@code start} has this body. */
  static String started(String packageName, String name, String body) {
    return plugin(
        packageName,
        name,
        "@Override public void start(PluginContext context) throws Exception {" + body + "}");
  }

  /** Source of a public plugin class with these members. */
  static String plugin(String packageName, String name, String members) {
    return """
        package %s;
        import io.dormouse.api.*;
        import java.util.*;
        public class %s implements Plugin {
          %s
        }
        """
        .formatted(packageName, name, members);
  }

  /** Puts a JAR into the folder: {@code <id>.jar}, of one class {@code <id>.Main}. */
  void put(String id, String source) {
    PluginJars.plugin(
        folder.resolve(id + ".jar"),
        id,
        "1.0.0",
        id + ".Main",
        PluginJars.compile(Map.of(id + ".Main", source)));
  }

  /** Starts the folder beside a plugin that is in order, which must run; the other one's status. */
  PluginStatus startBesideGood() {
    PluginJars.plugin(folder.resolve("zz-good.jar"), "good", "1.0.0", "good.Good", GOOD);
    runtime.start(folder);
    assertThat(runtime.plugins()).hasSize(2);
    PluginStatus good = runtime.plugin("good").orElseThrow();
    assertThat(good.state()).isEqualTo(PluginState.ACTIVE);
    assertThat(good.namespaces()).containsExactly("/good");
    return runtime.plugins().stream()
        .filter(status -> !"good".equals(status.id()))
        .findFirst()
        .orElseThrow();
  }

  /** As {@link #startBesideGood}, for a plugin that is refused: why. */
  String refusal() {
    PluginStatus status = startBesideGood();
    assertThat(status.state()).isEqualTo(PluginState.QUARANTINED);
    assertThat(status.namespaces()).isEmpty();
    assertThat(status.lastError()).isNotNull().doesNotContain("\n");
    return status.lastError();
  }

  /** Connects a client to a namespace. */
  RawClient connect(String namespace) {
    return RawClient.connect(namespaces, namespace);
  }

  @Override
  public void close() {
    runtime.stop();
    namespaces.stop();
  }
}
