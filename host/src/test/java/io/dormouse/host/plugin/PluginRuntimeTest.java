package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.RuntimeFixture.plugin;
import static io.dormouse.host.plugin.RuntimeFixture.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class PluginRuntimeTest {
  @TempDir Path folder;
  @TempDir Path staging;
  private RuntimeFixture fixture;

  @BeforeEach
  void create() {
    fixture = new RuntimeFixture(folder, staging, Duration.ofSeconds(20));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private List<Path> staged() throws IOException {
    try (Stream<Path> files = Files.list(staging.resolve("jars"))) {
      return files.toList();
    }
  }

  @Test
  void startsThePluginsOfAFolderInTheOrderOfTheirNames() {
    fixture.put(
        "b", started("b", "Main", "context.namespace(\"/z\"); context.namespaces(\"/b-{n}\");"));
    fixture.put("a", started("a", "Main", "context.namespace(\"/a\");"));
    folder.resolve("notes.txt").toFile().mkdir();

    fixture.runtime.start(folder);

    assertThat(fixture.runtime.plugins())
        .extracting(
            PluginStatus::jar,
            PluginStatus::id,
            PluginStatus::version,
            PluginStatus::namespaces,
            PluginStatus::state,
            PluginStatus::lastError)
        .containsExactly(
            tuple("a.jar", "a", "1.0.0", List.of("/a"), PluginState.ACTIVE, null),
            tuple("b.jar", "b", "1.0.0", List.of("/b-{n}", "/z"), PluginState.ACTIVE, null));
  }

  @Test
  void letsClientsReachTheHandlersOfAJar() {
    fixture.put(
        "chat",
        plugin(
            "chat",
            "Main",
            """
            record Line(String text, int likes) {}
            @Override public void start(PluginContext context) {
              Namespace chat = context.namespace("/chat");
              chat.emit("nobody", 1);
              chat.handlers(this);
              chat.on("tell", Line.class, (socket, line) -> chat.emit("told", line, context.id()));
            }
            @On("like") Line like(Socket socket, Line line, String more) {
              return new Line(line.text() + more, line.likes() + 1);
            }
            """));
    fixture.runtime.start(folder);
    RawClient client = fixture.connect("/chat");

    assertThat(client.ask("[\"like\",{\"text\":\"hi\",\"likes\":1},\"!\"]"))
        .isEqualTo("[{\"text\":\"hi!\",\"likes\":2}]");
    assertThat(client.ask("[\"like\",7]")).contains("\"code\":\"bad_payload\"");
    client.say("[\"tell\",{\"text\":\"x\",\"likes\":0}]");
    assertThat(client.next()).isEqualTo("42/chat,[\"told\",{\"text\":\"x\",\"likes\":0},\"chat\"]");
  }

  @Test
  void logsARefusalInOneLineWithItsCode() throws IOException {
    Files.writeString(folder.resolve("bad.jar"), "no zip");
    var logger = (Logger) LoggerFactory.getLogger(PluginRuntime.class);
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
    try {
      fixture.runtime.start(folder);
    } finally {
      logger.detachAppender(lines);
      logger.setLevel(null);
    }

    assertThat(lines.list)
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.getLevel()).isEqualTo(Level.WARN);
              assertThat(line.getThrowableProxy()).isNull();
              assertThat(line.getFormattedMessage())
                  .isEqualTo(fixture.runtime.plugins().getFirst().lastError());
              assertThat(line.getKeyValuePairs().toString()).contains("PLUGIN_BAD_JAR");
            });
  }

  @Test
  void opensOnlyItsStagedCopyAndForgetsThoseOfAFormerHost() throws IOException {
    Path jars = Files.createDirectories(staging.resolve("jars"));
    Files.writeString(jars.resolve("left-over.jar"), "of a host that died");
    fixture.put("a", started("a", "Main", "context.namespace(\"/a\");"));
    fixture.put("bad", started("bad", "Main", "throw new Exception();"));
    fixture.runtime.start(folder);

    // The refused one is kept too, for whoever tries it again by hand.
    assertThat(staged())
        .hasSize(2)
        .allSatisfy(copy -> assertThat(copy.getFileName().toString()).matches("[0-9a-f]{64}\\.jar"))
        .anySatisfy(copy -> assertThat(copy).hasSameBinaryContentAs(folder.resolve("a.jar")));
  }

  @Test
  void keepsTheCopyOfAPluginWhoseTwinIsRefused() throws IOException {
    fixture.put("a", started("a", "Main", "context.namespace(\"/a\");"));
    Files.copy(folder.resolve("a.jar"), folder.resolve("b.jar"));

    fixture.runtime.start(folder);

    assertThat(fixture.runtime.plugins())
        .extracting(PluginStatus::state)
        .containsExactly(PluginState.ACTIVE, PluginState.QUARANTINED);
    assertThat(staged()).hasSize(1);
  }

  @Test
  void stopsTheLastStartedFirstAndGoesOnWhenOneFails() {
    String stop =
        "@Override public void stop() { System.setProperty(\"dormouse.test.stopped\", System.getProperty(\"dormouse.test.stopped\", \"\") + getClass().getPackageName()); ";
    for (String id : List.of("a", "b", "c")) {
      fixture.put(
          id,
          plugin(
              id,
              "Main",
              "@Override public void start(PluginContext context) {}"
                  + stop
                  + (id.equals("b") ? "throw new IllegalStateException();" : "")
                  + "}"));
    }
    fixture.runtime.start(folder);

    fixture.runtime.stop();

    assertThat(System.clearProperty("dormouse.test.stopped")).isEqualTo("cba");
    assertThat(fixture.runtime.plugins()).isEmpty();
  }

  @Test
  void disconnectsClientsBeforeThePluginStops() {
    fixture.put(
        "a",
        plugin(
            "a",
            "Main",
            """
            private volatile int left;
            @Override public void start(PluginContext context) {
              context.namespace("/a").onDisconnect((socket, reason) -> left++);
            }
            @Override public void stop() { System.setProperty("dormouse.test.left", "" + left); }
            """));
    fixture.runtime.start(folder);
    RawClient client = fixture.connect("/a");

    fixture.runtime.stop();

    assertThat(client.next()).isEqualTo("41/a,");
    assertThat(System.clearProperty("dormouse.test.left")).isEqualTo("1");
  }

  @Test
  void keepsStateFromOneStartToTheNext() {
    fixture.put(
        "a",
        started(
            "a",
            "Main",
            """
            int starts = context.state().update("starts", Integer.class, n -> n == null ? 1 : n + 1);
            context.namespace("/start-" + starts);
            """));
    fixture.runtime.start(folder);
    fixture.runtime.stop();
    fixture.runtime.start(folder);

    assertThat(fixture.runtime.plugins().getFirst().namespaces()).containsExactly("/start-2");
  }

  private record Settings(String greeting) {}

  private static final class Greeter implements Plugin {
    @Override
    public void start(PluginContext context) {
      String greeting = context.configuration(Settings.class).greeting();
      context
          .namespace("/greeter")
          .onWithAck("greet", String.class, (socket, name) -> greeting + " " + name);
    }
  }

  @Test
  void startsAPluginFromTheClassPath() {
    fixture.runtime.startFrom("greeter", "0", Greeter::new, Map.of("greeting", "hello"));

    assertThat(fixture.connect("/greeter").ask("[\"greet\",\"ada\"]")).isEqualTo("[\"hello ada\"]");
    assertThatThrownBy(
            () -> fixture.runtime.startFrom("other", "0", Greeter::new, Map.of("greting", "x")))
        .isInstanceOf(PluginRefused.class)
        .hasMessageContaining("key 'dormouse.plugin.other.greting' is unknown");
  }

  @Test
  void throwsWhenTheFolderCannotBeRead() {
    assertThatThrownBy(() -> fixture.runtime.start(folder.resolve("missing")))
        .isInstanceOf(UncheckedIOException.class);
  }
}
