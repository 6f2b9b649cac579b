package io.dormouse.host.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dormouse.host.lifecycle.HostState;
import io.dormouse.host.lifecycle.Lifecycle;
import io.helidon.http.Status;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Health as Kubernetes asks for it, metrics as Prometheus does, and what else there is to ask. */
@Singleton
final class HealthRoutes implements Routes {
  private final Lifecycle lifecycle;
  private final PrometheusMeterRegistry registry;

  HealthRoutes(Lifecycle lifecycle, PrometheusMeterRegistry registry) {
    this.lifecycle = lifecycle;
    this.registry = registry;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/health/live", null, call -> health(call, true, Map.of())),
        Route.get("/health/ready", null, this::ready),
        Route.get("/health/started", null, call -> health(call, lifecycle.hasStarted(), Map.of())),
        Route.get("/metrics", Scope.READ, this::metrics),
        Route.get("/openapi.yaml", Scope.READ, HealthRoutes::document));
  }

  private void ready(Call call) {
    HostState state = lifecycle.state();
    String lacks = lifecycle.lacks();
    Map<String, String> more = new LinkedHashMap<>();
    more.put("state", state.toString());
    if (state == HostState.DEGRADED && lacks != null) {
      more.put("degraded", lacks);
    }
    health(call, lifecycle.isReady(), more);
  }

  private static void health(Call call, boolean well, Map<String, String> more) {
    Map<String, String> answer = new LinkedHashMap<>();
    answer.put("status", well ? "UP" : "DOWN");
    answer.putAll(more);
    call.answer(well ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503, answer);
  }

  private void metrics(Call call) {
    call.answer("text/plain; version=0.0.4; charset=utf-8", registry.scrape().getBytes(UTF_8));
  }

  private static void document(Call call) {
    try (InputStream in = HealthRoutes.class.getResourceAsStream("openapi.yaml")) {
      call.answer("application/yaml", Objects.requireNonNull(in).readAllBytes());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
