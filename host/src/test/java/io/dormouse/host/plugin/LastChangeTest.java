package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dormouse.host.testing.PluginJars;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folder, uploads and restarts: of one plugin, the last change wins wherever it was made. */
class LastChangeTest {
  private static final Map<String, String> ECHO =
      Map.of("echo.Main", RuntimeFixture.started("echo", "Main", ""));

  @TempDir private Path folder;
  @TempDir private Path state;
  @TempDir private Path elsewhere;
  private RuntimeFixture host;

  @BeforeEach
  void start() {
    host = new RuntimeFixture(folder, state, Duration.ofSeconds(20));
  }

  @AfterEach
  void stop() {
    host.close();
  }

  /** Stops the host, changes something, and starts it again. */
  private void restart() {
    host.close();
    start();
    host.runtime.start(folder);
  }

  /** A JAR of plugin {@code chat}, which tells its version. */
  private Path jar(String version, String start) {
    String source =
        """
        package chat;
        import io.dormouse.api.*;
        public class Main implements Plugin {
          @Override public void start(PluginContext context) throws Exception {
            context.namespace("/chat").onWithAck("version", String.class, (s, t) -> "%s");
            %s
          }
        }
        """
            .formatted(version, start);
    return PluginJars.plugin(
        elsewhere.resolve("chat-" + version + ".jar"),
        "chat",
        version,
        "chat.Main",
        PluginJars.compile(Map.of("chat.Main", source)));
  }

  private Path jar(String version) {
    return jar(version, "");
  }

  private void drop(Path jar) throws IOException {
    Path part = Files.copy(jar, folder.resolve("chat.part"));
    Files.move(part, folder.resolve("chat.jar"), StandardCopyOption.ATOMIC_MOVE);
  }

  private Upload stage(Path jar) throws IOException {
    try (InputStream in = Files.newInputStream(jar)) {
      return host.runtime.stage(in, "../../" + jar.getFileName());
    }
  }

  private PluginStatus upload(Path jar) throws IOException {
    return host.runtime.deploy(stage(jar), false);
  }

  private PluginStatus chat() {
    return host.runtime.plugin("chat").orElseThrow();
  }

  @Test
  void aDroppedJarReplacesTheFormerUnderOpenSockets() throws IOException {
    drop(jar("1"));
    host.runtime.start(folder);
    RawClient client = host.connect("/chat");
    assertThat(client.ask("[\"version\",\"\"]")).isEqualTo("[\"1\"]");

    drop(jar("2"));

    await().until(() -> client.ask("[\"version\",\"\"]").equals("[\"2\"]"));
    assertThat(chat().origin()).isEqualTo(PluginOrigin.FOLDER);

    Files.delete(folder.resolve("chat.jar"));
    await().until(() -> host.runtime.plugins().isEmpty());
    assertThat(client.next()).isEqualTo("41/chat,");
  }

  @Test
  void aBrokenJarLeavesTheFormerAndIsNotTriedAgain() throws IOException {
    drop(jar("1"));
    host.runtime.start(folder);
    drop(jar("2", "throw new Exception(\"no database\");"));

    await().until(() -> chat().lastError() != null);
    assertThat(chat().version()).isEqualTo("1");
    assertThat(chat().lastError()).contains("Plugin 'chat' 2 did not start", "no database");
    host.runtime.scan();
    host.runtime.scan();
    assertThat(chat().generations()).hasSize(2);

    assertThatThrownBy(() -> host.runtime.reload("chat")).hasMessageContaining("no database");
    assertThat(chat().generations()).hasSize(3);
  }

  @Test
  void anUploadWinsOverTheFolderAlsoAfterARestart() throws IOException {
    drop(jar("1"));
    host.runtime.start(folder);

    PluginStatus uploaded = upload(jar("2"));

    assertThat(uploaded.version()).isEqualTo("2");
    assertThat(uploaded.origin()).isEqualTo(PluginOrigin.UPLOAD);
    assertThat(uploaded.formerDigest()).isNotNull();
    restart();
    assertThat(chat().version()).isEqualTo("2");
    assertThat(host.connect("/chat").ask("[\"version\",\"\"]")).isEqualTo("[\"2\"]");
    assertThat(host.runtime.rollback("chat").version()).isEqualTo("1");
    restart();
    assertThat(chat().version()).isEqualTo("1");
  }

  @Test
  void anUploadIsThereAfterARestartOfAHostWithoutAFolder() throws IOException {
    host.runtime.start(null);
    upload(jar("1"));
    host.close();

    start();
    host.runtime.start(null);

    assertThat(chat().state()).isEqualTo(PluginState.ACTIVE);
    assertThat(chat().origin()).isEqualTo(PluginOrigin.UPLOAD);
  }

  @Test
  void whatWasDroppedWhileTheHostWasDownWinsOverAnEarlierUpload() throws IOException {
    drop(jar("1"));
    host.runtime.start(folder);
    upload(jar("2"));
    host.close();
    drop(jar("3"));

    start();
    host.runtime.start(folder);

    assertThat(chat().version()).isEqualTo("3");
  }

  @Test
  void aFailingJarDroppedWhileTheHostWasDownLeavesTheLastGoodOne() throws IOException {
    drop(jar("1"));
    host.runtime.start(folder);
    host.close();
    drop(jar("2", "throw new Exception();"));

    start();
    host.runtime.start(folder);

    assertThat(chat().version()).isEqualTo("1");
    assertThat(chat().lastError()).contains("Plugin 'chat' 2 did not start");
  }

  @Test
  void whatWasRemovedStaysAwayUntilItsJarComesAgain() throws IOException {
    Path jar = jar("1");
    drop(jar);
    host.runtime.start(folder);

    host.runtime.remove("chat");

    host.runtime.scan();
    assertThat(host.runtime.plugins()).isEmpty();
    restart();
    assertThat(host.runtime.plugins()).isEmpty();
    drop(jar); // the same bytes are no change
    host.runtime.scan();
    assertThat(host.runtime.plugins()).isEmpty();
    Files.delete(folder.resolve("chat.jar"));
    host.runtime.scan();
    drop(jar);
    await().until(() -> host.runtime.plugin("chat").isPresent());
    restart();
    assertThat(chat().state()).isEqualTo(PluginState.ACTIVE);
  }

  @Test
  void whatWasTakenFromTheFolderWhileTheHostWasDownIsGone() throws IOException {
    drop(jar("1"));
    host.runtime.start(folder);
    host.close();
    Files.delete(folder.resolve("chat.jar"));

    start();
    host.runtime.start(folder);

    assertThat(host.runtime.plugins()).isEmpty();
  }

  /** What a copy leaves that has not ended. */
  private byte[] cut(String fileName) throws IOException {
    byte[] whole = Files.readAllBytes(folder.resolve(fileName));
    Files.write(folder.resolve(fileName), Arrays.copyOf(whole, whole.length / 2));
    return whole;
  }

  @Test
  void aHalfCopiedFileAtAStartTakesNothingAway() throws IOException {
    drop(jar("1"));
    host.runtime.start(folder);
    host.close();
    cut("chat.jar");

    start();
    host.runtime.start(folder);
    assertThat(chat().version()).isEqualTo("1");

    drop(jar("2"));
    await().until(() -> chat().version().equals("2"));
    Files.delete(folder.resolve("chat.jar"));
    await().until(() -> host.runtime.plugins().isEmpty());
  }

  @Test
  void theFoldersFormerJarThatIsReadLateBringsNothingBack() throws IOException {
    drop(jar("1"));
    host.runtime.start(folder);
    upload(jar("2"));
    host.close();
    byte[] whole = cut("chat.jar");

    start();
    host.runtime.start(folder);
    Files.write(folder.resolve("chat.jar"), whole);
    host.runtime.scan();

    assertThat(host.runtime.plugins())
        .singleElement()
        .satisfies(chat -> assertThat(chat.version()).isEqualTo("2"));
  }

  @Test
  void changesOfTwoPluginsAtOnceAreBothRemembered() throws Exception {
    drop(jar("1"));
    PluginJars.plugin(
        folder.resolve("echo.jar"), "echo", "1", "echo.Main", PluginJars.compile(ECHO));
    host.runtime.start(folder);

    try (LogLines log = LogLines.of(Repository.class)) {
      Thread other = Thread.ofVirtual().start(() -> toggle("echo"));
      toggle("chat");
      other.join();
      assertThat(log.texts()).isEmpty();
    }
    restart();
    assertThat(host.runtime.plugins())
        .hasSize(2)
        .allSatisfy(plugin -> assertThat(plugin.state()).isEqualTo(PluginState.DISABLED));
  }

  private void toggle(String id) {
    for (int i = 0; i < 20; i++) {
      host.runtime.disable(id);
      host.runtime.enable(id);
    }
    host.runtime.disable(id);
  }

  @Test
  void disabledStaysSoAfterARestart() throws IOException {
    drop(jar("1"));
    host.runtime.start(folder);
    host.runtime.disable("chat");

    restart();

    assertThat(chat().state()).isEqualTo(PluginState.DISABLED);
    assertThat(host.runtime.enable("chat").state()).isEqualTo(PluginState.ACTIVE);
    assertThat(host.connect("/chat").ask("[\"version\",\"\"]")).isEqualTo("[\"1\"]");
  }

  @Test
  void aDryRunTellsWhatWouldChangeAndChangesNothing() throws IOException {
    drop(jar("1"));
    host.runtime.start(folder);

    DryRun run = host.runtime.dryRun(stage(jar("2", "context.namespace(\"/new\");")));

    assertThat(run.addedNamespaces()).containsExactly("/new");
    assertThat(run.keptNamespaces()).containsExactly("/chat");
    assertThat(chat().version()).isEqualTo("1");
    assertThatThrownBy(() -> host.runtime.dryRun(stage(jar("3", "throw new Exception();"))))
        .isInstanceOf(PluginRefused.class);
    assertThat(chat().lastError()).isNull();
    assertThat(host.connect("/chat").ask("[\"version\",\"\"]")).isEqualTo("[\"1\"]");
  }

  @Test
  void removedNamespacesAreRefusedWhenAskedFor() throws IOException {
    upload(jar("1", "context.namespace(\"/more\");"));
    Upload less = stage(jar("2"));

    assertThatThrownBy(() -> host.runtime.deploy(less, true))
        .isInstanceOf(PluginRefused.class)
        .hasMessageContaining("does not serve /more any more");
    assertThat(chat().version()).isEqualTo("1");
    assertThat(host.runtime.deploy(less, false).version()).isEqualTo("2");
  }

  @Test
  void retiredClassesAreCollectedAndSaidSo() throws IOException {
    upload(jar("1"));
    RawClient client = host.connect("/chat");
    assertThat(client.ask("[\"version\",\"\"]")).isEqualTo("[\"1\"]");
    upload(jar("2"));
    assertThat(client.ask("[\"version\",\"\"]")).isEqualTo("[\"2\"]");
    await().until(() -> stateOf(1) == GenerationState.RETIRED);

    host.runtime.hibernate("chat");
    await().until(() -> stateOf(0) == GenerationState.RETIRED);
    await()
        .untilAsserted(
            () -> {
              host.runtime.checkLeaks();
              assertThat(stateOf(0)).isEqualTo(GenerationState.COLLECTED);
              assertThat(stateOf(1)).isEqualTo(GenerationState.COLLECTED);
            });
    assertThat(client.ask("[\"version\",\"\"]")).isEqualTo("[\"2\"]");
  }

  @Test
  void twoThousandReplacementsLeaveNoClassesBehind() throws IOException {
    Upload[] versions = {stage(jar("1")), stage(jar("2"))};
    var leaked = new java.util.concurrent.atomic.AtomicInteger();
    var collected = new java.util.concurrent.atomic.AtomicInteger();
    host.runtime.addListener(
        event -> {
          if (event.type() == PluginEvent.Type.LEAKED) {
            leaked.incrementAndGet();
          } else if (event.type() == PluginEvent.Type.COLLECTED) {
            collected.incrementAndGet();
          }
        });
    PluginStatus unused = host.runtime.deploy(versions[0], false);
    RawClient client = host.connect("/chat");

    for (int i = 1; i <= 2_000; i++) {
      unused = host.runtime.deploy(versions[i % 2], false);
    }

    assertThat(client.ask("[\"version\",\"\"]")).isEqualTo("[\"1\"]");
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              host.runtime.checkLeaks();
              assertThat(collected).hasValue(2_000);
            });
    assertThat(leaked).hasValue(0);
    assertThat(unused.sockets()).isEqualTo(1);
  }

  private GenerationState stateOf(int index) {
    return chat().generations().get(index).state();
  }
}
