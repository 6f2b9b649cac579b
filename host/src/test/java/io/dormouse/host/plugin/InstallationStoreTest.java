package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dormouse.host.plugin.InstallationStore.Installed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstallationStoreTest {
  private static final Instant THEN = Instant.parse("2026-11-24T12:00:00.123456789Z");
  private static final Installed CHAT =
      new Installed(
          "chat",
          "a".repeat(64),
          "1.1.0",
          "chat-1.1.jar",
          "b".repeat(64),
          PluginOrigin.UPLOAD,
          true,
          false,
          "c".repeat(64),
          Map.of("d".repeat(64), "Plugin 'chat' 1.2.0 did not start [PLUGIN_START_FAILED]"),
          THEN,
          7L);
  private static final Installed BARE =
      new Installed(
          "bare",
          null,
          null,
          null,
          null,
          PluginOrigin.FOLDER,
          false,
          true,
          null,
          Map.of(),
          THEN,
          null);

  @TempDir Path folder;
  private StateFolder state;
  private InstallationStore store;

  @BeforeEach
  void open() {
    state = StateFolder.open(folder);
    store = new InstallationStore(state);
  }

  @AfterEach
  void close() {
    state.close();
  }

  private Path file() {
    return folder.resolve("installations.json");
  }

  @Test
  void isEmptyAtFirst() {
    try (LogLines log = LogLines.of(InstallationStore.class)) {
      assertThat(store.read()).isEmpty();
      assertThat(log.texts()).isEmpty();
    }
  }

  @Test
  void readsWhatItWroteInTheOrderOfIds() {
    store.write(List.of(CHAT, BARE));

    assertThat(new InstallationStore(state).read()).containsExactly(BARE, CHAT);
  }

  @Test
  void writesForPeopleToo() throws IOException {
    store.write(List.of(BARE));

    assertThat(file())
        .hasContent(
            """
            {
              "format" : 1,
              "installations" : [ {
                "id" : "bare",
                "digest" : null,
                "version" : null,
                "jar" : null,
                "formerDigest" : null,
                "origin" : "FOLDER",
                "enabled" : false,
                "removed" : true,
                "folderDigest" : null,
                "quarantined" : { },
                "changed" : "2026-11-24T12:00:00.123456789Z"
              } ]
            }\
            """);
  }

  @Test
  void ignoresFieldsOfALaterVersion() throws IOException {
    store.write(List.of(CHAT));
    Files.writeString(
        file(),
        Files.readString(file())
            .replace("\"format\"", "\"more\": [{}], \"format\"")
            .replace("\"id\"", "\"colour\": \"red\", \"id\""));

    assertThat(store.read()).containsExactly(CHAT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{",
        "[]",
        "{}",
        "\0\0\0\0\0\0\0\0",
        "{\"format\": 1}",
        "{\"format\": 1, \"installations\": [null]}",
        "{\"format\": 1, \"installations\": [{\"id\": \"a\"}]}",
        "{\"format\": 1, \"installations\": [{\"id\": \"a\", \"origin\": \"MOON\"}]}",
        "{\"format\": 1, \"installations\": [{\"id\": \"a\", \"origin\": \"FOLDER\", \"changed\": \"x\"}]}",
        "{\"format\": 1, \"installations\": ["
            + "{\"id\": \"a\", \"origin\": \"FOLDER\", \"changed\": \"2026-11-24T12:00:00Z\"},"
            + "{\"id\": \"a\", \"origin\": \"FOLDER\", \"changed\": \"2026-11-24T12:00:00Z\"}]}"
      })
  void putsADamagedFileAside(String json) throws IOException {
    Files.writeString(file(), json);

    try (LogLines log = LogLines.of(InstallationStore.class)) {
      assertThat(store.read()).isEmpty();
      assertThat(store.read()).isEmpty();

      assertThat(log.texts())
          .singleElement()
          .asString()
          .startsWith("WARN " + state.installations() + " is not used: it is damaged (")
          .contains("its content is kept in installations.damaged.json")
          .endsWith("what was uploaded, rolled back, disabled or removed by hand is forgotten")
          .doesNotContain("\n");
    }
    assertThat(file()).doesNotExist();
    assertThat(folder.resolve("installations.damaged.json")).hasContent(json);
  }

  @Test
  void putsAFileOfANewerFormatAside() throws IOException {
    Files.writeString(file(), "{\"format\": 2, \"installations\": {\"new\": true}}");

    try (LogLines log = LogLines.of(InstallationStore.class)) {
      assertThat(store.read()).isEmpty();

      assertThat(log.texts())
          .singleElement()
          .asString()
          .contains("it is of format 2, this version knows 1")
          .contains("kept in installations.newer.json");
    }
    store.write(List.of(CHAT));
    assertThat(store.read()).containsExactly(CHAT);
  }

  @Test
  void refusesToStartFromAFileThatCannotBeRead() throws IOException {
    Files.createDirectory(file());

    assertThatExceptionOfType(StateFolderUnusable.class)
        .isThrownBy(store::read)
        .withMessageContaining("installations.json cannot be read (IOException 'Is a directory')");
  }

  @Test
  void saysWhyItCannotBeWritten() throws IOException {
    Files.createDirectories(folder.resolve("installations.part"));

    assertThatExceptionOfType(PluginRefused.class)
        .isThrownBy(() -> store.write(List.of(CHAT)))
        .withMessageContaining("What is installed cannot be written to")
        .withMessageEndingWith("[PLUGIN_STAGING_FAILED]");
    assertThat(folder.resolve("installations.part")).doesNotExist();
  }

  @Test
  void keepsTheFormerContentWhenTheHostDiesBeforeTheRename() throws IOException {
    store.write(List.of(CHAT));
    Files.writeString(folder.resolve("installations.part"), "{\"format\": 1, \"inst");

    assertThat(store.read()).containsExactly(CHAT);
    store.write(List.of(BARE));
    assertThat(store.read()).containsExactly(BARE);
    assertThat(folder.resolve("installations.part")).doesNotExist();
  }

  /** Writes without end, each time more or less than before. */
  static final class Writer {
    public static void main(String[] arguments) {
      var store = new InstallationStore(StateFolder.open(Path.of(arguments[0])));
      for (int i = 0; ; i++) {
        store.write(numbered(i % 50));
        System.out.println(i);
      }
    }
  }

  private static List<Installed> numbered(int count) {
    return IntStream.range(100, 100 + count)
        .mapToObj(
            i ->
                new Installed(
                    "p" + i,
                    null,
                    null,
                    null,
                    null,
                    PluginOrigin.FOLDER,
                    true,
                    false,
                    null,
                    Map.of(),
                    THEN,
                    null))
        .toList();
  }

  @Test
  void isWholeWheneverTheHostIsKilled() throws Exception {
    state.close();
    for (int round = 0; round < 3; round++) {
      Process writer = OtherJvm.start(Writer.class, folder.toString());
      var lines =
          new BufferedReader(
              new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8));
      for (int i = 0; i < 20 + round * 7; i++) {
        assertThat(lines.readLine()).isNotNull();
      }
      writer.toHandle().destroyForcibly(); // what it has printed can still be read
      int last = lines.lines().mapToInt(Integer::parseInt).max().orElse(19 + round * 7);
      writer.waitFor();

      state = StateFolder.open(folder); // the lock ended with the process
      List<Installed> read = new InstallationStore(state).read();
      assertThat(read).isIn(numbered(last % 50), numbered((last + 1) % 50));
      state.close();
    }
  }
}
