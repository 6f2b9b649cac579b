package io.dormouse.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.testing.PluginJars;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line against a host that answers it. */
class AdminCommandsIT {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";

  @TempDir private Path folder;

  private AdminFixture admin;

  @BeforeEach
  void start() {
    admin =
        new AdminFixture(
            "dormouse.plugins.max-jar-size",
            "1MB",
            "dormouse.plugins.state-folder",
            folder.resolve("state").toString(),
            "dormouse.admin.tokens.ci.value",
            TOKEN,
            "dormouse.admin.tokens.ci.scopes",
            "read, deploy, emit");
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  /**
   * @param tooLarge whether it is larger than the host allows
   */
  private Path jar(String version, boolean tooLarge) {
    SortedMap<String, byte[]> entries =
        PluginJars.compile(
            Map.of(
                "Main",
                """
                import io.dormouse.api.*;
                public class Main implements Plugin {
                  public void start(PluginContext context) { context.namespace("/chat"); }
                }
                """));
    if (tooLarge) {
      byte[] noise = new byte[20_000_000];
      new Random(1).nextBytes(noise);
      entries.put("noise", noise);
    }
    return PluginJars.plugin(
        folder.resolve("chat-" + version + ".jar"), "chat", version, "Main", entries);
  }

  private String run(int exitCode, String token, String... arguments) throws Exception {
    Map<String, String> environment =
        Map.of(
            "DORMOUSE_ADMIN_URL",
            "http://127.0.0.1:" + admin.port(),
            "DORMOUSE_ADMIN_TOKEN",
            token);
    try (HostProcess command = HostProcess.start(folder, environment, arguments)) {
      assertThat(command.exitCode()).as(command::errors).isEqualTo(exitCode);
      return exitCode == 0 ? command.output() : command.errors();
    }
  }

  @Test
  void deploysAndLooksAndEmits() throws Exception {
    assertThat(run(0, TOKEN, "deploy", jar("1.0.0", false).toString()))
        .contains("chat 1.0.0 is active");
    try (SocketClient client = admin.connect("/chat")) {
      assertThat(run(0, TOKEN, "deploy", jar("1.1.0", false).toString()))
          .contains("before it 1.0.0");
      assertThat(run(0, TOKEN, "emit", "/chat", "news", "{\"a\":1}"))
          .isEqualTo("Sent 'news' to 1 socket");
      assertThat(client.next()).isEqualTo("42/chat,[\"news\",{\"a\":1}]");
      assertThat(run(0, TOKEN, "sockets")).contains(client.id, "/chat", "127.0.0.1");
    }
    assertThat(run(0, TOKEN, "rollback", "chat")).contains("chat 1.0.0");
    assertThat(run(0, TOKEN, "plugins")).contains("1.0.0", "ACTIVE", "/chat");
    assertThat(run(0, TOKEN, "events")).contains("STARTED", "REPLACED", "ROLLED_BACK");
    assertThat(run(0, TOKEN, "leaks")).contains("1.1.0");
  }

  @Test
  void tellsWhyTheHostRefuses() throws Exception {
    assertThat(run(1, TOKEN, "deploy", jar("9.0.0", true).toString()))
        .contains("dormouse.plugins.max-jar-size", "[REFUSED]");
    assertThat(run(1, TOKEN, "rollback", "nobody")).contains("'nobody'", "[ADMIN_UNKNOWN_PLUGIN]");
    assertThat(run(4, TOKEN, "disconnect", "abc")).contains("Token 'ci' has not the scope drain");
    assertThat(run(4, TOKEN + "0", "plugins")).contains("[NOT_ALLOWED]");
  }
}
