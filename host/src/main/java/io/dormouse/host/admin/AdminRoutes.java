package io.dormouse.host.admin;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.inject.Singleton;

/** Health as Kubernetes asks for it, and metrics as Prometheus does. */
@Singleton
public final class AdminRoutes {
  private final AdminSettings settings;
  private final Readiness readiness;
  private final PrometheusMeterRegistry registry;

  AdminRoutes(AdminSettings settings, Readiness readiness, PrometheusMeterRegistry registry) {
    this.settings = settings;
    this.readiness = readiness;
    this.registry = registry;
  }

  /** Adds the routes and what guards them. */
  public void add(HttpRouting.Builder routing) {
    routing
        .addFilter(new LoopbackGuard(settings.bind()))
        .get("/health/live", (_, response) -> json(response, "{\"status\":\"UP\"}"))
        .get("/health/ready", this::ready)
        .get("/metrics", this::metrics)
        .any(AdminRoutes::notFound);
  }

  private void ready(ServerRequest request, ServerResponse response) {
    if (readiness.isReady()) {
      json(response, "{\"status\":\"UP\"}");
    } else {
      response.status(Status.SERVICE_UNAVAILABLE_503);
      json(response, "{\"status\":\"DOWN\"}");
    }
  }

  private void metrics(ServerRequest request, ServerResponse response) {
    response
        .header(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
        .send(registry.scrape());
  }

  private static void notFound(ServerRequest request, ServerResponse response) {
    response.status(Status.NOT_FOUND_404);
    json(response, "{\"error\":\"Not found; there are /health/live, /health/ready and /metrics\"}");
  }

  private static void json(ServerResponse response, String text) {
    response.header(HeaderNames.CONTENT_TYPE, "application/json").send(text);
  }
}
