package io.dormouse.host;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static io.dormouse.host.AdminFixture.json;
import static io.dormouse.host.AdminFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import io.dormouse.host.lifecycle.Lifecycle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminHooksTest {
  private final WireMockServer endpoint =
      new WireMockServer(wireMockConfig().bindAddress("127.0.0.1").dynamicPort());

  private AdminFixture admin;

  @BeforeEach
  void start() {
    endpoint.start();
    admin =
        new AdminFixture(
            "dormouse.hooks.ops.url",
            "http://127.0.0.1:" + endpoint.port() + "/secret-path",
            "dormouse.hooks.ops.secrets",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "dormouse.hooks.ops.types",
            "host.*",
            "dormouse.hooks.ops.private",
            "true");
    admin.bean(Lifecycle.class).started();
  }

  @AfterEach
  void stop() {
    admin.close();
    endpoint.stop();
  }

  private void answer(int status) {
    endpoint.stubFor(any(anyUrl()).willReturn(status(status)));
  }

  private JsonNode hook() throws Exception {
    return json(admin.get("/hooks")).path("hooks").path(0);
  }

  @Test
  void tellsOfDrainsAndListsWhatTheHookHasGot() throws Exception {
    answer(200);
    assertThat(admin.send("POST", "/drain").statusCode()).isEqualTo(202);
    await().until(() -> hook().path("delivered").asInt() == 2);
    assertThat(hook().path("name").asText()).isEqualTo("ops");
    assertThat(admin.get("/hooks").body())
        .contains("\"endpoint\":\"http://127.0.0.1:" + endpoint.port() + "\"")
        .contains("\"types\":[\"host.*\"]")
        .doesNotContain("secret-path", "whsec");
    assertThat(endpoint.getAllServeEvents().reversed())
        .extracting(call -> call.getRequest().getBodyAsString())
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .contains("\"type\":\"io.dormouse.host.draining\"")
                    .contains("\"reason\":\"asked for by loopback\""),
            second -> assertThat(second).contains("\"type\":\"io.dormouse.host.drained\""));
    assertThat(admin.get("/metrics").body())
        .contains("dormouse_hook_events_total{hook=\"ops\",outcome=\"delivered\"} 2.0")
        .contains("dormouse_hook_calls_seconds_count{hook=\"ops\",outcome=\"taken\"} 2")
        .contains("dormouse_hook_queued{hook=\"ops\"} 0.0");
  }

  @Test
  void listsDeadLettersAndSendsThemAgain() throws Exception {
    answer(400);
    assertThat(admin.send("POST", "/drain").statusCode()).isEqualTo(202);
    await().until(() -> hook().path("deadLetters").asInt() == 2);
    JsonNode letters = json(admin.get("/hooks/ops/dead-letters")).path("deadLetters");
    assertThat(letters.path(0).path("type").asText()).isEqualTo("host.draining");
    assertThat(letters.path(0).path("code").asText()).isEqualTo("HOOK_REFUSED");
    assertThat(letters.path(0).path("reason").asText()).isEqualTo("status 400");
    assertThat(admin.get("/metrics").body())
        .contains("dormouse_hook_dead_letters{hook=\"ops\"} 2.0");
    answer(200);
    String id = letters.path(1).path("id").asText();
    var one = admin.send("POST", "/hooks/ops/resend?id=" + id);
    assertThat(one.statusCode()).isEqualTo(202);
    assertThat(one.body()).isEqualTo("{\"queued\":1}");
    await().until(() -> hook().path("delivered").asInt() == 1);
    assertThat(problem(admin.send("POST", "/hooks/ops/resend?id=" + id), 404, UNKNOWN_LETTER))
        .isEqualTo("Hook 'ops' has no dead letter '" + id + "'");
    assertThat(admin.send("POST", "/hooks/ops/resend").body()).isEqualTo("{\"queued\":1}");
    assertThat(admin.send("POST", "/hooks/ops/resend").body()).isEqualTo("{\"queued\":0}");
    await().until(() -> hook().path("delivered").asInt() == 2);
    assertThat(hook().path("deadLetters").asInt()).isZero();
  }

  private static final String UNKNOWN_LETTER = "ADMIN_UNKNOWN_DEAD_LETTER";

  @Test
  void refusesAHookThatIsNotThere() throws Exception {
    assertThat(problem(admin.get("/hooks/opps/dead-letters"), 404, "ADMIN_UNKNOWN_HOOK"))
        .isEqualTo("There is no hook 'opps'");
    assertThat(problem(admin.send("POST", "/hooks/opps/resend"), 404, "ADMIN_UNKNOWN_HOOK"))
        .isEqualTo("There is no hook 'opps'");
  }
}
