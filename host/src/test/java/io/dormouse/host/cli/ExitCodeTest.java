package io.dormouse.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a command ends, and what it says then. */
class ExitCodeTest {
  private static final String NONE = "{'plugins':[]}";

  private final FakeHost host = new FakeHost();

  @TempDir private Path folder;

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void refusedTellsTheHostsReasonAndCode() {
    host.refuses("POST /plugins/chat/wake", 409, "OPERATION_IN_PROGRESS", "chat is being replaced");
    assertThat(host.run("wake", "chat"))
        .isEqualTo(new FakeHost.Outcome(1, "", "chat is being replaced [OPERATION_IN_PROGRESS]\n"));
  }

  @Test
  void aCodeInTheDetailIsNotRepeated() {
    host.refuses("POST /plugins/chat/wake", 422, "PLUGIN_X", "It threw. [PLUGIN_X]");
    assertThat(host.run("wake", "chat").errors()).isEqualTo("It threw. [PLUGIN_X]\n");
  }

  @Test
  void unreachableTellsWhereAndWhatToSet() {
    host.close();
    FakeHost.Outcome outcome = host.run("plugins");
    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(outcome.output()).isEmpty();
    assertThat(outcome.errors())
        .startsWith("No host answers at " + host.url() + ": Connection refused")
        .contains("DORMOUSE_ADMIN_URL")
        .endsWith("[HOST_UNREACHABLE]\n");
  }

  @Test
  void anotherServerIsNoHost() {
    assertThat(host.run("plugins").exitCode()).isEqualTo(3);
    assertThat(host.run("plugins").errors())
        .contains("answers with 404, not as the admin listener");
    host.on("GET /plugins", 200, "text/html", "<p>Welcome</p>");
    assertThat(host.run("plugins").exitCode()).isEqualTo(3);
    host.on("GET /plugins", 302, "text/html", "").on("GET /elsewhere", NONE);
    assertThat(host.run("plugins").exitCode()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void notAllowedTellsWhereTheTokenComesFrom(int status) {
    host.refuses("GET /plugins", status, "FORBIDDEN", "scope 'read' is missing");
    FakeHost.Outcome outcome = host.run("plugins");
    assertThat(outcome.exitCode()).isEqualTo(4);
    assertThat(outcome.errors())
        .contains("scope 'read' is missing", "DORMOUSE_ADMIN_TOKEN", "--token-file")
        .endsWith("[NOT_ALLOWED]\n");
  }

  @Test
  void theTokenComesFromTheEnvironmentOrFromAFile() throws Exception {
    host.on("GET /plugins", NONE);
    host.run("plugins");
    host.environment.put("DORMOUSE_ADMIN_TOKEN", "one");
    host.run("plugins");
    Path file = Files.writeString(folder.resolve("token"), "two\n");
    host.run("plugins", "--token-file", file.toString());
    assertThat(host.requests)
        .extracting(request -> request.header("Authorization"))
        .containsExactly("", "Bearer one", "Bearer two");
  }

  @Test
  void aBadTokenIsNotSentAndNotShown() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "secret\r\nX-Evil: 1");
    FakeHost.Outcome outcome = host.run("plugins", "--token-file", file.toString());
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.errors()).contains("--token-file").doesNotContain("secret");
    assertThat(host.run("plugins", "--token-file", "nowhere").errors())
        .isEqualTo("--token-file 'nowhere' cannot be read: there is no such file [BAD_USAGE]\n");
    Files.writeString(file, "\n");
    assertThat(host.run("plugins", "--token-file", file.toString()).exitCode()).isEqualTo(2);
    assertThat(host.requests).isEmpty();
  }

  @Test
  void theUrlMayHaveAPathAndASlash() {
    host.on("GET /admin/plugins", NONE);
    assertThat(host.run("plugins", "--url", host.url() + "/admin/").exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost:9090", "ftp://h", "http://", "http://me:secret@h:1", "http://a b", "x"})
  void aUrlThatIsNoneIsBadUsage(String url) {
    FakeHost.Outcome outcome = host.run("plugins", "--url", url);
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.errors())
        .startsWith("--url is no URL of an admin listener; it looks like http://127.0.0.1:9090")
        .doesNotContain("secret");
    host.environment.put("DORMOUSE_ADMIN_URL", url);
    assertThat(host.run("plugins").errors()).startsWith("DORMOUSE_ADMIN_URL is no URL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"plugins a b", "plugins --token x", "wake", "deploy", "emit /", "sockets x"})
  void badUsageAsksNoHost(String line) {
    assertThat(host.run(line.split(" ")).exitCode()).isEqualTo(2);
    assertThat(host.requests).isEmpty();
  }

  @Test
  void helpListsTheExitCodes() {
    FakeHost.Outcome outcome = host.run("rollback", "--help");
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.output())
        .contains("Usage: dormouse rollback", "Puts the former version", "--json", "--token-file")
        .contains("DORMOUSE_ADMIN_URL", "DORMOUSE_ADMIN_TOKEN")
        .containsPattern("Exit codes\\n  0 +done\\n  1 .*\\n  2 .*\\n  3 .*\\n  4 ");
  }
}
