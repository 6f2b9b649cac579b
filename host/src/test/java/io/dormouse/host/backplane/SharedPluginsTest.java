package io.dormouse.host.backplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.namespace.RecoverySettings;
import io.dormouse.host.namespace.SocketSettings;
import io.dormouse.host.plugin.PluginRefused;
import io.dormouse.host.plugin.PluginRuntime;
import io.dormouse.host.plugin.PluginState;
import io.dormouse.host.plugin.PluginStatus;
import io.dormouse.host.plugin.PluginsSettings;
import io.dormouse.host.plugin.ReplaceSettings;
import io.dormouse.host.plugin.SleepSettings;
import io.dormouse.host.testing.PluginJars;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several hosts with one Redis have one set of plugins. */
class SharedPluginsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final RedisProcess redis = RedisProcess.start();
  private final List<Host> hosts = new ArrayList<>();

  @TempDir private Path files;
  private Host here;
  private Host there;

  /** A host whose plugins can be told, by the name of a property, not to start. */
  private final class Host {
    final Path folder;
    final Path state;
    final String name;
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final Namespaces namespaces =
        new Namespaces(SocketSettings.defaults(), RecoverySettings.defaults(), registry);
    final RedisBackplane backplane;
    final PluginRuntime plugins;
    private boolean runs;

    Host(String name, long maxJarSize) throws IOException {
      this.name = name;
      folder = Files.createDirectories(files.resolve(name + "-folder"));
      state = files.resolve(name + "-state");
      backplane =
          new RedisBackplane(
              SETTINGS,
              RedisSettings.of(redis.url()),
              Duration.ofMinutes(2),
              namespaces,
              registry,
              () -> new HostCard(name, "0", Instant.now(), null, 0, List.of(), "ready"));
      plugins =
          new PluginRuntime(
              namespaces,
              registry,
              new PluginsSettings(
                  null, state, Duration.ofMillis(50), SOON, 10_000, maxJarSize, true),
              ReplaceSettings.defaults(),
              SleepSettings.defaults(),
              id -> Map.of("host", name),
              backplane.sharing());
      hosts.add(this);
    }

    Host start() {
      backplane.start();
      plugins.start(folder);
      runs = true;
      return this;
    }

    void stop() {
      if (runs) {
        runs = false;
        plugins.stop();
        backplane.stop();
        namespaces.stop();
      }
    }

    @Nullable PluginStatus chat() {
      return plugins.plugin("chat").orElse(null);
    }

    String version() {
      PluginStatus chat = chat();
      return chat == null || chat.state() != PluginState.ACTIVE ? "none" : chat.version();
    }

    PluginStatus upload(Path jar) throws IOException {
      try (InputStream in = Files.newInputStream(jar)) {
        return plugins.deploy(plugins.stage(in, "chat.jar"), false);
      }
    }

    void drop(Path jar) throws IOException {
      Path part = Files.copy(jar, folder.resolve("chat.part"));
      Files.move(part, folder.resolve("chat.jar"), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static final BackplaneSettings SETTINGS =
      new BackplaneSettings(
          "test",
          List.of("node"),
          List.of(),
          false,
          Duration.ofMillis(200),
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          1 << 20,
          Duration.ofSeconds(30),
          1 << 20,
          1 << 20,
          true);

  @BeforeEach
  void start() throws IOException {
    here = new Host("here", 1_000_000).start();
    there = new Host("there", 1_000_000).start();
  }

  @AfterEach
  void stop() {
    hosts.reversed().forEach(Host::stop);
    redis.close();
  }

  private Path jar(String version) {
    return jar(version, "");
  }

  private Path jar(String version, String start) {
    String source =
        """
        package chat;
        import io.dormouse.api.*;
        public class Main implements Plugin {
          public record Settings(String host) {}
          @Override public void start(PluginContext context) throws Exception {
            String host = context.configuration(Settings.class).host();
            context.namespace("/chat");
            %s
          }
        }
        """
            .formatted(start);
    return PluginJars.plugin(
        files.resolve("chat-" + version + ".jar"),
        "chat",
        version,
        "chat.Main",
        PluginJars.compile(Map.of("chat.Main", source)));
  }

  private static void awaitVersion(String version, Host... hosts) {
    for (Host host : hosts) {
      await(host.name).atMost(SOON).until(() -> host.version().equals(version));
    }
  }

  @Test
  void anUploadReachesAllAndANewHostStartsWithIt() throws IOException {
    here.upload(jar("1"));

    awaitVersion("1", there);
    assertThat(new Host("new", 1_000_000).start().version()).isEqualTo("1");
  }

  @Test
  void aReplacementAndARollbackReachAll() throws IOException {
    here.upload(jar("1"));
    there.plugins.plugins();
    awaitVersion("1", there);
    there.upload(jar("2"));
    awaitVersion("2", here);
    Host late = new Host("late", 1_000_000).start();

    assertThat(late.version()).isEqualTo("2");
    late.plugins.rollback("chat");
    awaitVersion("1", here, there);
    here.plugins.rollback("chat");
    awaitVersion("2", there, late);
  }

  @Test
  void disabledAndRemovedIsSoOnAllAlsoOnANewOne() throws IOException {
    here.upload(jar("1"));
    awaitVersion("1", there);

    there.plugins.disable("chat");
    await().until(() -> here.chat().state() == PluginState.DISABLED);
    Host late = new Host("late", 1_000_000).start();
    assertThat(late.chat().state()).isEqualTo(PluginState.DISABLED);
    late.plugins.enable("chat");
    awaitVersion("1", here, there);
    here.plugins.remove("chat");
    await().until(() -> there.chat() == null && late.chat() == null);
    Host later = new Host("later", 1_000_000);
    later.drop(jar("1"));
    assertThat(later.start().chat()).isNull();
    there.upload(jar("2"));
    awaitVersion("2", here, late, later);
  }

  @Test
  void aHostThatCannotKeepsTheFormerAndSaysSo() throws IOException {
    here.upload(jar("1"));
    awaitVersion("1", there);

    here.upload(jar("2", "if (host.equals(\"there\")) throw new Exception(\"no disk\");"));

    await()
        .untilAsserted(
            () ->
                assertThat(there.chat().lastError())
                    .startsWith("Plugin 'chat' is not what all hosts want on this one: ")
                    .contains("no disk"));
    assertThat(there.version()).isEqualTo("1");
    assertThat(there.chat().refusedDigest()).isEqualTo(here.chat().digest());
    assertThat(here.version()).isEqualTo("2");
    here.upload(jar("3"));
    awaitVersion("3", there);
    assertThat(there.chat().lastError()).isNull();
  }

  @Test
  void aNewHostThatCannotServesTheFormer() throws IOException {
    here.upload(jar("1"));
    here.upload(jar("2", "if (host.equals(\"new\")) throw new Exception(\"no disk\");"));

    Host late = new Host("new", 1_000_000).start();

    assertThat(late.version()).isEqualTo("1");
    assertThat(late.chat().lastError()).contains("no disk");
    assertThat(here.version()).isEqualTo("2");
  }

  @Test
  void whatOneHostRefusesReachesNobody() throws IOException {
    here.upload(jar("1"));
    awaitVersion("1", there);

    Path bad = jar("2", "throw new Exception(\"broken\");");

    assertThatThrownBy(() -> here.upload(bad)).isInstanceOf(PluginRefused.class);
    there.upload(jar("3"));
    awaitVersion("3", here);
    assertThat(there.chat().generations()).hasSize(2);
  }

  @Test
  void aHostThatTakesOnlySmallerJarsSaysSo() throws IOException {
    Host small = new Host("small", 100).start();

    here.upload(jar("1"));

    awaitVersion("1", there);
    await().atMost(SOON).until(() -> small.chat() != null);
    assertThat(small.chat().state()).isEqualTo(PluginState.QUARANTINED);
    assertThat(small.chat().lastError()).contains("max-jar-size allows 100");
    assertThat(small.chat().refusedDigest()).isEqualTo(here.chat().digest());
    assertThat(
            small
                .registry
                .counter("dormouse.plugin.rollouts", "plugin", "chat", "result", "refused")
                .count())
        .isEqualTo(1);
    here.plugins.remove("chat");
    await().atMost(SOON).until(() -> small.chat() == null);
  }

  @Test
  void aChangedJarOfOneFolderReachesAllAndWhatANewHostBringsDoesNot() throws IOException {
    here.drop(jar("1"));
    awaitVersion("1", here, there);
    here.drop(jar("2"));
    awaitVersion("2", here, there);

    Host late = new Host("late", 1_000_000);
    late.drop(jar("1"));
    late.start();

    assertThat(late.version()).isEqualTo("2");
    late.drop(jar("3"));
    awaitVersion("3", here, there, late);
    Files.delete(late.folder.resolve("chat.jar"));
    await().atMost(SOON).until(() -> here.chat() == null && there.chat() == null);
  }

  @Test
  void aChangeWhileRedisIsAwayReachesTheOthersLater() throws IOException {
    here.upload(jar("1"));
    awaitVersion("1", there);
    redis.kill9();

    here.upload(jar("2"));
    assertThat(here.version()).isEqualTo("2");
    assertThat(there.version()).isEqualTo("1");

    redis.restart(); // with nothing in it
    awaitVersion("2", there);
    assertThat(new Host("late", 1_000_000).start().version()).isEqualTo("2");
  }

  @Test
  void aChangeWhileRedisIsAwayOutlivesARestartOfItsHost() throws IOException {
    here.upload(jar("1"));
    awaitVersion("1", there);
    redis.kill9();
    here.upload(jar("2"));
    here.stop();
    Host again = new Host("here", 1_000_000).start();
    assertThat(again.version()).isEqualTo("2");

    redis.restart();

    awaitVersion("2", there, again);
  }

  @Test
  void whatWasRemovedOrDisabledWhileRedisWasAwayStaysSoAfterARestart() throws IOException {
    here.upload(jar("1"));
    awaitVersion("1", there);
    redis.kill9();
    here.plugins.disable("chat");
    here.stop();
    redis.restart();
    Host again = new Host("here", 1_000_000).start();
    await().atMost(SOON).until(() -> there.chat().state() == PluginState.DISABLED);
    assertThat(again.chat().state()).isEqualTo(PluginState.DISABLED);
    again.plugins.enable("chat");
    awaitVersion("1", there);

    redis.kill9();
    again.plugins.remove("chat");
    again.stop();
    redis.restart();
    Host third = new Host("here", 1_000_000).start();

    await().atMost(SOON).until(() -> there.chat() == null);
    assertThat(third.chat()).isNull();
  }

  @Test
  void aChangeThatAnotherHostHasOvertakenIsGivenUp() throws IOException {
    here.upload(jar("1"));
    awaitVersion("1", there);
    redis.kill9();
    here.upload(jar("2"));
    here.stop();
    redis.restart();
    await()
        .atMost(SOON)
        .until(() -> redis.cli("HGET", "test:dormouse:plugins", "chat").contains("\"1\""));
    there.upload(jar("3"));

    Host again = new Host("here", 1_000_000).start();

    assertThat(again.version()).isEqualTo("3");
    again.upload(jar("4"));
    awaitVersion("4", there);
  }

  @Test
  void aMigrationRunsOnEachHostAndFindsWhatWasMigrated() throws IOException {
    here.upload(jar("1", "context.state().put(\"words\", \"old\");"));
    awaitVersion("1", there);
    String source =
        """
        package chat;
        import io.dormouse.api.*;
        public class Main implements Plugin {
          private PluginContext context;
          @Override public void start(PluginContext context) {
            this.context = context;
            context.namespace("/chat");
          }
          @Override public void onReplace(String before) {
            context.state().update("words", String.class, word -> word.equals("old") ? "new" : word + "!");
          }
        }
        """;
    here.upload(
        PluginJars.plugin(
            files.resolve("chat-2.jar"),
            "chat",
            "2",
            "chat.Main",
            PluginJars.compile(Map.of("chat.Main", source))));

    awaitVersion("2", there);
    assertThat(redis.cli("--raw", "HVALS", "test:dormouse:state:chat")).contains("new!");
  }

  @Test
  void whatIsNoPluginInRedisIsRefusedAndHurtsNobody() throws IOException {
    here.upload(jar("1"));
    awaitVersion("1", there);
    String hash = "test:dormouse:plugins";
    String digest = "a".repeat(64);
    redis.cli("HSET", hash, "no-json", "{");
    redis.cli("HSET", hash, "null", "null");
    redis.cli("HSET", hash, "no-digest", "{\"revision\":5,\"digest\":\"x\"}");
    redis.cli("HSET", hash, "far", "{\"revision\":9007199254740993,\"digest\":\"" + digest + "\"}");
    redis.cli("HSET", hash, "../id", "{\"revision\":5,\"digest\":\"" + digest + "\"}");
    redis.cli("HSET", hash, "long", "x".repeat(20_000));
    redis.cli("HSET", hash, "#revision", "many");
    redis.cli("HSET", hash, "chat", "[]");

    await().atMost(SOON).until(() -> refused(there, "FIELD") >= 4 && refused(here, "FIELD") >= 4);
    await().atMost(SOON).until(() -> redis.cli("HGET", hash, "chat").contains("\"1\""));
    assertThat(refused(there, "MALFORMED")).isGreaterThanOrEqualTo(1);
    assertThat(refused(there, "TOO_LARGE")).isEqualTo(1);
    assertThat(there.plugins.plugins()).hasSize(1);
    there.upload(jar("2"));
    awaitVersion("2", here);
    Host late = new Host("late", 1_000_000);
    assertThat(late.start().version()).isEqualTo("2");
  }

  private static double refused(Host host, String reason) {
    return host.registry.counter("dormouse.backplane.refused", "reason", reason).count();
  }

  @Test
  void keysOfAnotherKindAreReplaced() throws IOException {
    here.upload(jar("1"));
    awaitVersion("1", there);
    String jar = redis.cli("KEYS", "test:dormouse:jar:*");
    redis.cli("DEL", jar, "test:dormouse:plugins");
    redis.cli("RPUSH", jar, "x");
    redis.cli("SET", "test:dormouse:plugins", "x");

    await().atMost(SOON).until(() -> redis.cli("TYPE", jar).equals("string"));

    assertThat(redis.cli("TYPE", "test:dormouse:plugins")).isEqualTo("hash");
    awaitVersion("1", new Host("late", 1_000_000).start());
  }

  @Test
  void aJarThatNobodyHasIsSaidAndTheOthersGoOn() throws IOException {
    here.upload(jar("1"));
    awaitVersion("1", there);
    redis.cli(
        "HSET",
        "test:dormouse:plugins",
        "ghost",
        "{\"revision\":50,\"digest\":\"" + "a".repeat(64) + "\",\"enabled\":true}");

    await().atMost(SOON).until(() -> there.plugins.plugin("ghost").isPresent());
    assertThat(there.plugins.plugin("ghost").orElseThrow().lastError())
        .contains("its JAR has not arrived in Redis");
    here.upload(jar("2"));
    awaitVersion("2", there);
  }

  @Test
  void aRedisThatLostAllGetsItBack() throws IOException {
    here.upload(jar("1"));
    here.upload(jar("2"));
    awaitVersion("2", there);

    redis.cli("FLUSHALL");

    await()
        .atMost(SOON)
        .until(() -> redis.cli("HGET", "test:dormouse:plugins", "chat").contains("\"2\""));
    await().atMost(SOON).until(() -> redis.cli("KEYS", "test:dormouse:jar:*").lines().count() == 2);
    assertThat(new Host("late", 1_000_000).start().plugins.rollback("chat").version())
        .isEqualTo("1");
  }

  @Test
  void aHostStartsWithoutRedisAndTakesWhatAllWantWhenItComes() throws IOException {
    here.upload(jar("2"));
    awaitVersion("2", there);
    redis.pause();
    Host late = new Host("late", 1_000_000);
    late.drop(jar("1"));
    try {
      late.start();
      assertThat(late.version()).isEqualTo("1");
    } finally {
      redis.resume();
    }

    awaitVersion("2", late, here);
  }

  @Test
  void aSpoiltJarIsPutAgainByAHostThatHasIt() throws IOException {
    here.upload(jar("1"));
    String key = redis.cli("KEYS", "test:dormouse:jar:*");
    redis.cli("SETRANGE", key, "0", "spoilt");

    Host late = new Host("late", 1_000_000).start();

    awaitVersion("1", late);
    assertThat(refused(late, "DIGEST")).isGreaterThanOrEqualTo(1);
  }
}
