package io.dormouse.host;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import io.dormouse.host.testing.PluginJars;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host as a process, whose hook hears of its plugins and of its end. */
class HooksIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final WireMockServer endpoint =
      new WireMockServer(wireMockConfig().bindAddress("127.0.0.1").dynamicPort());

  @TempDir private Path folder;

  private HostProcess host;

  @BeforeEach
  void start() {
    endpoint.start();
  }

  @AfterEach
  void end() {
    host.close();
    endpoint.stop();
  }

  private void startHost() throws IOException {
    deploy("1.0.0");
    Path file =
        Files.writeString(
            folder.resolve("dormouse.yaml"),
            """
            dormouse:
              drain: {deadline: 5s}
              hooks:
                ops:
                  url: http://127.0.0.1:%d/
                  secrets: [whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw]
                  types: [plugin.replaced, host.*]
                  private: true
            """
                .formatted(endpoint.port()));
    host =
        HostProcess.start(
            folder,
            Map.of("DORMOUSE_PLUGINS_FOLDER", folder.resolve("plugins").toString()),
            "--port",
            "0",
            "--admin-port",
            "0",
            "--config",
            file.toString());
    assertThat(host.port()).isPositive();
  }

  private void deploy(String version) throws IOException {
    Path written = folder.resolve("greeter.jar");
    PluginJars.plugin(
        written,
        "greeter",
        version,
        "Greeter",
        PluginJars.compile(
            Map.of(
                "Greeter",
                """
                import io.dormouse.api.*;
                public class Greeter implements Plugin {
                  public void start(PluginContext context) { context.namespace("/greet"); }
                }
                """)));
    Path plugins = Files.createDirectories(folder.resolve("plugins"));
    Files.move(written, plugins.resolve("greeter.jar"), StandardCopyOption.REPLACE_EXISTING);
  }

  private List<JsonNode> told() {
    return endpoint.getAllServeEvents().reversed().stream()
        .map(
            call -> {
              try {
                return JSON.readTree(call.getRequest().getBody());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .toList();
  }

  private List<String> types() {
    return told().stream().map(event -> event.path("type").asText()).toList();
  }

  @Test
  void aHookHearsOfAReplacedPluginAndOfTheDrainBeforeTheProcessEnds() throws Exception {
    endpoint.stubFor(any(anyUrl()).willReturn(status(200)));
    startHost();
    deploy("1.1.0");
    await().atMost(Duration.ofMinutes(1)).until(() -> !told().isEmpty());
    JsonNode data = told().getFirst().path("data");
    assertThat(data.path("plugin").asText()).isEqualTo("greeter");
    assertThat(data.path("version").asText()).isEqualTo("1.1.0");
    assertThat(host.kill("TERM").exitCode()).isZero();
    assertThat(types())
        .containsExactly(
            "io.dormouse.plugin.replaced", "io.dormouse.host.draining", "io.dormouse.host.drained");
    assertThat(told().get(1).path("data").path("reason").asText()).isEqualTo("SIGTERM");
  }

  @Test
  void aHookThatHangsDoesNotHoldUpTheEnd() throws Exception {
    endpoint.stubFor(any(anyUrl()).willReturn(status(200).withFixedDelay(60_000)));
    startHost();
    assertThat(host.kill("TERM").exitCode()).isZero();
    assertThat(host.output()).contains("[HOOK_STOPPED]").contains("Stopped");
  }
}
