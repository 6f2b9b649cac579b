package io.dormouse.host;

import static io.dormouse.host.AdminFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminAccessTest {
  private static final String READER = "0123456789abcdef0123456789abcdef";
  private static final String EMITTER = "fedcba9876543210fedcba9876543210";

  @TempDir private Path folder;

  private static AdminFixture withTokens(String bind) {
    return new AdminFixture(
        "dormouse.admin.bind", bind,
        "dormouse.admin.tokens.monitor.value", READER,
        "dormouse.admin.tokens.monitor.scopes", "read",
        "dormouse.admin.tokens.shop.value", EMITTER,
        "dormouse.admin.tokens.shop.scopes", "emit, drain");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "0.0.0.0"})
  void asksForATokenEverywhereButForHealth(String bind) throws Exception {
    try (AdminFixture admin = withTokens(bind)) {
      assertThat(admin.get("/health/live").statusCode()).isEqualTo(200);
      var response = admin.get("/metrics");
      assertThat(problem(response, 401, "ADMIN_NO_TOKEN"))
          .isEqualTo("The request has no header 'Authorization: Bearer <token>'");
      assertThat(response.headers().firstValue("WWW-Authenticate"))
          .hasValue("Bearer realm=\"dormouse\"");
      problem(admin.getWith(READER.replace('0', '1'), "/metrics"), 401, "ADMIN_WRONG_TOKEN");
      problem(admin.getWith(READER + "0", "/metrics"), 401, "ADMIN_WRONG_TOKEN");
      problem(
          admin.send(admin.request("GET", "/metrics").header("Authorization", "Basic " + READER)),
          401,
          "ADMIN_NO_TOKEN");
      assertThat(problem(admin.getWith(EMITTER, "/metrics"), 403, "ADMIN_WRONG_SCOPE"))
          .isEqualTo("Token 'shop' has not the scope read");
      assertThat(admin.getWith(READER, "/metrics").statusCode()).isEqualTo(200);
      assertThat(
              admin
                  .send(
                      admin.request("GET", "/metrics").header("authorization", "bearer " + READER))
                  .statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void answersOnlyHealthAndMetricsElsewhereWithoutAToken() throws Exception {
    try (AdminFixture admin = new AdminFixture("dormouse.admin.bind", "0.0.0.0")) {
      assertThat(admin.get("/health/ready").statusCode()).isEqualTo(503);
      assertThat(admin.get("/metrics").statusCode()).isEqualTo(200);
      assertThat(problem(admin.get("/openapi.yaml"), 403, "ADMIN_CLOSED"))
          .contains("No token is configured", "dormouse.admin.tokens.<name>.value");
      problem(admin.getWith(READER, "/logs"), 403, "ADMIN_CLOSED");
    }
  }

  @Test
  void answersAnyNameElsewhereAndWithAToken() throws Exception {
    try (AdminFixture admin = withTokens("127.0.0.1");
        RawClient client = new RawClient(admin.port())) {
      client.send(
          "GET /metrics HTTP/1.1\r\nHost: dormouse.example\r\nAuthorization: Bearer "
              + READER
              + "\r\nConnection: close\r\n\r\n");
      assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void takesATokenFromAFile() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), READER + "\n");
    try (AdminFixture admin =
        new AdminFixture(
            "dormouse.admin.tokens.ci.file",
            file.toString(),
            "dormouse.admin.tokens.ci.scopes",
            "deploy,read")) {
      assertThat(admin.getWith(READER, "/metrics").statusCode()).isEqualTo(200);
    }
  }
}
