package io.dormouse.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.plugin.PluginOrigin;
import io.dormouse.host.plugin.PluginState;
import io.dormouse.host.plugin.PluginStatus;
import io.dormouse.host.plugin.WebFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest {
  private static final AtomicReference<List<PluginStatus>> PLUGINS =
      new AtomicReference<>(List.of());

  private static Listeners listeners;
  private static HttpClient http;

  @BeforeAll
  static void start() {
    http = HttpClient.newHttpClient();
    Pages pages = new Pages(PLUGINS::get, PagesTest::file);
    listeners =
        new Listeners(
            new ServerSettings(
                0, "127.0.0.1", List.of(), Duration.ofSeconds(10), Duration.ofSeconds(10)),
            new TlsSettings(null, null, null, null),
            new Listeners.Public(
                routing -> {
                  new ClientFiles().routes(routing, "/socket.io/");
                  pages.routes(routing);
                },
                Map.of(),
                UnaryOperator.identity(),
                1000),
            NoAdmin.SIDE);
    listeners.start();
  }

  @AfterAll
  static void stop() {
    listeners.stop();
    http.close();
  }

  /** The plugin chat has a page and a file whose path needs escapes in a URL. */
  private static Optional<WebFile> file(String pluginId, String path) {
    byte[] content = ("<p>" + path + "</p>").getBytes(UTF_8);
    return pluginId.equals("chat") && List.of("", "a b/ü.html").contains(path)
        ? Optional.of(
            new WebFile(
                "text/html; charset=utf-8",
                content.length,
                "\"tag\"",
                () -> new ByteArrayInputStream(content)))
        : Optional.empty();
  }

  @Test
  void startPageListsThePluginsWithPages() throws Exception {
    PLUGINS.set(
        List.of(
            plugin("chat", true, PluginState.ACTIVE),
            plugin("echo", false, PluginState.ACTIVE),
            plugin("<b>", true, PluginState.ACTIVE),
            plugin("broken", true, PluginState.QUARANTINED)));
    HttpResponse<byte[]> page = get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(header(page, "Content-Security-Policy")).startsWith("default-src 'none'");
    assertThat(text(page))
        .contains("href=\"plugins/chat/\"", "1.2.3 · /chat", "Without a page", "echo")
        .contains("href=\"plugins/%3Cb%3E/\"", "<strong>&lt;b&gt;</strong>")
        .doesNotContain("plugins/echo/", "broken", "<b>", "http:", "https:");
  }

  @Test
  void startPageSaysWhatToDoWithoutPages() throws Exception {
    PLUGINS.set(List.of());
    assertThat(text(get("/"))).contains("none of its plugins has a page", "web/index.html");
  }

  @Test
  void servesAPluginsFiles() throws Exception {
    HttpResponse<byte[]> page = get("/plugins/chat/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(text(page)).isEqualTo("<p></p>");
    assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(header(page, "ETag")).isEqualTo("\"tag\"");
    assertThat(header(page, "Cache-Control")).isEqualTo("public, max-age=0");
    assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(text(get("/plugins/chat/a%20b/%C3%BC.html?v=1"))).isEqualTo("<p>a b/ü.html</p>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/plugins/chat/none",
        "/plugins/none/",
        "/plugins/none",
        "/plugins/",
        "/plugins",
        "/plugins/chat/..%2f..%2fsecret",
        "/nothing",
        "/socket.io/socket.io.ts"
      })
  void answers404ForWhatIsNotThere(String path) throws Exception {
    assertThat(get(path).statusCode()).isEqualTo(404);
    assertThat(text(get(path))).isEqualTo("{\"error\":\"Not found\"}");
    assertThat(text(get(path, "Accept", "text/html,*/*"))).contains("There is nothing here");
  }

  @Test
  void neverLeavesAPluginsFolder() throws Exception {
    try (RawClient client = new RawClient(listeners.port())) {
      client.send("GET /plugins/chat/../../x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      assertThat(client.readToEnd()).startsWith("HTTP/1.1 404 ");
    }
  }

  @Test
  void answers404ToOtherMethods() throws Exception {
    HttpResponse<byte[]> answer =
        http.send(
            request("/").POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(404);
  }

  @Test
  void leadsIntoAPluginsFolder() throws Exception {
    HttpResponse<byte[]> answer = get("/plugins/chat");
    assertThat(answer.statusCode()).isEqualTo(308);
    assertThat(header(answer, "Location")).isEqualTo("/plugins/chat/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"tag\"", "W/\"tag\"", "\"other\", \"tag\"", "*"})
  void sendsNothingThatTheBrowserHasAlready(String tags) throws Exception {
    HttpResponse<byte[]> answer = get("/plugins/chat/", "If-None-Match", tags);
    assertThat(answer.statusCode()).isEqualTo(304);
    assertThat(answer.body()).isEmpty();
    assertThat(header(answer, "ETag")).isEqualTo("\"tag\"");
  }

  @Test
  void sendsWhatHasChanged() throws Exception {
    assertThat(get("/plugins/chat/", "If-None-Match", "\"tag2\"").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/plugins/chat/", "/socket.io/socket.io.js", "/nothing"})
  void answersHeadAsGetWithoutTheBody(String path) throws Exception {
    HttpResponse<byte[]> whole = get(path);
    HttpResponse<byte[]> head = http.send(request(path).HEAD().build(), BodyHandlers.ofByteArray());
    assertThat(head.statusCode()).isEqualTo(whole.statusCode());
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().map().keySet()).isEqualTo(whole.headers().map().keySet());
    assertThat(header(head, "Content-Length")).isEqualTo(header(whole, "Content-Length"));
  }

  @ParameterizedTest
  @CsvSource({
    "socket.io.js, application/javascript; charset=utf-8",
    "socket.io.min.js, application/javascript; charset=utf-8",
    "socket.io.esm.min.js, application/javascript; charset=utf-8",
    "socket.io.msgpack.min.js, application/javascript; charset=utf-8",
    "socket.io.js.map, application/json; charset=utf-8",
    "socket.io.min.js.map, application/json; charset=utf-8",
    "socket.io.esm.min.js.map, application/json; charset=utf-8",
    "socket.io.msgpack.min.js.map, application/json; charset=utf-8"
  })
  void servesTheBrowserClient(String name, String type) throws Exception {
    HttpResponse<byte[]> plain = get("/socket.io/" + name);
    assertThat(plain.statusCode()).isEqualTo(200);
    assertThat(header(plain, "Content-Type")).isEqualTo(type);
    assertThat(header(plain, "Cache-Control")).isEqualTo("public, max-age=0");
    assertThat(header(plain, "Vary")).isEqualTo("Accept-Encoding");
    assertThat(header(plain, "Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(plain.body()).hasSizeGreaterThan(10_000);

    HttpResponse<byte[]> small = get("/socket.io/" + name, "Accept-Encoding", "deflate, gzip, br");
    assertThat(header(small, "Content-Encoding")).isEqualTo("gzip");
    assertThat(small.body().length).isLessThan(plain.body().length / 2);
    assertThat(new GZIPInputStream(new ByteArrayInputStream(small.body())).readAllBytes())
        .isEqualTo(plain.body());

    String tag = header(plain, "ETag");
    assertThat(header(small, "ETag")).isEqualTo(tag);
    assertThat(get("/socket.io/" + name, "If-None-Match", tag).statusCode()).isEqualTo(304);
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "gzip;q=0", "br", "gzip; q=0.0"})
  void sendsItPlainToWhoCannotUnpackIt(String encoding) throws Exception {
    HttpResponse<byte[]> answer = get("/socket.io/socket.io.js", "Accept-Encoding", encoding);
    assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
  }

  private static PluginStatus plugin(String id, boolean page, PluginState state) {
    return new PluginStatus(
        id,
        "1.2.3",
        null,
        null,
        id + ".jar",
        PluginOrigin.FOLDER,
        state,
        List.of("/" + id),
        page,
        null,
        null,
        null,
        0,
        0,
        0,
        null,
        List.of());
  }

  private static HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listeners.port() + path));
    return headers.length == 0 ? builder : builder.headers(headers);
  }

  private static HttpResponse<byte[]> get(String path, String... headers)
      throws IOException, InterruptedException {
    return http.send(request(path, headers).build(), BodyHandlers.ofByteArray());
  }

  private static String header(HttpResponse<byte[]> response, String name) {
    return response.headers().firstValue(name).orElseThrow();
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), UTF_8);
  }
}
