package io.dormouse.host.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.testing.PluginJars;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployCommandTest {
  private static final String FORMER =
      "{'id':'chat','version':'1.4.0','state':'ACTIVE','namespaces':['/chat','/old'],'generations':[]}";
  private static final String NOW =
      "{'id':'chat','version':'1.5.0','state':'ACTIVE','namespaces':['/chat','/rooms'],"
          + "'generations':[{'number':7,'state':'CURRENT'}]}";

  private final FakeHost host = new FakeHost();

  @TempDir private Path folder;

  private Path jar;

  @BeforeEach
  void pack() throws IOException {
    jar = folder.resolve("any name.jar");
    PluginJars.plugin(jar, "chat", "1.5.0", "Chat", new TreeMap<>());
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void uploadsWaitsAndTellsWhatHasChanged() throws Exception {
    host.on("GET /plugins/chat", FORMER)
        .on("PUT /plugins/chat?wait=own", NOW)
        .on("GET /plugins/chat/hosts", "{'hosts':[{'host':'alone'}]}");
    FakeHost.Outcome outcome = host.run("deploy", jar.toString());
    assertThat(outcome)
        .isEqualTo(
            new FakeHost.Outcome(
                0,
                """
                chat 1.5.0 is active (generation 7); before it 1.4.0
                  added    /rooms
                  removed  /old
                  kept     /chat
                """,
                """
                Uploading chat 1.5.0, 1 kB
                Waiting for the host to start chat 1.5.0
                """));
    byte[] bytes = Files.readAllBytes(jar);
    FakeHost.Request put = host.request(1);
    assertThat(put.body()).isEqualTo(bytes);
    assertThat(put.header("Content-Digest"))
        .isEqualTo(
            "sha-256=:"
                + Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes))
                + ":");
    assertThat(put.header("Content-Type")).isEqualTo("application/java-archive");
  }

  private static String onHosts(String two) {
    return """
        {'hosts':[{'host':'a','name':'one','alive':true,'digest':'ab','state':'active'},
                  {'host':'b','name':'two','alive':true,%s},
                  {'host':'c','name':'dead','alive':false,'digest':'no','state':'active'}]}
        """
        .formatted(two);
  }

  @Test
  void tellsOfEachHostThatFollows() {
    host.on("GET /plugins/chat", FORMER)
        .on("PUT /plugins/chat?wait=own", NOW.replace("'id'", "'digest':'ab','id'"))
        .on("GET /plugins/chat/hosts", onHosts("'digest':'ab','state':'active'"));
    FakeHost.Outcome outcome = host.run("deploy", jar.toString());
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.output()).endsWith("  kept     /chat\n  on two      is active\n");
  }

  @Test
  void saysWhichHostDoesNotFollow() {
    host.on("GET /plugins/chat", FORMER)
        .on("PUT /plugins/chat?wait=own", NOW.replace("'id'", "'digest':'ab','id'"))
        .on(
            "GET /plugins/chat/hosts",
            onHosts(
                "'digest':'cd','version':'1.4.0','state':'active','error':'no disk','refused':'ab'"));
    FakeHost.Outcome outcome = host.run("deploy", jar.toString());
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.output()).endsWith("\n  on two      keeps 1.4.0: no disk\n");
    assertThat(outcome.errors()).contains("but not on two;");
  }

  @Test
  void deploysWhatIsNew() {
    host.refuses("GET /plugins/chat", 404, "UNKNOWN_PLUGIN", "no plugin 'chat'");
    host.on("PUT /plugins/chat?wait=own", NOW)
        .on("GET /plugins/chat/hosts", "{'hosts':[{'host':'alone'}]}");
    assertThat(host.run("deploy", jar.toString()).output())
        .isEqualTo("chat 1.5.0 is active (generation 7)\n  added    /chat /rooms\n");
  }

  @Test
  void doesNotWaitWhenToldSo() {
    host.on("GET /plugins/chat", FORMER)
        .on("PUT /plugins/chat", 202, "application/json", NOW.replace('\'', '"'));
    assertThat(host.run("deploy", "--no-wait", jar.toString()).output())
        .isEqualTo("chat 1.5.0 is uploaded; whether it serves tells: dormouse plugins chat\n");
  }

  @Test
  void aDryRunTellsWhatWouldChange() {
    host.on("GET /plugins/chat", FORMER)
        .on(
            "PUT /plugins/chat?dry-run=true&refuse-removed=true",
            "{'id':'chat','version':'1.5.0','digest':'ab','addedNamespaces':['/rooms'],"
                + "'removedNamespaces':[],'keptNamespaces':['/chat']}");
    assertThat(host.run("deploy", "--dry-run", "--refuse-removed", jar.toString()).output())
        .isEqualTo(
            """
            chat 1.5.0 starts and passes its probe; nothing was changed, 1.4.0 goes on
              adds     /rooms
              keeps    /chat
            """);
  }

  @Test
  void aRefusalIsTheHosts() {
    host.on("GET /plugins/chat", FORMER);
    host.refuses("PUT /plugins/chat?wait=own", 422, "PLUGIN_START_FAILED", "It threw");
    FakeHost.Outcome outcome = host.run("deploy", jar.toString());
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.output()).isEmpty();
    assertThat(outcome.errors()).endsWith("\nIt threw [PLUGIN_START_FAILED]\n");
  }

  @Test
  void nothingIsUploadedWhereTheTokenMayNotEvenRead() {
    host.refuses("GET /plugins/chat", 401, "ADMIN_NO_TOKEN", "no token");
    assertThat(host.run("deploy", jar.toString()).exitCode()).isEqualTo(4);
    assertThat(host.requestLines()).containsExactly("GET /plugins/chat");
  }

  /** A host that does not want the body answers instead of reading it. */
  @Test
  void hearsARefusalThatComesBeforeTheUpload() throws Exception {
    assertThat(refusedEarly(413))
        .isEqualTo(
            new FakeHost.Outcome(
                1,
                "",
                """
                Uploading chat 1.5.0, 1 kB
                The file is larger than the host takes (its dormouse.plugins.max-jar-size) [REFUSED]
                """));
    assertThat(refusedEarly(403).exitCode()).isEqualTo(4);
    assertThat(refusedEarly(415).errors()).contains("with status 415 [REFUSED]");
  }

  private FakeHost.Outcome refusedEarly(int status) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread answering =
          Thread.startVirtualThread(
              () -> {
                answer(server, 404);
                answer(server, status);
              });
      FakeHost.Outcome outcome =
          host.run("deploy", jar.toString(), "--url", "http://127.0.0.1:" + server.getLocalPort());
      answering.join();
      return outcome;
    }
  }

  /** Reads a request without its body, answers and closes. */
  private static void answer(ServerSocket server, int status) {
    String body = "{\"detail\":\"No\",\"code\":\"NO\"}";
    try (Socket socket = server.accept()) {
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      while (!reader.readLine().isEmpty()) {}
      socket
          .getOutputStream()
          .write(
              "HTTP/1.1 %d No\r\nContent-Type: application/problem+json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
                  .formatted(status, body.length(), body)
                  .getBytes(US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void onATerminalProgressIsWrittenOver() {
    host.progress = true;
    host.on("GET /plugins/chat", FORMER)
        .on("PUT /plugins/chat?wait=own", NOW)
        .on("GET /plugins/chat/hosts", "{'hosts':[{'host':'alone'}]}");
    String errors = host.run("deploy", jar.toString()).errors();
    assertThat(errors)
        .startsWith("\r\033[KUploading chat 1.5.0  100 % of 1 kB")
        .contains("\r\033[KWaiting for the host to start chat 1.5.0")
        .endsWith("\r\033[K")
        .doesNotContain("\n");
  }

  @Test
  void machinesGetTheJsonAlone() {
    host.on("GET /plugins/chat", FORMER).on("PUT /plugins/chat?wait=true", NOW);
    assertThat(host.run("deploy", "--json", jar.toString()))
        .isEqualTo(new FakeHost.Outcome(0, NOW.replace('\'', '"') + "\n", ""));
  }

  @Test
  void machinesHearOfAHostThatDoesNotFollowByTheExitCode() {
    String hosts = onHosts("'digest':'ab','state':'quarantined','error':'no','refused':'ab'");
    String now = NOW.replace("'id'", "'digest':'ab','id'");
    String both = hosts.strip().replaceFirst("}$", ",") + now.substring(1);
    host.on("GET /plugins/chat", FORMER).on("PUT /plugins/chat?wait=true", both);
    FakeHost.Outcome outcome = host.run("deploy", "--json", jar.toString());
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.errors()).contains("but not on two;");
  }

  @Test
  void whatIsNoPluginIsBadUsage() throws Exception {
    Path text = Files.writeString(folder.resolve("text.jar"), "no zip");
    Path nameless = folder.resolve("nameless.jar");
    PluginJars.jar(nameless, Map.of(), new TreeMap<>());
    Path unversioned = folder.resolve("unversioned.jar");
    PluginJars.jar(unversioned, Map.of("Plugin-Id", "chat"), new TreeMap<>());
    refuses(unversioned.toString(), "names no Plugin-Id and Plugin-Version");
    refuses(text.toString(), "cannot be read: zip END header not found");
    refuses(folder.resolve("none.jar").toString(), "cannot be read: there is no such file");
    refuses(folder.toString(), "is a folder");
    refuses(nameless.toString(), "has no manifest");
  }

  private void refuses(String file, String reason) {
    FakeHost.Outcome outcome = host.run("deploy", file);
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.errors()).startsWith("'" + file + "' ").contains(reason);
    assertThat(host.requests).isEmpty();
  }
}
