package io.dormouse.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.admin.AdminRoutes;
import io.dormouse.host.admin.AdminSettings;
import io.dormouse.host.admin.Metrics;
import io.dormouse.host.admin.Readiness;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminListenerTest {
  private ApplicationContext context;
  private Listeners listeners;

  @AfterEach
  void stop() {
    listeners.stop();
    context.close();
  }

  private void start(String bind) {
    context =
        HostContext.open(
            new ConfigurationSources(
                Map.of("--port", "0", "--admin-port", "0"),
                Map.of("dormouse.admin.bind", bind, "dormouse.log.level", "error"),
                Map.of(),
                null));
    listeners =
        new Listeners(
            context.getBean(ServerSettings.class),
            context.getBean(TlsSettings.class),
            new Listeners.Public(_ -> {}, Map.of(), selector -> selector, 1000),
            context.getBean(AdminSettings.class),
            context.getBean(AdminRoutes.class)::add);
    listeners.start();
  }

  @Test
  void isAliveBeforeItIsReady() throws IOException {
    start("127.0.0.1");
    assertThat(get("/health/live", "Host: localhost")).startsWith("HTTP/1.1 200 ");
    assertThat(get("/health/ready", "Host: localhost"))
        .startsWith("HTTP/1.1 503 ")
        .endsWith("{\"status\":\"DOWN\"}");
    context.getBean(Readiness.class).set(true);
    assertThat(get("/health/ready", "Host: localhost"))
        .startsWith("HTTP/1.1 200 ")
        .contains("Content-Type: application/json")
        .endsWith("{\"status\":\"UP\"}");
  }

  @Test
  void showsWhatIsCounted() throws IOException {
    start("127.0.0.1");
    MeterRegistry registry = context.getBean(MeterRegistry.class);
    registry.counter("dormouse.test", "kind", "x").increment(3);
    Metrics.bindJvm(registry);
    assertThat(get("/metrics", "Host: 127.0.0.1:5001"))
        .contains("Content-Type: text/plain; version=0.0.4; charset=utf-8")
        .contains("dormouse_test_total{kind=\"x\"} 3.0")
        .contains("jvm_memory_used_bytes", "jvm_threads_live_threads", "process_uptime_seconds")
        .contains("jvm_threads_virtual_mounted ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: evil.example",
        "Host: evil.example:5001",
        "Host: localhost.evil.example",
        "Host: 127.0.0.1.evil.example:5001",
        "Host: localhost\r\nOrigin: http://localhost:5000",
        "Host: localhost\r\nOrigin: null"
      })
  void refusesWebPagesOnLoopback(String headers) throws IOException {
    start("127.0.0.1");
    assertThat(get("/metrics", headers)).startsWith("HTTP/1.1 403 ");
    assertThat(get("/health/live", headers)).startsWith("HTTP/1.1 403 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host: localhost:5001", "Host: LOCALHOST", "Host: [::1]:5001"})
  void answersProgramsOnLoopback(String headers) throws IOException {
    start("127.0.0.1");
    assertThat(get("/health/live", headers)).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void answersProbesByAnyNameElsewhere() throws IOException {
    start("0.0.0.0");
    assertThat(get("/health/live", "Host: 10.1.2.3:5001")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void saysWhatThereIsInstead() throws IOException {
    start("127.0.0.1");
    assertThat(get("/", "Host: localhost"))
        .startsWith("HTTP/1.1 404 ")
        .endsWith("{\"error\":\"Not found; there are /health/live, /health/ready and /metrics\"}");
  }

  private String get(String path, String headers) throws IOException {
    try (RawClient client = new RawClient(listeners.adminPort())) {
      return client
          .send("GET " + path + " HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n")
          .readToEnd();
    }
  }
}
