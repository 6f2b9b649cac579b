package io.dormouse.host;

import static io.dormouse.host.AdminFixture.json;
import static io.dormouse.host.AdminFixture.problem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dormouse.host.testing.PluginJars;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminDeployTest {
  private static final int LIMIT = 100_000;

  /** By the body of {@code start}. */
  private static final Map<String, SortedMap<String, byte[]>> CLASSES = new ConcurrentHashMap<>();

  @TempDir private Path folder;

  private AdminFixture admin;

  @BeforeEach
  void start() {
    admin =
        new AdminFixture(
            "dormouse.plugins.state-folder", folder.resolve("state").toString(),
            "dormouse.plugins.max-jar-size", Integer.toString(LIMIT));
  }

  @AfterAll
  static void forget() {
    CLASSES.clear();
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  /** A plugin whose {@code start} has this body. */
  private byte[] jar(String id, String version, String body) throws IOException {
    Path file = folder.resolve("built.jar");
    PluginJars.plugin(
        file, id, version, "Main", CLASSES.computeIfAbsent(body, AdminDeployTest::compile));
    return Files.readAllBytes(file);
  }

  private static SortedMap<String, byte[]> compile(String body) {
    String source =
        """
        import io.dormouse.api.*;
        public class Main implements Plugin {
          @Override public void start(PluginContext context) throws Exception { %s }
        }
        """;
    return PluginJars.compile(Map.of("Main", source.formatted(body)));
  }

  private byte[] chat(String version) throws IOException {
    return jar("chat", version, "context.namespace(\"/chat\");");
  }

  private HttpRequest.Builder put(String path, byte[] jar) {
    return admin
        .request("GET", path)
        .header("Content-Type", "application/java-archive")
        .PUT(BodyPublishers.ofByteArray(jar));
  }

  private HttpResponse<String> deploy(byte[] jar) throws Exception {
    return admin.send(put("/plugins/chat?wait=true", jar));
  }

  private static byte[] sha256(byte[] bytes) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  private static String hex(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(sha256(bytes));
  }

  private static String tag(HttpResponse<String> response) {
    return response.headers().firstValue("ETag").orElse("");
  }

  @Test
  void installsThenReplaces() throws Exception {
    byte[] one = chat("1.0.0");
    byte[] two = chat("2.0.0");
    try (AuditLines audit = new AuditLines()) {
      HttpResponse<String> first = deploy(one);
      assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
      assertThat(tag(first)).isEqualTo('"' + hex(one) + '"');
      SocketClient client = admin.connect("/chat");
      HttpResponse<String> second = deploy(two);
      JsonNode plugin = json(second);
      assertThat(plugin.path("version").asText()).isEqualTo("2.0.0");
      assertThat(plugin.path("digest").asText()).isEqualTo(hex(two));
      assertThat(plugin.path("formerDigest").asText()).isEqualTo(hex(one));
      assertThat(plugin.path("origin").asText()).isEqualTo("UPLOAD");
      assertThat(plugin.path("jar").asText()).isEqualTo("chat.jar");
      assertThat(plugin.path("sockets").asInt()).isEqualTo(1);
      assertThat(tag(admin.get("/plugins/chat"))).isEqualTo(tag(second));
      HttpResponse<String> back = admin.send("POST", "/plugins/chat/rollback");
      assertThat(json(back).path("version").asText()).isEqualTo("1.0.0");
      assertThat(tag(back)).isEqualTo(tag(first));
      client.close();
      assertThat(audit.seen(3))
          .containsExactly(
              "loopback | PUT /plugins/chat | " + hex(one) + " | 200",
              "loopback | PUT /plugins/chat | " + hex(two) + " | 200",
              "loopback | POST /plugins/chat/rollback | 200");
    }
  }

  @Test
  void answersAtOnceWhenNobodyWaits() throws Exception {
    byte[] jar = chat("1.0.0");
    try (AuditLines audit = new AuditLines()) {
      HttpResponse<String> response = admin.send(put("/plugins/chat", jar));
      assertThat(response.statusCode()).isEqualTo(202);
      assertThat(response.headers().firstValue("Location")).hasValue("/plugins/chat");
      assertThat(response.body())
          .isEqualTo(
              "{\"id\":\"chat\",\"version\":\"1.0.0\",\"digest\":\"%s\",\"bytes\":%d}"
                  .formatted(hex(jar), jar.length));
      assertThat(audit.seen(2))
          .containsExactlyInAnyOrder(
              "loopback | PUT /plugins/chat | " + hex(jar) + " | 202",
              "loopback | PUT /plugins/chat (accepted before) | " + hex(jar) + " | 200");
      assertThat(json(admin.get("/plugins/chat")).path("state").asText()).isEqualTo("ACTIVE");
    }
  }

  @Test
  void tellsWhyWhatWasAcceptedDoesNotServe() throws Exception {
    deploy(chat("1.0.0"));
    byte[] bad = jar("chat", "1.1.0", "throw new IllegalStateException(\"no database\");");
    try (AuditLines audit = new AuditLines()) {
      assertThat(admin.send(put("/plugins/chat", bad)).statusCode()).isEqualTo(202);
      assertThat(audit.seen(2))
          .contains(
              "loopback | PUT /plugins/chat (accepted before) | "
                  + hex(bad)
                  + " | PLUGIN_START_FAILED");
    }
    JsonNode plugin = json(admin.get("/plugins/chat"));
    assertThat(plugin.path("lastError").asText()).contains("no database");
    assertThat(plugin.path("version").asText()).isEqualTo("1.0.0");
    assertThat(problem(deploy(bad), 422, "PLUGIN_START_FAILED")).contains("no database");
  }

  @Test
  void triesWithoutChangingAnything() throws Exception {
    deploy(chat("1.0.0"));
    byte[] other = jar("chat", "2.0.0", "context.namespace(\"/new\");");
    HttpResponse<String> response = admin.send(put("/plugins/chat?dry-run=true", other));
    assertThat(response.body())
        .isEqualTo(
            ("{\"id\":\"chat\",\"version\":\"2.0.0\",\"digest\":\"%s\",\"addedNamespaces\":[\"/new\"],"
                    + "\"removedNamespaces\":[\"/chat\"],\"keptNamespaces\":[]}")
                .formatted(hex(other)));
    assertThat(json(admin.get("/plugins/chat")).path("version").asText()).isEqualTo("1.0.0");
    problem(
        admin.send(put("/plugins/chat?wait=true&refuse-removed=true", other)),
        422,
        "PLUGIN_NAMESPACE_REMOVED");
    byte[] bad = jar("chat", "3.0.0", "throw new IllegalStateException();");
    problem(admin.send(put("/plugins/chat?dry-run", bad)), 422, "PLUGIN_START_FAILED");
    assertThat(json(admin.get("/plugins/chat")).path("lastError").asText()).doesNotContain("3.0.0");
  }

  @Test
  void checksTheDigestOfTheBody() throws Exception {
    byte[] jar = chat("1.0.0");
    String right = "sha-256=:" + Base64.getEncoder().encodeToString(sha256(jar)) + ":";
    String wrong = "sha-256=:" + Base64.getEncoder().encodeToString(sha256(new byte[1])) + ":";
    String path = "/plugins/chat?wait=true";
    problem(admin.send(put(path, jar).header("Content-Digest", wrong)), 400, "ADMIN_WRONG_DIGEST");
    problem(admin.send(put(path, jar).header("Content-Digest", "md5")), 400, "ADMIN_BAD_HEADER");
    problem(admin.get("/plugins/chat"), 404, "ADMIN_UNKNOWN_PLUGIN");
    assertThat(admin.send(put(path, jar).header("Content-Digest", right)).statusCode())
        .isEqualTo(200);
  }

  @Test
  void keepsTwoDeployersFromOverwritingEachOther() throws Exception {
    String seen = tag(deploy(chat("1.0.0")));
    String path = "/plugins/chat?wait=true";
    assertThat(admin.send(put(path, chat("2.0.0")).header("If-Match", seen)).statusCode())
        .isEqualTo(200);
    HttpResponse<String> late = admin.send(put(path, chat("3.0.0")).header("If-Match", seen));
    assertThat(problem(late, 412, "ADMIN_CHANGED")).contains(hex(chat("2.0.0")));
    problem(
        admin.send(put("/plugins/new?wait=true", chat("1.0.0")).header("If-Match", "*")),
        412,
        "ADMIN_CHANGED");
    problem(
        admin.send(put(path, chat("3.0.0")).header("If-Match", "abc")), 400, "ADMIN_BAD_HEADER");
    assertThat(json(admin.get("/plugins/chat")).path("version").asText()).isEqualTo("2.0.0");
  }

  @Test
  void letsOneOfManyWhoSawTheSameVersionWin() throws Exception {
    String seen = tag(deploy(chat("1.0.0")));
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      HttpRequest.Builder request =
          put("/plugins/chat?wait=true", chat("2.0." + i)).header("If-Match", seen);
      CompletableFuture<Integer> answer = new CompletableFuture<>();
      answers.add(answer);
      Thread.startVirtualThread(
          () -> {
            try {
              answer.complete(admin.send(request).statusCode());
            } catch (Exception failure) {
              answer.completeExceptionally(failure);
            }
          });
    }
    List<Integer> codes = answers.stream().map(CompletableFuture::join).toList();
    assertThat(codes).containsOnlyOnce(200);
    assertThat(codes).allMatch(code -> code == 200 || code == 409 || code == 412);
  }

  @Test
  void refusesASecondOperationOnOnePlugin() throws Exception {
    byte[] slow =
        jar(
            "chat",
            "1.0.0",
            "while (System.getProperty(\"dormouse.test.deploying\") != null) { Thread.onSpinWait(); }"
                + " context.namespace(\"/chat\");");
    System.setProperty("dormouse.test.deploying", "yes");
    try {
      assertThat(admin.send(put("/plugins/chat", slow)).statusCode()).isEqualTo(202);
      problem(deploy(chat("2.0.0")), 409, "ADMIN_OPERATION_IN_PROGRESS");
    } finally {
      System.clearProperty("dormouse.test.deploying");
    }
    Awaitility.await()
        .until(() -> json(admin.get("/plugins/chat")).path("state").asText().equals("ACTIVE"));
  }

  @Test
  void refusesAJarOfAnotherPlugin() throws Exception {
    HttpResponse<String> response = admin.send(put("/plugins/caht?wait=true", chat("1.0.0")));
    assertThat(problem(response, 422, "ADMIN_OTHER_PLUGIN"))
        .isEqualTo("The JAR's Plugin-Id is 'chat', the path says 'caht'; send it to /plugins/chat");
    assertThat(json(admin.get("/plugins")).path("plugins")).isEmpty();
  }

  @Test
  void refusesWhatIsNoJar() throws Exception {
    problem(deploy("no zip".getBytes(UTF_8)), 422, "PLUGIN_BAD_JAR");
    problem(admin.send(put("/plugins/chat", new byte[0])), 400, "ADMIN_BAD_BODY");
    problem(
        admin.send(put("/plugins/chat", new byte[9]).setHeader("Content-Type", "text/plain")),
        415,
        "ADMIN_WRONG_MEDIA_TYPE");
    problem(admin.send(put("/plugins/chat?wait=yes", new byte[9])), 400, "ADMIN_BAD_PARAMETER");
  }

  @Test
  void refusesWhatIsTooLargeWithoutReadingItAll() throws Exception {
    try (RawClient client = new RawClient(admin.port())) {
      client.send(
          "PUT /plugins/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000000000\r\n\r\n");
      assertThat(client.readToEnd())
          .startsWith("HTTP/1.1 413 ")
          .contains("application/problem+json", "\"code\":\"ADMIN_TOO_LARGE\"");
    }
    try (RawClient client = new RawClient(admin.port())) {
      client.send(
          "PUT /plugins/chat HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
      String chunk = "4000\r\n" + "x".repeat(16_384) + "\r\n";
      for (int i = 0; i < 7; i++) {
        client.send(chunk);
      }
      assertThat(client.readUntil("}"))
          .startsWith("HTTP/1.1 413 ")
          .contains("\"code\":\"ADMIN_TOO_LARGE\"");
    }
    problem(admin.get("/plugins/chat"), 404, "ADMIN_UNKNOWN_PLUGIN");
  }

  @Test
  void asksForTheBodyOnlyWhenItIsWanted() throws Exception {
    try (RawClient client = new RawClient(admin.port())) {
      client.send(
          "PUT /plugins/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000\r\n"
              + "If-Match: \"x\"\r\nExpect: 100-continue\r\n\r\n");
      assertThat(client.readToEnd()).startsWith("HTTP/1.1 412 ").doesNotContain("100 Continue");
    }
    try (RawClient client = new RawClient(admin.port())) {
      client.send(
          "PUT /plugins/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n"
              + "Expect: 100-continue\r\n\r\n");
      client.readUntil("HTTP/1.1 100 Continue\r\n");
      client.send("no zip");
      assertThat(client.readUntil("}")).contains("HTTP/1.1 422 ");
    }
  }

  @Test
  void keepsNothingUnderANameOfTheRequest() throws Exception {
    String path = "/plugins/%2e%2e%5c..%5cevil?wait=true";
    assertThat(admin.send(put(path, chat("1.0.0"))).statusCode()).isIn(404, 422);
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.contains("evil"));
    }
  }

  @Test
  void asksForTheDeployScope() throws Exception {
    String reader = "0123456789abcdef0123456789abcdef";
    try (AdminFixture guarded =
        new AdminFixture(
            "dormouse.admin.tokens.monitor.value",
            reader,
            "dormouse.admin.tokens.monitor.scopes",
            "read")) {
      String url = "http://127.0.0.1:" + guarded.port() + "/plugins/chat";
      HttpRequest.Builder request = put("/plugins/chat", chat("1.0.0")).uri(URI.create(url));
      problem(guarded.send(request), 401, "ADMIN_NO_TOKEN");
      problem(
          guarded.send(request.header("Authorization", "Bearer " + reader)),
          403,
          "ADMIN_WRONG_SCOPE");
    }
  }

  @Test
  void looksAtTheFolderAndForLeaks() throws Exception {
    deploy(chat("1.0.0"));
    deploy(chat("2.0.0"));
    assertThat(json(admin.send("POST", "/reload")).path("plugins")).hasSize(1);
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(
                        json(admin.send("POST", "/leaks"))
                            .path("plugins")
                            .get(0)
                            .path("generations")
                            .get(1)
                            .path("state")
                            .asText())
                    .isEqualTo("COLLECTED"));
  }
}
