package io.dormouse.host;

import static io.dormouse.host.AdminFixture.json;
import static io.dormouse.host.AdminFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminPluginsTest {
  private AdminFixture admin;

  @BeforeEach
  void start() {
    admin = new AdminFixture();
    admin.start("chat", "1.0.0", context -> context.namespace("/chat"));
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private HttpResponse<String> post(String path) throws Exception {
    return admin.send("POST", path);
  }

  @Test
  void showsPluginsAndTheirGenerations() throws Exception {
    admin.start("other", "2.0.0", _ -> {});
    JsonNode all = json(admin.get("/plugins"));
    assertThat(all.path("plugins")).hasSize(2);
    JsonNode chat = json(admin.get("/plugins/chat"));
    assertThat(chat).isEqualTo(all.path("plugins").get(0));
    assertThat(chat.path("id").asText()).isEqualTo("chat");
    assertThat(chat.path("state").asText()).isEqualTo("ACTIVE");
    assertThat(chat.path("origin").asText()).isEqualTo("CLASS_PATH");
    assertThat(chat.path("namespaces").get(0).asText()).isEqualTo("/chat");
    assertThat(Instant.parse(chat.path("changed").asText())).isBeforeOrEqualTo(Instant.now());
    assertThat(chat.has("digest") || chat.has("lastError") || chat.has("operation")).isFalse();
    JsonNode generation = chat.path("generations").get(0);
    assertThat(generation.path("state").asText()).isEqualTo("CURRENT");
    assertThat(generation.path("version").asText()).isEqualTo("1.0.0");
    assertThat(Instant.parse(generation.path("since").asText())).isNotNull();
  }

  @Test
  void aHostWithoutRedisIsAlone() throws Exception {
    JsonNode hosts = json(admin.get("/hosts"));
    assertThat(hosts.path("hosts")).hasSize(1);
    JsonNode self = hosts.path("hosts").get(0);
    assertThat(self.path("id").asText()).isEqualTo("alone").isEqualTo(hosts.path("self").asText());
    assertThat(self.path("alive").asBoolean()).isTrue();
    assertThat(self.path("namespaces").get(0).asText()).isEqualTo("/chat");
    assertThat(self.path("plugins").get(0).path("version").asText()).isEqualTo("1.0.0");
    JsonNode chat = json(admin.get("/plugins/chat/hosts")).path("hosts").get(0);
    assertThat(chat.path("state").asText()).isEqualTo("active");
    assertThat(chat.path("host").asText()).isEqualTo("alone");
    problem(admin.get("/plugins/nobody/hosts"), 404, "ADMIN_UNKNOWN_PLUGIN");
  }

  @Test
  void doesWhatIsAskedAndWritesItDown() throws Exception {
    try (AuditLines audit = new AuditLines()) {
      assertThat(json(post("/plugins/chat/hibernate")).path("state").asText())
          .isEqualTo("HIBERNATED");
      assertThat(json(post("/plugins/chat/wake")).path("wakes").asInt()).isEqualTo(1);
      assertThat(json(post("/plugins/chat/disable")).path("state").asText()).isEqualTo("DISABLED");
      problem(post("/plugins/chat/hibernate"), 409, "ADMIN_NOTHING_TO_DO");
      assertThat(json(post("/plugins/chat/enable")).path("state").asText()).isEqualTo("ACTIVE");
      assertThat(json(post("/plugins/chat/reload")).path("generations").size())
          .isGreaterThanOrEqualTo(2);
      assertThat(admin.send("DELETE", "/plugins/chat").statusCode()).isEqualTo(204);
      problem(admin.get("/plugins/chat"), 404, "ADMIN_UNKNOWN_PLUGIN");
      assertThat(audit.seen(7))
          .containsExactly(
              "loopback | POST /plugins/chat/hibernate | 200",
              "loopback | POST /plugins/chat/wake | 200",
              "loopback | POST /plugins/chat/disable | 200",
              "loopback | POST /plugins/chat/hibernate | ADMIN_NOTHING_TO_DO",
              "loopback | POST /plugins/chat/enable | 200",
              "loopback | POST /plugins/chat/reload | 200",
              "loopback | DELETE /plugins/chat | 204");
    }
  }

  @Test
  void hasNothingToRollBackToAtFirst() throws Exception {
    problem(post("/plugins/chat/rollback"), 409, "ADMIN_NOTHING_TO_DO");
    admin.start("chat", "1.1.0", context -> context.namespace("/chat"));
    assertThat(json(post("/plugins/chat/rollback")).path("version").asText()).isEqualTo("1.0.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"reload", "rollback", "hibernate", "wake", "disable", "enable"})
  void refusesAnIdThatThereIsNot(String operation) throws Exception {
    assertThat(problem(post("/plugins/nobody/" + operation), 404, "ADMIN_UNKNOWN_PLUGIN"))
        .contains("'nobody'");
    problem(post("/plugins/..%2F..%2Fetc/" + operation), 404, "ADMIN_NOT_FOUND");
  }

  @Test
  void namesAllMethodsOfAPath() throws Exception {
    HttpResponse<String> response = admin.send("PATCH", "/plugins/chat");
    problem(response, 405, "ADMIN_WRONG_METHOD");
    assertThat(response.headers().firstValue("Allow").orElse("")).contains("GET", "DELETE");
    problem(admin.get("/plugins/chat/reload"), 405, "ADMIN_WRONG_METHOD");
    problem(post("/plugins/chat/relaod"), 404, "ADMIN_NOT_FOUND");
  }

  @Test
  void countsWhatHappens() throws Exception {
    post("/plugins/chat/hibernate");
    assertThat(admin.get("/metrics").body())
        .contains("dormouse_plugin_events_total{plugin=\"chat\",type=\"hibernated\"} 1.0")
        .contains("dormouse_plugins{state=\"hibernated\"} 1.0")
        .contains("dormouse_plugins{state=\"active\"} 0.0")
        .contains("dormouse_generations{state=\"current\"} 0.0")
        .contains("dormouse_generations_leaked_total 0.0");
  }
}
