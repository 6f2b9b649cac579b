package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dormouse.dist.swap.SwapPlugin;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hosts with one Redis have one set of plugins, while clients of both use them. */
class SharedPluginsIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Redis redis = Redis.start();
  private final List<DormouseProcess> hosts = new ArrayList<>();
  private final Path nothing = PluginJar.folder("nothing", List.of());

  @TempDir private Path folder;
  private DormouseProcess one;
  private DormouseProcess two;
  private Admin adminOfOne;
  private Admin adminOfTwo;

  @BeforeEach
  void start() throws Exception {
    one = host("one");
    two = host("two");
    adminOfOne = new Admin(one);
    adminOfTwo = new Admin(two);
    assertThat(adminOfOne.deploy("swap", jar("1.0.0")).statusCode()).isEqualTo(200);
    await().atMost(SOON).until(() -> version(adminOfTwo).equals("1.0.0"));
  }

  @AfterEach
  void stop() {
    hosts.stream().filter(DormouseProcess::isAlive).forEach(DormouseProcess::close);
    redis.close();
  }

  private DormouseProcess host(String name) {
    DormouseProcess host =
        DormouseProcess.start(
            0,
            nothing,
            """
            dormouse:
              backplane:
                heartbeat: 200ms
                dead-after: 1s
                redis:
                  url: %s
              plugins:
                state-folder: %s
              plugin:
                swap:
                  name: %s
            """
                .formatted(redis.url(), folder.resolve("state-of-" + name), name));
    hosts.add(host);
    return host;
  }

  private Path jar(String version) throws IOException {
    return PluginJar.file(folder.resolve(version + ".jar"), "swap", version, SwapPlugin.class);
  }

  private static String version(Admin admin) throws Exception {
    JsonNode plugin = admin.plugin("swap");
    return plugin.path("state").asText().equals("ACTIVE") ? plugin.path("version").asText() : "";
  }

  /** Sends numbers over one socket until it is told to end; each has to follow the one before. */
  private static Callable<Integer> storm(DormouseProcess host, AtomicBoolean ended) {
    return () -> {
      try (RawWebSocket client = RawWebSocket.join(host, "/swap")) {
        int n = 0;
        while (!ended.get()) {
          client.send("42/swap," + n + "[\"n\"," + n + "]");
          assertThat(client.text())
              .startsWith("43/swap,%d[{\"expected\":%d,\"got\":%d,".formatted(n, n, n));
          n++;
        }
        return n;
      }
    };
  }

  @Test
  void whatIsDoneOnOneIsDoneOnTheOtherAndNoSocketIsDropped() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> clients = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        clients.add(threads.submit(storm(one, ended)));
        clients.add(threads.submit(storm(two, ended)));
      }
      try {
        HttpResponse<String> answer = adminOfOne.deploy("swap", jar("2.0.0"));
        assertThat(JSON.readTree(answer.body()).get("hosts"))
            .as(answer.body())
            .hasSize(2)
            .allMatch(host -> host.get("version").asText().equals("2.0.0"))
            .noneMatch(host -> host.has("error"));
        assertThat(version(adminOfTwo)).isEqualTo("2.0.0");
        assertThat(adminOfTwo.post("/plugins/swap/rollback").statusCode()).isEqualTo(200);
        await().atMost(SOON).until(() -> version(adminOfOne).equals("1.0.0"));
        for (String version : List.of("3", "4", "5", "6")) {
          Admin admin = version.equals("4") ? adminOfTwo : adminOfOne;
          assertThat(admin.deploy("swap", jar(version)).statusCode()).isEqualTo(200);
        }
        assertThat(version(adminOfOne) + version(adminOfTwo)).isEqualTo("66");
      } finally {
        ended.set(true);
      }
      for (Future<Integer> client : clients) {
        assertThat(client.get()).isPositive();
      }
    }
  }

  @Test
  void aPluginThatIsDisabledOnOneIsSoOnTheOtherAndOnANewOne() throws Exception {
    try (RawWebSocket client = RawWebSocket.join(two, "/swap")) {
      adminOfOne.post("/plugins/swap/disable");
      await().atMost(SOON).until(() -> version(adminOfTwo).isEmpty());
      client.send("42/swap,1[\"version\",\"\"]");
      assertThat(client.text()).startsWith("43/swap,1[{\"error\":{\"code\":\"unavailable\"");
      DormouseProcess three = host("three");
      assertThat(new Admin(three).plugin("swap").path("state").asText()).isEqualTo("DISABLED");

      new Admin(three).post("/plugins/swap/enable");

      await().atMost(SOON).until(() -> version(adminOfTwo).equals("1.0.0"));
      client.send("42/swap,2[\"version\",\"\"]");
      assertThat(client.text()).isEqualTo("43/swap,2[\"1.0.0\"]");
    }
  }

  @Test
  void aHostThatCannotKeepsTheFormerAndTheRolloutSaysSo() throws Exception {
    try (RawWebSocket client = RawWebSocket.join(two, "/swap")) {
      HttpResponse<String> answer = adminOfOne.deploy("swap", jar("2.0.0-not-on-two"));
      assertThat(answer.statusCode()).isEqualTo(200);
      JsonNode there = JSON.readTree(answer.body()).get("hosts").get(1);
      assertThat(there.get("version").asText()).isEqualTo("1.0.0");
      assertThat(there.get("error").asText()).contains("this is two");
      assertThat(adminOfTwo.plugin("swap").get("lastError").asText()).contains("this is two");
      assertThat(adminOfOne.hosts("swap").get(1)).isEqualTo(there);
      client.send("42/swap,1[\"version\",\"\"]");
      assertThat(client.text()).isEqualTo("43/swap,1[\"1.0.0\"]");
      assertThat(
              adminOfTwo.metric(
                  "dormouse_plugin_rollouts_total{plugin=\"swap\",result=\"refused\"}"))
          .isEqualTo(1);

      Map<String, String> atOne = Map.of("DORMOUSE_ADMIN_URL", one.adminUrl());
      Command.Outcome outcome = Command.run(atOne, "deploy", jar("3.0.0-not-on-two").toString());
      assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(1);
      assertThat(outcome.output()).contains("keeps 1.0.0: ").contains("this is two");
      outcome = Command.run(atOne, "deploy", jar("4.0.0").toString());
      assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
      assertThat(outcome.output()).containsPattern("\n  on \\S+ +is active\n");
      assertThat(
              Command.run(atOne, "hosts").output().lines().filter(line -> line.contains("ALIVE")))
          .hasSize(2);
      client.send("42/swap,2[\"version\",\"\"]");
      assertThat(client.text()).isEqualTo("43/swap,2[\"4.0.0\"]");
    }
  }

  @Test
  void aHostThatIsGoneIsNotWaitedForAndStartsWithWhatItHasMissed() throws Exception {
    two.kill();
    HttpResponse<String> answer = adminOfOne.deploy("swap", jar("2.0.0"));
    assertThat(JSON.readTree(answer.body()).get("hosts").get(1).get("alive").asBoolean()).isFalse();

    Admin again = new Admin(host("two"));

    assertThat(version(again)).isEqualTo("2.0.0");
  }

  @Test
  void aChangeWhileRedisIsAwayReachesTheOtherThoughItsHostWasRestarted() throws Exception {
    redis.kill();
    assertThat(adminOfOne.deploy("swap", jar("2.0.0")).statusCode()).isEqualTo(200);
    assertThat(one.stop()).isZero();
    redis.startAgain();

    DormouseProcess again = host("one");

    assertThat(version(new Admin(again))).isEqualTo("2.0.0");
    await().atMost(SOON).until(() -> version(adminOfTwo).equals("2.0.0"));
  }
}
