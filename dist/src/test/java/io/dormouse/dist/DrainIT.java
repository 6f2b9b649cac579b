package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dormouse.dist.drain.DrainPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hosts that leave: what becomes of their clients, and that they are gone in time. */
class DrainIT {
  private static final Path PLUGINS = PluginJar.folder("drain", List.of(DrainPlugin.class));
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What the machine may take beyond a deadline, busy as it may be. */
  private static final Duration SLACK = Duration.ofSeconds(4);

  private DormouseProcess host;

  @AfterEach
  void end() {
    host.kill();
  }

  private static DormouseProcess host(String deadline, String more) {
    return DormouseProcess.start(
        0,
        PLUGINS,
        "dormouse: {drain: {pace: 500/s, deadline: %s}, socket: {handler-timeout: 2m}%s}"
            .formatted(deadline, more));
  }

  private void sees(String text) {
    await("the log to have: " + text).atMost(PATIENCE).until(() -> host.log().contains(text));
  }

  /** Asks the host to end; it has to be gone by the deadline, with 0. */
  private void endsWithin(Duration deadline) {
    long before = System.nanoTime();
    host.signal("TERM");
    assertThat(host.exitCode()).as("exit code").isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(deadline.plus(SLACK));
  }

  @Test
  void isGoneByTheDeadlineThoughAHandlerHangs() throws IOException {
    host = host("5s", "");
    try (RawWebSocket client = RawWebSocket.join(host, "/drain");
        RawWebSocket idle = RawWebSocket.join(host, "/drain")) {
      client.send("42/drain,[\"hang\",1]");
      sees("hangs");
      endsWithin(Duration.ofSeconds(5));
      assertThat(idle.closeCode()).isEqualTo(1001);
      assertThat(client.closeCode()).isEqualTo(1001);
      assertThat(host.log())
          .contains("Draining: SIGTERM")
          .contains(
              "Stopped. Given up: 1 sessions were closed without their turn, 1 calls of plugins"
                  + " were not waited for");
    }
  }

  @Test
  void isGoneThoughAClientNeverReads() throws IOException {
    host = host("8s", "");
    try (RawSocket socket = new RawSocket(host.port(), "127.0.0.1", 4096)) {
      RawWebSocket client = RawWebSocket.shakeHands(socket, RawWebSocket.ENDPOINT);
      assertThat(client.text()).startsWith("0{");
      client.joins("/drain", "");
      client.send("42/drain,[\"flood\",50]");
      sees("flooded");
      endsWithin(Duration.ofSeconds(8));
      assertThat(host.log()).contains("moved=1").doesNotContain("Given up");
    }
  }

  @Test
  void isGoneThoughRedisDoesNotAnswer() throws IOException {
    try (Redis redis = Redis.start()) {
      host = host("8s", ", backplane: {redis: {url: '" + redis.url() + "'}}");
      try (RawWebSocket client = RawWebSocket.join(host, "/drain")) {
        sees("Joined with 0 other hosts");
        redis.pause();
        endsWithin(Duration.ofSeconds(8));
        assertThat(client.closeCode()).isEqualTo(1001);
        assertThat(host.log()).contains("Draining: SIGTERM", "Stopped");
      } finally {
        redis.resume();
      }
    }
  }

  @Test
  void aSecondSignalHurries() throws Exception {
    host = host("10m", "");
    try (RawWebSocket client = RawWebSocket.join(host, "/drain")) {
      client.send("42/drain,[\"hang\",1]");
      sees("hangs");
      host.signal("TERM");
      sees("Draining: SIGTERM");
      assertThat(host.isAlive()).isTrue();
      host.signal("TERM");
      assertThat(host.exitCode()).as("exit code").isZero();
      assertThat(host.log()).contains("SIGTERM again: hurries", "Given up: ");
    }
  }

  @Test
  void aHandlerThatIsUnderWayAnswersFirst() throws Exception {
    host = host("5m", "");
    try (RawWebSocket client = RawWebSocket.join(host, "/drain")) {
      client.send("42/drain,1[\"hold\",\"it\"]");
      sees("holds it");
      host.signal("TERM");
      sees("busy=1");
      // By another namespace of the same client, since events of one socket wait for each other.
      client.joins("/drain-too", "");
      client.send("42/drain-too,[\"release\",1]");
      assertThat(client.text()).isEqualTo("43/drain,1[\"it\"]");
      assertThat(client.closeCode()).isEqualTo(1001);
      assertThat(host.exitCode()).as("exit code").isZero();
      assertThat(host.log()).contains("Stopped").doesNotContain("Given up");
    }
  }

  @Test
  void whatAClientHadSentBeforeItKnewIsHandled() throws Exception {
    host = host("30s", "");
    Admin admin = new Admin(host);
    try (RawWebSocket client = RawWebSocket.join(host, "/drain")) {
      Polling polling = Polling.join(host, "/drain");
      assertThat(admin.post("/drain").statusCode()).isEqualTo(202);
      await().atMost(PATIENCE).until(() -> admin.json("/drain").path("moved").asInt() == 2);
      client.send("42/drain,[\"note\",\"from the websocket\"]");
      assertThat(polling.post("42/drain,[\"note\",\"from the poll\"]").text()).isEqualTo("ok");
      sees("noted from the websocket");
      sees("noted from the poll");
      assertThat(client.closeCode()).isEqualTo(1001);
      polling.assertGone();
      sees("left by server shutting down");
      assertThat(host.log().indexOf("left by")).isGreaterThan(host.log().indexOf("noted from"));
    }
  }

  @Test
  void operatorsPlanDrainAndCancel() throws Exception {
    host = host("30s", "");
    Map<String, String> environment = Map.of("DORMOUSE_ADMIN_URL", host.adminUrl());
    Admin admin = new Admin(host);
    try (RawWebSocket client = RawWebSocket.join(host, "/drain")) {
      Command.Outcome plan = Command.run(environment, "drain", "--dry-run", "--pace", "10%/s");
      assertThat(plan.output()).startsWith("Would drain 1 sessions at 10%/s (50 a second)");
      client.send("42/drain,1[\"where\",1]");
      assertThat(client.text()).startsWith("43/drain,1[");

      Command.Outcome drained = Command.run(environment, "drain", "--wait");
      assertThat(drained.exitCode()).as(drained.errors()).isZero();
      assertThat(drained.output()).startsWith("Drained: 1 sessions moved, 0 of them");
      assertThat(client.closeCode()).isEqualTo(1001);
      assertThat(admin.json("/health/ready").path("status").asText()).isEqualTo("DOWN");
      assertThat(Polling.exchange(host.port(), "GET", Polling.ENDPOINT).status()).isEqualTo(503);

      assertThat(Command.run(environment, "drain", "--cancel").output())
          .startsWith("The host is ready and lets clients in again");
      assertThat(admin.json("/health/ready").path("status").asText()).isEqualTo("UP");
      RawWebSocket.join(host, "/drain").close();
      assertThat(host.log())
          .contains("who=loopback what=\"POST /drain\" result=202")
          .contains("who=loopback what=\"DELETE /drain\" result=200");
    }
  }

  @Test
  void javaScriptClientsComeToTheOtherHostByThemselves() throws Exception {
    host = host("30s", "");
    Path output = Files.createTempFile(Path.of("target"), "drain", ".log");
    try (DormouseProcess other = host("30s", "");
        Switch balancer = new Switch(host)) {
      ProcessBuilder builder =
          new ProcessBuilder(Peer.node(), "drain.js")
              .directory(Peer.JS.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().put("DORMOUSE_URL", balancer.url());
      Process clients = builder.start();
      try {
        await("the clients to connect")
            .atMost(PATIENCE)
            .until(() -> !clients.isAlive() || Files.readString(output).contains("connected"));
        balancer.pointAt(other);
        assertThat(new Admin(host).post("/drain").statusCode()).isEqualTo(202);
        assertThat(clients.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
            .as(() -> "ended by itself: " + host.log())
            .isTrue();
        assertThat(clients.exitValue()).as(Files.readString(output)).isZero();
        JsonNode drained = new Admin(host).json("/drain");
        assertThat(drained.path("moved").asInt()).isEqualTo(3);
        assertThat(drained.path("cutShort").asInt()).isZero();
      } finally {
        clients.destroyForcibly();
      }
    }
  }
}
