package io.dormouse.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dormouse.host.testing.PluginJars;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainIT {
  private static final String[] FREE_PORTS = {"--port", "0", "--admin-port", "0"};

  /** Tests may run without the JAR that has it. */
  private static final String VERSION = "(\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?|\\(not packaged\\))";

  @TempDir private Path folder;

  private HostProcess host;

  @AfterEach
  void end() {
    host.close();
  }

  private void start(Map<String, String> environment, String... arguments) throws IOException {
    host = HostProcess.start(folder, environment, arguments);
  }

  /** A plugin with a page, and a file that is no plugin. */
  private Path plugins() throws IOException {
    Path plugins = Files.createDirectory(folder.resolve("plugins"));
    SortedMap<String, byte[]> entries =
        PluginJars.compile(
            Map.of(
                "Greeter",
                """
                import io.dormouse.api.*;
                public class Greeter implements Plugin {
                  public void start(PluginContext context) {
                    context.namespace("/greet").on("hi", String.class, (socket, name) -> socket.emit("hi", name));
                  }
                }
                """));
    entries.put("web/index.html", "<p>A page</p>".getBytes(UTF_8));
    PluginJars.plugin(plugins.resolve("greeter.jar"), "greeter", "1.2.3", "Greeter", entries);
    Files.writeString(plugins.resolve("bad.jar"), "no zip");
    return plugins;
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void saysWhatItListensOnAnswersAndEndsWithZero(String signal) throws Exception {
    start(Map.of("DORMOUSE_PLUGINS_FOLDER", plugins().toString()), FREE_PORTS);
    int port = host.port();
    int adminPort = host.adminPort();
    assertThat(host.output())
        .containsPattern("Dormouse " + VERSION + " listens on 0.0.0.0:" + port + "\n")
        .contains("  plugins  greeter 1.2.3  /greet\n")
        .contains("  refused  ", "bad.jar")
        .contains("[PLUGIN_BAD_JAR]");

    assertThat(get(port, "/")).contains("plugins/greeter/", "/greet");
    assertThat(get(port, "/plugins/greeter/")).isEqualTo("<p>A page</p>");
    assertThat(get(port, "/socket.io/?EIO=4&transport=polling")).startsWith("0{\"sid\":\"");
    assertThat(get(port, "/socket.io/socket.io.min.js")).contains("Socket.IO");
    assertThat(get(adminPort, "/health/ready"))
        .isEqualTo("{\"status\":\"UP\",\"state\":\"ready\"}");
    assertThat(get(adminPort, "/metrics")).contains("dormouse_sessions 1.0");

    assertThat(host.kill(signal).exitCode()).isZero();
    assertThat(host.output()).endsWith("Stopped");
    assertThat(host.errors()).isEmpty();
  }

  @Test
  void startsWithoutItsRedisAndSaysSo() throws Exception {
    start(
        Map.of("DORMOUSE_BACKPLANE_HEARTBEAT", "50ms", "DORMOUSE_BACKPLANE_DEAD_AFTER", "100ms"),
        "--port",
        "0",
        "--admin-port",
        "0",
        "--redis",
        "redis://user:hidden@127.0.0.1:1");
    assertThat(get(host.adminPort(), "/health/ready"))
        .contains("\"status\":\"UP\"", "\"degraded\":\"Redis at redis://");
    host.await("is away; this host serves its own sockets .*\\[BACKPLANE_AWAY]");
    assertThat(host.output()).doesNotContain("hidden");
  }

  @Test
  void takesThePortOfTheEnvironment() throws Exception {
    start(Map.of("PORT", "0", "DORMOUSE_ADMIN_ENABLED", "false"), "run", "--bind", "127.0.0.1");
    int port = host.port();
    assertThat(host.output())
        .contains(" listens on 127.0.0.1:" + port + "\n", "  admin    off\n")
        .contains("  plugins  none; put JARs into the plugins folder\n");
  }

  @Test
  void takesTheFileOfTheWorkingFolder() throws Exception {
    Files.writeString(
        folder.resolve("dormouse.yaml"),
        "dormouse: {server: {port: 0}, admin: {enabled: false}, engine: {path: /live}}");
    start(Map.of());
    assertThat(get(host.port(), "/live/?EIO=4&transport=polling")).startsWith("0{\"sid\":\"");
  }

  @Test
  void warnsOfWhatItIgnores() throws Exception {
    start(
        Map.of(
            "DORMOUSE_SERVER_PROT", "1",
            "DORMOUSE_PORT", "tcp://10.0.0.1:5000"),
        FREE_PORTS);
    host.port();
    assertThat(host.output().lines().filter(line -> line.contains(" WARN ")))
        .singleElement()
        .asString()
        .contains("'DORMOUSE_SERVER_PROT' sets nothing");
  }

  @Test
  void logsTheClientBehindAProxy() throws Exception {
    start(Map.of("DORMOUSE_SERVER_TRUSTED_PROXIES", "127.0.0.0/8, ::1"), FREE_PORTS);
    try (RawClient client = new RawClient(host.port())) {
      client.send(
          "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\n"
              .concat("Host: h\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.7\r\n\r\n"));
      client.readUntil("0{\"sid\"");
    }
    assertThat(host.await("Connected .*").group()).endsWith(" address=203.0.113.7");
  }

  @Test
  void saysNothingOfWhatImpoliteClientsSend() throws Exception {
    start(Map.of(), FREE_PORTS);
    int port = host.port();
    for (String impolite :
        List.of(
            "\0\1\2\r\n\r\n",
            "GET / HTTP/1.0\r\n\r\n",
            "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: h\r\n" + "X: y\r\n".repeat(5000) + "\r\n",
            "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n")) {
      try (RawClient client = new RawClient(port).send(impolite)) {
        client.readToEnd();
      }
    }
    for (String half :
        List.of("GET", "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx")) {
      new RawClient(port).send(half).reset();
    }
    assertThat(host.kill("TERM").exitCode()).isZero();
    assertThat(host.output().lines().filter(line -> line.matches("\\d\\d:.*")))
        .allMatch(line -> line.matches(".* INFO  Lifecycle  (Ready|Draining: SIGTERM|Stopped)"));
    assertThat(host.output()).doesNotContain("\tat ", "xception");
    assertThat(host.errors()).isEmpty();
  }

  @Test
  void printsOnlyJsonWhenToldTo() throws Exception {
    start(
        Map.of("DORMOUSE_LOG_FORMAT", "json", "DORMOUSE_PLUGINS_FOLDER", plugins().toString()),
        FREE_PORTS);
    host.await("listens on");
    assertThat(host.kill("TERM").exitCode()).isZero();
    ObjectMapper mapper = new ObjectMapper();
    boolean greeter = false;
    for (String line : host.output().lines().toList()) {
      JsonNode json = mapper.readTree(line);
      assertThat(json.has("@timestamp") && json.has("level") && json.has("message")).isTrue();
      greeter |= json.path("plugin").asText().equals("greeter");
    }
    assertThat(greeter).isTrue();
    assertThat(host.errors()).isEmpty();
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of("--port x", 2, "dormouse.server.port 'x' (option --port) is not a whole"),
        Arguments.of("run --port 70000", 2, "must be between 0 and 65535, was 70000"),
        Arguments.of("--plugins nowhere", 2, "dormouse.plugins.folder 'nowhere' is not a folder"),
        Arguments.of("--config nowhere", 1, "file 'nowhere' does not exist; name another by"),
        Arguments.of("--config bad.yaml", 1, "file 'bad.yaml' is not YAML: line 2: "),
        Arguments.of("--config list.yaml", 1, "it begins with 'dormouse:'"),
        Arguments.of("--config unknown.yaml", 2, "the nearest is 'dormouse.engine.path'"),
        Arguments.of("--redis localhost:6379", 2, "is not a redis:// or rediss:// URL"),
        Arguments.of("--prot 1", 2, "'--prot' is no option or command, the nearest is '--port'"),
        Arguments.of("--port", 2, "Missing required parameter for option '--port'"),
        Arguments.of("stop", 2, "'stop' is no option or command; dormouse run --help"),
        Arguments.of("--bind 192.0.2.1", 1, "Cannot listen on 192.0.2.1 port 5000: "));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void saysInOneLineWhatToDo(String arguments, int code, String message) throws Exception {
    Files.writeString(folder.resolve("bad.yaml"), "dormouse:\n  a: b: c\n");
    Files.writeString(folder.resolve("list.yaml"), "- dormouse\n");
    Files.writeString(folder.resolve("unknown.yaml"), "dormouse: {engine: {paht: /x/}}");
    start(Map.of(), arguments.split(" "));
    assertThat(host.exitCode()).isEqualTo(code);
    assertThat(host.errors()).contains(message).doesNotContain("\n", "\tat ").endsWith("]");
    assertThat(host.output()).isEmpty();
  }

  @Test
  void saysWhatToDoWhenThePortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      start(Map.of("PORT", port), "--plugins", plugins().toString());
      assertThat(host.exitCode()).isEqualTo(1);
      assertThat(host.errors())
          .isEqualTo(
              "Cannot listen on 0.0.0.0 port %s: Address already in use; choose another port by"
                      .formatted(port)
                  + " --port or dormouse.server.port; 0 takes a free one. [BIND_FAILED]");
      // No plugin was started.
      assertThat(host.output()).isEmpty();
    }
  }

  @Test
  void saysWhatToDoWhenAnotherHostHoldsItsStateFolder() throws Exception {
    Path state = folder.resolve("state");
    Map<String, String> environment =
        Map.of(
            "DORMOUSE_PLUGINS_FOLDER", plugins().toString(),
            "DORMOUSE_PLUGINS_STATE_FOLDER", state.toString());
    start(environment, FREE_PORTS);
    host.port();

    try (HostProcess second = HostProcess.start(folder, environment, FREE_PORTS)) {
      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(second.errors())
          .isEqualTo(
              "State folder '%s' cannot be used: another host holds it; stop that one or name"
                      .formatted(state.toRealPath())
                  + " another folder in dormouse.plugins.state-folder. [STATE_FOLDER_UNUSABLE]");
      assertThat(second.output()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "run --help"})
  void listsItsOptions(String arguments) throws Exception {
    start(Map.of(), arguments.split(" "));
    assertThat(host.exitCode()).isZero();
    assertThat(host.output())
        .contains("--port", "--bind", "--admin-port", "--plugins", "--config", "--redis")
        .contains("--help", "--version");
  }

  @Test
  void tellsItsVersion() throws Exception {
    start(Map.of(), "--version");
    assertThat(host.exitCode()).isZero();
    assertThat(host.output()).matches("dormouse " + VERSION);
  }

  private static String get(int port, String path) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://localhost:" + port + path);
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }
  }
}
