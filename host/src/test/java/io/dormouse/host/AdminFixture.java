package io.dormouse.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dormouse.api.Plugin;
import io.dormouse.host.plugin.PluginRuntime;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The beans of a host whose admin listener is open on a free port. */
final class AdminFixture implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  final ApplicationContext context;
  final Listeners listeners;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * @param properties of the configuration, in pairs
   */
  AdminFixture(String... properties) {
    Map<String, String> configured = new HashMap<>();
    configured.put("dormouse.log.level", "error");
    for (int i = 0; i < properties.length; i += 2) {
      configured.put(properties[i], properties[i + 1]);
    }
    context =
        HostContext.open(
            new ConfigurationSources(
                Map.of("--port", "0", "--admin-port", "0"), configured, Map.of(), null));
    listeners = context.getBean(Listeners.class);
    listeners.start();
  }

  /** Puts a plugin of the test's class path into service. */
  void start(String id, String version, Plugin plugin) {
    bean(PluginRuntime.class).startFrom(id, version, () -> plugin, Map.of());
  }

  /** A client of the public listener that has joined a namespace. */
  SocketClient connect(String namespace) {
    return SocketClient.connect(http, listeners.port(), namespace);
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  int port() {
    return listeners.adminPort();
  }

  /** A request to be changed and sent. */
  HttpRequest.Builder request(String method, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
        .method(method, BodyPublishers.noBody());
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
    return send(request(method, path));
  }

  HttpResponse<String> post(String path, String contentType, String body)
      throws IOException, InterruptedException {
    return send(
        request("POST", path)
            .header("Content-Type", contentType)
            .POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send("GET", path);
  }

  HttpResponse<String> getWith(String token, String path) throws IOException, InterruptedException {
    return send(request("GET", path).header("Authorization", "Bearer " + token));
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  /** Asserts that it is Problem Details, whole and nothing else; its detail. */
  static String problem(HttpResponse<String> response, int status, String code) throws IOException {
    JsonNode problem = json(response);
    String expected = status + " " + code;
    String seen = response.statusCode() + " " + problem.path("code").asText();
    boolean whole =
        response.headers().firstValue("Content-Type").orElse("").equals("application/problem+json")
            && Set.copyOf(names(problem))
                .equals(Set.of("type", "title", "status", "detail", "code", "instance"))
            && problem.path("status").asInt() == status
            && problem
                .path("type")
                .asText()
                .equals("urn:dormouse:problem:" + code.toLowerCase(Locale.ROOT).replace('_', '-'))
            && problem.path("instance").asText().equals(response.uri().getRawPath());
    if (!whole || !seen.equals(expected)) {
      throw new AssertionError("Not " + expected + ": " + response + response.body());
    }
    return problem.path("detail").asText();
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Override
  public void close() {
    http.shutdownNow();
    bean(Host.class).stop("the test ends");
    context.close();
  }
}
