package io.dormouse.host.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.http.Status;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Health as Kubernetes asks for it, metrics as Prometheus does, and what else there is to ask. */
@Singleton
final class HealthRoutes implements Routes {
  private final Readiness readiness;
  private final PrometheusMeterRegistry registry;

  HealthRoutes(Readiness readiness, PrometheusMeterRegistry registry) {
    this.readiness = readiness;
    this.registry = registry;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/health/live", null, call -> health(call, true, null)),
        Route.get("/health/ready", null, this::ready),
        Route.get("/health/started", null, call -> health(call, readiness.hasStarted(), null)),
        Route.get("/metrics", Scope.READ, this::metrics),
        Route.get("/openapi.yaml", Scope.READ, HealthRoutes::document));
  }

  private void ready(Call call) {
    health(call, readiness.isReady(), readiness.degraded());
  }

  private static void health(Call call, boolean well, @Nullable String degraded) {
    String status = well ? "UP" : "DOWN";
    call.answer(
        well ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503,
        degraded == null
            ? Map.of("status", status)
            : Map.of("status", status, "degraded", degraded));
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
