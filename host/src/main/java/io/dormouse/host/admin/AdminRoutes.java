package io.dormouse.host.admin;

import io.helidon.http.Headers;
import io.helidon.http.PathMatcher;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers the admin listener's requests: finds out who may, and makes refusals of failures. */
@Singleton
public final class AdminRoutes {
  private final List<Routes> parts;
  private final List<Route> routes;
  private final Access access;
  private final MeterRegistry registry;

  AdminRoutes(List<Routes> parts, Access access, MeterRegistry registry) {
    this.parts = List.copyOf(parts);
    this.routes = parts.stream().flatMap(part -> part.routes().stream()).toList();
    this.access = access;
    this.registry = registry;
  }

  /** All that is answered. */
  List<Route> routes() {
    return routes;
  }

  /** Adds the routes and what guards them. */
  public void add(HttpRouting.Builder routing) {
    for (Route route : routes) {
      routing.route(
          route.method(), route.matcher(), (request, response) -> answer(route, request, response));
    }
    routing.any((request, response) -> answer(null, request, response));
  }

  /** Answers what the listener refuses before it reaches a route. */
  public DirectHandlers beforeRoutes() {
    return Problems.beforeRoutes();
  }

  /** Ends streams, which would keep the listener from stopping. */
  public void stop() {
    parts.forEach(Routes::stop);
  }

  private void answer(@Nullable Route route, ServerRequest request, ServerResponse response) {
    Call call = null;
    try {
      Headers headers = request.headers();
      access.checkOrigin(headers);
      if (route == null) {
        throw unknown(request, response);
      }
      String who = access.check(route, headers);
      call = Call.of(route, who, request, response);
      route.action().answer(call);
      if (route.isChange()) {
        AuditLog.log(who, call.what(), call.digest(), response.status().codeText());
      }
    } catch (RuntimeException failure) {
      Problem problem = Problems.of(failure);
      if (problem == null || response.isSent()) {
        throw failure;
      }
      refuse(problem, route, call, request, response);
    }
  }

  private void refuse(
      Problem problem,
      @Nullable Route route,
      @Nullable Call call,
      ServerRequest request,
      ServerResponse response) {
    registry.counter("dormouse.admin.refused", "code", problem.code()).increment();
    if (call != null && route != null && route.isChange()) {
      AuditLog.log(call.who(), call.what(), call.digest(), problem.code());
    }
    Problems.answer(problem, request, response);
  }

  private Problem unknown(ServerRequest request, ServerResponse response) {
    List<String> methods = new ArrayList<>();
    for (Route route : routes) {
      PathMatcher matcher = route.matcher();
      if (matcher.match(request.path()).accepted()) {
        methods.add(route.method().text());
      }
    }
    if (methods.isEmpty()) {
      return new Problem(
          AdminErrorCode.ADMIN_NOT_FOUND,
          "There is no '%s' here; /openapi.yaml has what there is"
              .formatted(request.path().rawPath()));
    }
    String allowed = String.join(", ", methods);
    response.header("Allow", allowed);
    return new Problem(
        AdminErrorCode.ADMIN_WRONG_METHOD,
        "'%s' has no %s; it has %s"
            .formatted(request.path().rawPath(), request.prologue().method().text(), allowed));
  }
}
