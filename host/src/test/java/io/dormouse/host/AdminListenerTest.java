package io.dormouse.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.admin.Metrics;
import io.dormouse.host.lifecycle.Drain;
import io.dormouse.host.lifecycle.Lifecycle;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminListenerTest {
  private AdminFixture admin;

  @BeforeEach
  void start() {
    admin = new AdminFixture();
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  @Test
  void isAliveBeforeItIsReady() throws Exception {
    Lifecycle lifecycle = admin.bean(Lifecycle.class);
    assertThat(admin.get("/health/live").statusCode()).isEqualTo(200);
    assertThat(admin.get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(admin.get("/health/started").body()).isEqualTo("{\"status\":\"DOWN\"}");
    lifecycle.started();
    assertThat(admin.get("/health/ready").body())
        .isEqualTo("{\"status\":\"UP\",\"state\":\"ready\"}");
    assertThat(admin.get("/health/ready").headers().firstValue("Content-Type"))
        .hasValue("application/json");
    assertThat(admin.bean(Drain.class).start(null, null, "test")).isTrue();
    assertThat(admin.get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(admin.get("/health/ready").body())
        .isEqualTo("{\"status\":\"DOWN\",\"state\":\"draining\"}");
    assertThat(admin.get("/health/started").statusCode()).isEqualTo(200);
  }

  @Test
  void showsWhatIsCounted() throws Exception {
    MeterRegistry registry = admin.bean(MeterRegistry.class);
    registry.counter("dormouse.test", "kind", "x").increment(3);
    Metrics.bindJvm(registry);
    admin.get("/nowhere");
    assertThat(admin.get("/metrics").headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(admin.get("/metrics").body())
        .contains("dormouse_test_total{kind=\"x\"} 3.0")
        .contains("dormouse_admin_refused_total{code=\"ADMIN_NOT_FOUND\"} 1.0")
        .contains("jvm_memory_used_bytes", "jvm_threads_live_threads", "process_uptime_seconds")
        .contains("jvm_threads_virtual_mounted ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: evil.example",
        "Host: evil.example:9090",
        "Host: localhost.evil.example",
        "Host: 127.0.0.1.evil.example:9090",
        "Host: localhost\r\nOrigin: http://localhost:5000",
        "Host: localhost\r\nOrigin: null"
      })
  void refusesWebPagesOnLoopback(String headers) throws IOException {
    for (String path : new String[] {"/metrics", "/health/live", "/logs", "/nowhere"}) {
      assertThat(get(path, headers))
          .startsWith("HTTP/1.1 403 ")
          .contains("\"code\":\"ADMIN_WEB_PAGE\"");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host: localhost:9090", "Host: LOCALHOST", "Host: [::1]:9090"})
  void answersProgramsOnLoopback(String headers) throws IOException {
    assertThat(get("/metrics", headers)).startsWith("HTTP/1.1 200 ");
  }

  private String get(String path, String headers) throws IOException {
    try (RawClient client = new RawClient(admin.port())) {
      return client
          .send("GET " + path + " HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n")
          .readToEnd();
    }
  }

  @Test
  void saysWhatThereIsInstead() throws Exception {
    assertThat(AdminFixture.problem(admin.get("/nowhere"), 404, "ADMIN_NOT_FOUND"))
        .isEqualTo("There is no '/nowhere' here; /openapi.yaml has what there is");
  }

  @Test
  void namesTheMethodsThatAPathHas() throws Exception {
    var response = admin.send("DELETE", "/metrics");
    assertThat(AdminFixture.problem(response, 405, "ADMIN_WRONG_METHOD"))
        .isEqualTo("'/metrics' has no DELETE; it has GET");
    assertThat(response.headers().firstValue("Allow")).hasValue("GET");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/metrics?x=1     | There is no query parameter 'x' here; there is none",
        "/logs?plugn=chat | There is no query parameter 'plugn' here; there are plugin, follow",
        "/logs?plugin=a&plugin=b | Query parameter 'plugin' comes 2 times"
      })
  void refusesParametersByName(String path, String detail) throws Exception {
    assertThat(AdminFixture.problem(admin.get(path), 400, "ADMIN_BAD_PARAMETER")).isEqualTo(detail);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 4000",
        "Content-Length: 99000000000",
        "Transfer-Encoding: chunked"
      })
  void refusesABodyWithoutReadingIt(String length) throws IOException {
    try (RawClient client = new RawClient(admin.port())) {
      client.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n" + length + "\r\n\r\n");
      assertThat(client.readUntil("}"))
          .startsWith("HTTP/1.1 413 ")
          .contains("application/problem+json", "\"code\":\"ADMIN_TOO_LARGE\"");
    }
  }

  @Test
  void answersNoHttpWithAProblemToo() throws IOException {
    try (RawClient client = new RawClient(admin.port())) {
      client.send("GET /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n");
      assertThat(client.readToEnd())
          .startsWith("HTTP/1.1 400 ")
          .contains("application/problem+json", "\"code\":\"ADMIN_BAD_REQUEST\"");
    }
  }
}
