package io.dormouse.dist;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;

/** The admin REST of a host, as an operator's script uses it. */
final class Admin {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String url;
  private final HttpClient client = HttpClient.newHttpClient();

  Admin(DormouseProcess host) {
    url = host.adminUrl();
  }

  /** Deploys a JAR and waits until it serves. */
  HttpResponse<String> deploy(String id, Path jar) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(url + "/plugins/" + id + "?wait=true"))
            .header("Content-Type", "application/java-archive")
            .PUT(BodyPublishers.ofFile(jar)));
  }

  HttpResponse<String> post(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(url + path)).POST(BodyPublishers.noBody()));
  }

  /** How a plugin is on each host, the one that is asked first. */
  JsonNode hosts(String id) throws IOException, InterruptedException {
    return JSON.readTree(
            send(HttpRequest.newBuilder(URI.create(url + "/plugins/" + id + "/hosts"))).body())
        .get("hosts");
  }

  /** What a path is answered with. */
  JsonNode json(String path) throws IOException, InterruptedException {
    return JSON.readTree(send(HttpRequest.newBuilder(URI.create(url + path))).body());
  }

  /** How a plugin is. */
  JsonNode plugin(String id) throws IOException, InterruptedException {
    return JSON.readTree(send(HttpRequest.newBuilder(URI.create(url + "/plugins/" + id))).body());
  }

  /** The sum of all metrics whose line begins so. */
  double metric(String beginning) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(url + "/metrics")))
        .body()
        .lines()
        .filter(line -> line.startsWith(beginning))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
