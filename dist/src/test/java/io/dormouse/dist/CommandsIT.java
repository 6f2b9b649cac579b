package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dormouse.api.Plugin;
import io.dormouse.dist.Command.Outcome;
import io.dormouse.dist.conformance.ConformancePlugin;
import io.dormouse.dist.versions.BrokenVersion;
import io.dormouse.dist.versions.FirstVersion;
import io.dormouse.dist.versions.SecondVersion;
import io.socket.client.Socket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each command of the launcher with a real host, and each exit code. */
class CommandsIT {
  private static DormouseProcess host;
  private static Map<String, String> environment;

  @TempDir private static Path folder;

  private static Path first;
  private static Path second;
  private static Path broken;

  @BeforeAll
  static void start() throws IOException {
    first = jar("1.0.0", FirstVersion.class);
    second = jar("2.0.0", SecondVersion.class);
    broken = jar("3.0.0", BrokenVersion.class);
    host =
        DormouseProcess.start(
            0,
            PluginJar.folder("commands", List.of(ConformancePlugin.class)),
            "dormouse: {plugins: {max-jar-size: 1MB, state-folder: '"
                + folder.resolve("state")
                + "'}}");
    environment = Map.of("DORMOUSE_ADMIN_URL", host.adminUrl());
  }

  private static Path jar(String version, Class<? extends Plugin> plugin) throws IOException {
    return PluginJar.file(folder.resolve(version + ".jar"), "numbers", version, plugin);
  }

  @AfterAll
  static void stop() {
    host.close();
  }

  /** What the tests need; they may run in any order. */
  @BeforeEach
  void deployTheFirstVersion() {
    dormouse(0, "deploy", first.toString());
  }

  private static Outcome dormouse(int exitCode, String... arguments) {
    Outcome outcome = Command.run(environment, arguments);
    assertThat(outcome.exitCode())
        .as(() -> String.join(" ", arguments) + outcome + host.log())
        .isEqualTo(exitCode);
    return outcome;
  }

  private static JsonNode json(String... arguments) throws IOException {
    return new ObjectMapper().readTree(dormouse(0, arguments).output());
  }

  @Test
  void deploysAndRollsBackUnderALiveSocket() throws Exception {
    try (JavaClient client = new JavaClient(host.url(), "websocket")) {
      Socket socket = client.connect("/numbers", null);
      Outcome deployed = dormouse(0, "deploy", second.toString());
      assertThat(deployed.output())
          .contains("numbers 2.0.0 is active", "; before it 1.0.0\n")
          .contains("  added    /new\n  removed  /old\n  kept     /numbers\n");
      assertThat(deployed.errors()).contains("Uploading numbers 2.0.0, ", "Waiting for the host");
      assertThat(JavaClient.call(socket, "version", "")).containsExactly("2.0.0");

      assertThat(dormouse(0, "rollback", "numbers").output()).contains("numbers 1.0.0 is active");
      assertThat(JavaClient.call(socket, "version", "")).containsExactly("1.0.0");
    }
  }

  @Test
  void aVersionThatDoesNotStartIsRefused() {
    Outcome refused = dormouse(1, "deploy", broken.toString());
    assertThat(refused.errors()).contains("broken on purpose", "[PLUGIN_START_FAILED]");
    assertThat(dormouse(0, "plugins").output()).containsPattern("numbers +1.0.0 +ACTIVE");
    assertThat(dormouse(0, "plugins", "numbers").output()).contains("broken on purpose");
  }

  @Test
  void aFileThatIsTooLargeIsRefused() throws IOException {
    Path large = folder.resolve("large.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Plugin-Id", "numbers");
    manifest.getMainAttributes().putValue("Plugin-Version", "4.0.0");
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(large), manifest)) {
      jar.setLevel(Deflater.NO_COMPRESSION);
      jar.putNextEntry(new JarEntry("large"));
      jar.write(new byte[20_000_000]);
    }
    assertThat(dormouse(1, "deploy", large.toString()).errors())
        .contains("larger than the host takes", "max-jar-size");
  }

  @Test
  void keepsLettersInALocaleWithoutThem() {
    // The words are written by a shell, since this JVM may be in such a locale itself.
    String dormouse = DormouseProcess.home().resolve("dormouse").toString();
    Outcome outcome =
        Command.runShell(
            Map.of("DORMOUSE_ADMIN_URL", host.adminUrl(), "LC_ALL", "C"),
            "'" + dormouse + "' emit /numbers \"$(printf '\\303\\251')\"");
    assertThat(outcome).isEqualTo(new Outcome(0, "Sent '\u00e9' to 0 sockets\n", ""));
  }

  @Test
  void aDryRunChangesNothing() throws Exception {
    assertThat(dormouse(0, "deploy", "--dry-run", second.toString()).output())
        .contains("nothing was changed, 1.0.0 goes on")
        .contains("  adds     /new\n  removes  /old\n  keeps    /numbers\n");
    dormouse(1, "deploy", "--dry-run", broken.toString());
    dormouse(1, "deploy", "--refuse-removed", second.toString());
    assertThat(json("plugins", "numbers", "--json").path("version").asText()).isEqualTo("1.0.0");
  }

  @Test
  void doesNotWaitWhenToldSo() {
    assertThat(dormouse(0, "deploy", "--no-wait", second.toString()).output())
        .contains("numbers 2.0.0 is uploaded");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> dormouse(0, "plugins").output().matches("(?s).*numbers +2.0.0 .*"));
  }

  @Test
  void putsToSleepAndWakes() {
    assertThat(dormouse(0, "hibernate", "numbers").output())
        .isEqualTo("numbers 1.0.0 is hibernated\n");
    assertThat(dormouse(0, "wake", "numbers").output()).startsWith("numbers 1.0.0 is active");
    assertThat(dormouse(0, "disable", "numbers").output()).isEqualTo("numbers 1.0.0 is disabled\n");
    assertThat(dormouse(0, "enable", "numbers").output()).startsWith("numbers 1.0.0 is active");
  }

  @Test
  void removesAndReloads() throws Exception {
    assertThat(dormouse(0, "remove", "numbers").output()).isEqualTo("numbers is removed\n");
    assertThat(dormouse(0, "namespaces").output()).doesNotContain("/numbers").contains("/features");
    assertThat(dormouse(1, "wake", "numbers").errors()).contains("numbers", "UNKNOWN_PLUGIN]");
    dormouse(0, "reload");
    dormouse(0, "deploy", first.toString());
    assertThat(dormouse(0, "reload", "numbers").output()).startsWith("numbers 1.0.0 is active");
  }

  @Test
  void emitsListsAndDisconnects() throws Exception {
    try (JavaClient client = new JavaClient(host.url(), "websocket")) {
      Socket socket = client.connect("/numbers", null, "line", Socket.EVENT_DISCONNECT);
      assertThat(dormouse(0, "emit", "/numbers", "line", "\"hi\"", "-1", "--to", "odd").output())
          .isEqualTo("Sent 'line' to 1 socket\n");
      assertThat(client.next("/numbers", "line")).containsExactly("hi", -1);
      assertThat(dormouse(0, "emit", "/numbers", "line", "--except", "odd").output())
          .isEqualTo("Sent 'line' to 0 sockets\n");

      assertThat(dormouse(0, "sockets", "--namespace", "/numbers", "--room", "odd").output())
          .containsPattern(socket.id() + "  /numbers +127.0.0.1 +websocket +\\d+s +.*odd");
      assertThat(json("sockets", "--json").path("sockets").toString()).contains(socket.id());
      assertThat(dormouse(0, "sockets", "--room", "nobody").output()).startsWith("SOCKET ");
      assertThat(dormouse(0, "namespaces").output()).containsPattern("/numbers +numbers +1 ");

      String id = socket.id();
      assertThat(dormouse(0, "disconnect", id).output()).isEqualTo(id + " is disconnected\n");
      client.next("/numbers", Socket.EVENT_DISCONNECT);
      dormouse(1, "disconnect", "nobody");
    }
  }

  @Test
  void followsEventsAndLogs() {
    try (Command events = Command.start(environment, "events", "-f");
        Command logs = Command.start(environment, "logs", "-f", "--plugin", "numbers")) {
      await().until(() -> logs.output().contains("The first version starts"));
      await()
          .until(
              () -> {
                dormouse(0, "reload", "numbers");
                return events.output().contains("numbers");
              });
      dormouse(0, "deploy", second.toString());
      await().until(() -> logs.output().contains("The second version starts"));
      await().until(() -> events.output().matches("(?s).*REPLACED +numbers 2.0.0.*"));
    }
    assertThat(dormouse(0, "events").output()).contains("numbers 2.0.0");
    assertThat(dormouse(0, "logs").output()).contains("The second version starts", "'conformance'");
    assertThat(dormouse(0, "logs", "--plugin", "nobody").output()).isEmpty();
  }

  @Test
  void tellsWhatLeaks() {
    dormouse(0, "deploy", second.toString());
    assertThat(dormouse(0, "leaks").output())
        .containsPattern("PLUGIN +GENERATION +VERSION +VERDICT +SINCE +CAUSE")
        .containsPattern("numbers +\\d+ +1.0.0 +(COLLECTED|RETIRED) ");
  }

  @Test
  void printsTheHostsJson() throws Exception {
    assertThat(json("plugins", "--json").path("plugins").isArray()).isTrue();
    assertThat(json("plugins", "numbers", "--json").path("generations").isArray()).isTrue();
    assertThat(json("namespaces", "--json").path("namespaces").isArray()).isTrue();
    assertThat(json("leaks", "--json").isObject()).isTrue();
    assertThat(json("emit", "/numbers", "x", "--json").path("sockets").asInt(-1)).isZero();
    assertThat(json("reload", "numbers", "--json").path("id").asText()).isEqualTo("numbers");
    assertThat(json("deploy", "--json", second.toString()).path("version").asText())
        .isEqualTo("2.0.0");
  }

  @Test
  void fitsATerminal() {
    Outcome narrow = Command.runOnTerminal(environment, 60, "plugins");
    assertThat(narrow.output()).contains("...").contains("\033[32mACTIVE\033[m");
    assertThat(narrow.output().lines().limit(2).map(line -> line.replaceAll("\033\\[\\d*m", "")))
        .allMatch(line -> line.length() <= 60);
    Outcome plain =
        Command.runOnTerminal(
            Map.of("DORMOUSE_ADMIN_URL", host.adminUrl(), "NO_COLOR", "1"), 60, "plugins");
    assertThat(plain.output()).doesNotContain("\033");
    Outcome deployed = Command.runOnTerminal(environment, 100, "deploy", second.toString());
    assertThat(deployed.output()).contains("\r\033[KWaiting for the host to start numbers 2.0.0");
  }

  @Test
  void badUsageIsCodeTwo() {
    assertThat(dormouse(2, "emit", "/numbers", "line", "hello").errors()).contains("is not JSON");
    assertThat(dormouse(2, "deploy", "nowhere.jar").errors()).contains("no such file");
    assertThat(dormouse(2, "wake").errors()).contains("dormouse wake --help", "[BAD_USAGE]");
    assertThat(dormouse(2, "plugins", "--jsno").errors()).contains("the nearest is '--json'");
    assertThat(dormouse(2, "plugin").errors()).contains("'plugin' is no command");
    assertThat(dormouse(0, "wake", "--help").output()).contains("Exit codes");
  }

  @Test
  void theLauncherListsThemAll() throws IOException {
    String help = dormouse(0, "--help").output();
    String document = Files.readString(Path.of("../docs/commands.md"));
    for (String command :
        List.of(
            "plugins",
            "deploy",
            "reload",
            "rollback",
            "hibernate",
            "wake",
            "disable",
            "enable",
            "remove",
            "namespaces",
            "sockets",
            "disconnect",
            "emit",
            "events",
            "logs",
            "leaks")) {
      assertThat(help).containsPattern("(?m)(^  |, )" + command + " ");
      assertThat(document).containsPattern("`" + command + "[` ]");
      assertThat(dormouse(0, command, "--help").output())
          .startsWith("Usage: dormouse " + command + " ")
          .contains("--json", "--token-file=FILE", "Exit codes");
    }
  }

  @Test
  void noHostIsCodeThree() {
    Map<String, String> nowhere = Map.of("DORMOUSE_ADMIN_URL", "http://127.0.0.1:1");
    Outcome outcome = Command.run(nowhere, "plugins");
    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(outcome.errors()).contains("http://127.0.0.1:1", "DORMOUSE_ADMIN_URL");
    // The public port is no admin listener.
    dormouse(3, "plugins", "--url", host.url());
  }

  @Test
  void notAllowedIsCodeFour() throws IOException {
    String token = "0123456789abcdef0123456789abcdef";
    Path file = Files.writeString(folder.resolve("token"), token + "\n");
    try (DormouseProcess guarded =
        DormouseProcess.start(
            0,
            PluginJar.folder("commands-guarded", List.of(ConformancePlugin.class)),
            "dormouse: {admin: {tokens: {looker: {value: " + token + ", scopes: [read]}}}}")) {
      Map<String, String> without = Map.of("DORMOUSE_ADMIN_URL", guarded.adminUrl());
      Map<String, String> with =
          Map.of("DORMOUSE_ADMIN_URL", guarded.adminUrl(), "DORMOUSE_ADMIN_TOKEN", token);
      Outcome none = Command.run(without, "plugins");
      assertThat(none.exitCode()).isEqualTo(4);
      assertThat(none.errors()).contains("DORMOUSE_ADMIN_TOKEN", "[NOT_ALLOWED]");
      assertThat(Command.run(with, "plugins").exitCode()).isZero();
      assertThat(Command.run(without, "plugins", "--token-file", file.toString()).exitCode())
          .isZero();
      Outcome read = Command.run(with, "hibernate", "conformance");
      assertThat(read.exitCode()).isEqualTo(4);
      assertThat(read.errors()).contains("looker", "deploy").doesNotContain(token);
      assertThat(Command.run(with, "deploy", first.toString()).exitCode()).isEqualTo(4);
    }
  }
}
