package io.dormouse.host;

import static io.dormouse.host.AdminFixture.json;
import static io.dormouse.host.AdminFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dormouse.host.lifecycle.Lifecycle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminDrainTest {
  private static final String JSON = "application/json";

  private AdminFixture admin;

  @BeforeEach
  void start() {
    admin = new AdminFixture("dormouse.drain.pace", "1000/s");
    admin.start("chat", "1.0.0", context -> context.namespace("/chat"));
    admin.bean(Lifecycle.class).started();
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  @Test
  void movesTheClients() throws Exception {
    SocketClient client = admin.connect("/chat");
    var answer = admin.send("POST", "/drain");
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(json(answer).path("state").asText()).isEqualTo("draining");
    assertThat(client.next()).isEqualTo("gone");
    await().until(() -> json(admin.get("/drain")).path("done").asBoolean());
    JsonNode drained = json(admin.get("/drain"));
    assertThat(drained.path("moved").asInt()).isEqualTo(1);
    assertThat(drained.path("sessions").asInt()).isZero();
    assertThat(json(admin.get("/")).path("state").asText()).isEqualTo("draining");
    assertThat(admin.get("/metrics").body())
        .contains("dormouse_host_state{state=\"draining\"} 1.0")
        .contains("dormouse_host_state{state=\"ready\"} 0.0")
        .contains("dormouse_drain_moved_total 1.0");
    assertThat(problem(admin.send("POST", "/drain"), 409, "ADMIN_WRONG_STATE"))
        .isEqualTo("The host is draining; a drain begins when it is ready or degraded");
  }

  @Test
  void refusesNewClientsUntilItIsCancelled() throws Exception {
    assertThat(admin.post("/drain", JSON, "{\"pace\": \"1/s\"}").statusCode()).isEqualTo(202);
    try (RawClient late = new RawClient(admin.listeners.port())) {
      late.send("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(late.readUntil("}"))
          .startsWith("HTTP/1.1 503 ")
          .containsIgnoringCase("Retry-After: 5")
          .contains("Server shutting down");
    }
    try (RawClient late = new RawClient(admin.listeners.port())) {
      late.send(
          "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
              .concat("Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n")
              .concat("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
      assertThat(late.readUntil("}"))
          .startsWith("HTTP/1.1 503 ")
          .containsIgnoringCase("Retry-After: 5");
    }
    assertThat(json(admin.send("DELETE", "/drain")).path("state").asText()).isEqualTo("ready");
    admin.connect("/chat").close();
    assertThat(problem(admin.send("DELETE", "/drain"), 409, "ADMIN_WRONG_STATE"))
        .isEqualTo("The host is ready, and there is no drain that could be cancelled");
  }

  @Test
  void tellsWhatItWouldDo() throws Exception {
    try (SocketClient client = admin.connect("/chat")) {
      var answer =
          admin.post(
              "/drain", JSON, "{\"pace\": \"20%/s\", \"deadline\": \"1m30s\", \"dryRun\": true}");
      assertThat(answer.statusCode()).isEqualTo(200);
      JsonNode plan = json(answer);
      assertThat(plan.path("pace").asText()).isEqualTo("20%/s");
      assertThat(plan.path("sessions").asInt()).isEqualTo(1);
      assertThat(plan.path("perSecond").asInt()).isEqualTo(50);
      assertThat(plan.path("fits").asBoolean()).isTrue();
      assertThat(json(admin.get("/")).path("state").asText()).isEqualTo("ready");
      assertThat(client.id).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'pace': 'fast'}   | The body's pace must be clients a second such as 500/s, or a share such as 10%/s, was 'fast'",
        "{'pace': 5}        | The body's value at 'pace' does not fit",
        "{'deadline': '0s'} | The body's deadline must be a duration between 1s and 24h, such as 30s, was '0s'",
        "{'deadline': 'x'}  | The body's deadline must be a duration between 1s and 24h, such as 30s, was 'x'",
        "{'dry-run': true}  | The body has the unknown key 'dry-run'; there are deadline, dryRun, pace"
      })
  void refusesBadValues(String body, String detail) throws Exception {
    var response = admin.post("/drain", JSON, body.replace('\'', '"'));
    assertThat(problem(response, 400, "ADMIN_BAD_BODY")).isEqualTo(detail);
    assertThat(json(admin.get("/")).path("state").asText()).isEqualTo("ready");
  }
}
