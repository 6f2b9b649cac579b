package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dormouse.api.Plugin;
import io.dormouse.dist.swap.BrokenPlugin;
import io.dormouse.dist.swap.SwapPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Plugins are replaced, rolled back and put to sleep while real clients use them. */
class SwapIT {
  private static final int CLIENTS_OF_EACH_KIND = 100;
  private static final int EVENTS = 100;
  private static final int SWAPS = 50;

  private final Path plugins = PluginJar.folder("swap", List.of(SwapPlugin.class));
  private final DormouseProcess host =
      DormouseProcess.start(
          0,
          plugins,
          """
          dormouse:
            plugins:
              start-timeout: 2s
              scan-interval: 100ms
          """);
  private final Admin admin = new Admin(host);

  @AfterEach
  void stop() {
    host.close();
  }

  private static Path jar(String version, Class<? extends Plugin> type) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "swap-versions"));
    return PluginJar.file(folder.resolve(version + ".jar"), "swap", version, type);
  }

  private static Path jar(String version) throws IOException {
    return jar(version, SwapPlugin.class);
  }

  private static String ask(RawWebSocket client, String event) throws IOException {
    client.send("42/swap,1" + event);
    String answer = client.text();
    assertThat(answer).startsWith("43/swap,1");
    return answer.substring("43/swap,1".length());
  }

  @Test
  void aStormLosesAndDoublesNothingWhileVersionsComeAndGo() throws Exception {
    List<Path> versions = List.of(jar("a"), jar("b"));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> official =
          threads.submit(
              () ->
                  Peer.run(
                      Peer.JS,
                      Map.of(
                          "DORMOUSE_URL", host.url(),
                          "STORM_CLIENTS", Integer.toString(CLIENTS_OF_EACH_KIND),
                          "STORM_EVENTS", Integer.toString(EVENTS)),
                      List.of(Peer.node(), "storm.js")));
      List<Future<?>> raw = new ArrayList<>();
      for (int i = 0; i < CLIENTS_OF_EACH_KIND; i++) {
        Callable<Void> client = this::sendNumbers;
        raw.add(threads.submit(client));
      }
      for (int i = 0; i < SWAPS; i++) {
        assertThat(admin.deploy("swap", versions.get(i % 2)).statusCode()).isEqualTo(200);
      }
      for (Future<?> client : raw) {
        client.get();
      }
      assertThat(official.get())
          .contains(
              "answered=%d disconnects=0 disorder=0 unanswered=0"
                  .formatted(CLIENTS_OF_EACH_KIND * EVENTS))
          .doesNotContain("versions=1\n");
    }
    assertThat(admin.plugin("swap").get("lastError")).isNull();
    assertThat(admin.metric("dormouse_handlers_failed_total")).isZero();
  }

  /** Sends all at once, as no polite client does, and reads the answers in order. */
  private Void sendNumbers() throws IOException {
    try (RawWebSocket client = RawWebSocket.join(host, "/swap")) {
      for (int burst = 0; burst < EVENTS; burst += 10) {
        for (int n = burst; n < burst + 10; n++) {
          client.send("42/swap," + n + "[\"n\"," + n + "]");
        }
        for (int n = burst; n < burst + 10; n++) {
          assertThat(client.text())
              .startsWith("43/swap,%d[{\"expected\":%d,\"got\":%d,".formatted(n, n, n));
        }
      }
      return null;
    }
  }

  @Test
  void versionsThatDoNotStartLeaveTheFormerAndSayWhy() throws Exception {
    try (RawWebSocket client = RawWebSocket.join(host, "/swap")) {
      refused(client, jar("broken", BrokenPlugin.class), "broken from the beginning");
      refused(client, jar("no-probe"), "no database");
      refused(client, jar("hangs"), "took longer than PT2S");
      assertThat(admin.plugin("swap").get("generations"))
          .filteredOn(generation -> generation.get("state").asText().equals("QUARANTINED"))
          .hasSize(3);
    }
  }

  private void refused(RawWebSocket client, Path jar, String reason) throws Exception {
    var answer = admin.deploy("swap", jar);
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body()).contains(reason);
    assertThat(admin.plugin("swap").get("lastError").asText()).contains(reason);
    assertThat(host.log()).contains(reason);
    assertThat(ask(client, "[\"version\",\"!\"]")).isEqualTo("[\"1.0.0!\"]");
  }

  @Test
  void aVersionThatFailsSoonAfterIsRolledBackByItself() throws Exception {
    try (RawWebSocket client = RawWebSocket.join(host, "/swap")) {
      assertThat(admin.deploy("swap", jar("fails")).statusCode()).isEqualTo(200);
      for (int i = 0; i < 5; i++) {
        client.send("42/swap,[\"n\"," + i + "]");
      }
      await().until(() -> ask(client, "[\"version\",\"!\"]").equals("[\"1.0.0!\"]"));
      await()
          .untilAsserted(
              () ->
                  assertThat(admin.plugin("swap").get("lastError").asText())
                      .contains("is rolled back to 1.0.0", "calls of its handlers failed"));
      assertThat(host.log()).contains("is rolled back to 1.0.0");
    }
  }

  @Test
  void aJarThatIsDroppedReplacesTheFormerAndOneThatIsTakenAwayEndsIt() throws Exception {
    try (RawWebSocket client = RawWebSocket.join(host, "/swap")) {
      Path part = Files.copy(jar("dropped"), plugins.resolve("swap.part"));
      Files.move(part, plugins.resolve("swap.jar"), StandardCopyOption.ATOMIC_MOVE);
      await().until(() -> ask(client, "[\"version\",\"\"]").equals("[\"dropped\"]"));

      Files.delete(plugins.resolve("swap.jar"));
      assertThat(client.text()).isEqualTo("41/swap,");
    }
  }

  @Test
  void aHostThatIsKilledInTheMiddleOfADeploymentStartsWithAVersionThatWorks() throws Exception {
    Path state = Files.createTempDirectory(Path.of("target"), "state");
    List<Path> versions = List.of(jar("a"), jar("b"));
    for (int round = 0; round < 4; round++) {
      DormouseProcess killed =
          DormouseProcess.start(
              0, plugins, "dormouse:\n  plugins:\n    state-folder: " + state.toAbsolutePath());
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Admin of = new Admin(killed);
        JsonNode swap = of.plugin("swap");
        assertThat(swap.get("state").asText()).isEqualTo("ACTIVE");
        assertThat(swap.get("version").asText()).isIn("1.0.0", "a", "b");
        Path next = versions.get(round % 2);
        Future<?> deploying = threads.submit(() -> of.deploy("swap", next));
        await().until(() -> deploying.isDone() || of.plugin("swap").has("operation"));
      } finally {
        killed.kill();
      }
    }
  }

  @Test
  void aSleepingPluginFreesItsMemoryAndWakesOnceForAll() throws Exception {
    int sockets = 1_000;
    int speakers = 200;
    List<RawWebSocket> clients = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < sockets; i++) {
        clients.add(RawWebSocket.join(host, "/swap"));
      }
      admin.post("/leaks");
      double awake = admin.metric("jvm_memory_used_bytes{area=\"heap\"");

      assertThat(admin.post("/plugins/swap/hibernate").statusCode()).isEqualTo(200);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                admin.post("/leaks");
                assertThat(admin.plugin("swap").get("generations").get(0).get("state").asText())
                    .isEqualTo("COLLECTED");
              });
      JsonNode asleep = admin.plugin("swap");
      assertThat(asleep.get("state").asText()).isEqualTo("HIBERNATED");
      assertThat(asleep.get("sockets").asInt()).isEqualTo(sockets);
      assertThat(admin.metric("jvm_memory_used_bytes{area=\"heap\""))
          .isLessThan(awake - 30 * 1024 * 1024);

      List<Future<Void>> spoken = new ArrayList<>();
      for (RawWebSocket client : clients.subList(0, speakers)) {
        Callable<Void> speaker = () -> speak(client);
        spoken.add(threads.submit(speaker));
      }
      for (Future<Void> speaker : spoken) {
        speaker.get();
      }
      assertThat(admin.plugin("swap").get("wakes").asInt()).isEqualTo(1);
    } finally {
      for (RawWebSocket client : clients) {
        client.close();
      }
    }
  }

  private static Void speak(RawWebSocket client) throws IOException {
    for (int n = 0; n < 5; n++) {
      client.send("42/swap," + n + "[\"n\"," + n + "]");
    }
    for (int n = 0; n < 5; n++) {
      assertThat(client.text())
          .startsWith("43/swap,%d[{\"expected\":%d,\"got\":%d,".formatted(n, n, n));
    }
    return null;
  }
}
