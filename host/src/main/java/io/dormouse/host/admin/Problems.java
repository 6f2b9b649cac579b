package io.dormouse.host.admin;

import io.dormouse.host.plugin.PluginRefused;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where what went wrong becomes an answer. */
final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final String MEDIA_TYPE = "application/problem+json";

  private Problems() {}

  /** What to answer; null when the connection has to end instead. */
  static @Nullable Problem of(RuntimeException failure) {
    return switch (failure) {
      case Problem problem -> problem;
      case PluginRefused refused -> of(refused);
      case CloseConnectionException _ -> null;
      case RequestException bodyUnreadable
          when bodyUnreadable.status().code() != Status.REQUEST_ENTITY_TOO_LARGE_413_CODE ->
          null;
      case HttpException refused -> of(refused.status(), "The request cannot be read");
      default -> {
        LOG.error("An admin request failed", failure);
        yield new Problem(
            AdminErrorCode.ADMIN_FAILED, "The request failed; the host's log has why");
      }
    };
  }

  private static Problem of(PluginRefused refused) {
    return new Problem(
        refused.code().name(),
        Status.UNPROCESSABLE_CONTENT_422_CODE,
        "The plugin is refused",
        String.valueOf(refused.getMessage()));
  }

  private static Problem of(Status status, String detail) {
    if (status.code() == Status.REQUEST_ENTITY_TOO_LARGE_413_CODE) {
      return new Problem(AdminErrorCode.ADMIN_TOO_LARGE, "The body is larger than is allowed here");
    }
    AdminErrorCode code = AdminErrorCode.ADMIN_BAD_REQUEST;
    return new Problem(code.name(), status.code(), code.title(), detail);
  }

  static void answer(Problem problem, ServerRequest request, ServerResponse response) {
    if (request.content().hasEntity() && !request.content().consumed()) {
      // Nobody reads on until the next request, which may be gigabytes away.
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    if (problem.status() == Status.UNAUTHORIZED_401_CODE) {
      response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"dormouse\"");
    }
    response
        .status(Status.create(problem.status()))
        .header(HeaderNames.CONTENT_TYPE, MEDIA_TYPE)
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .send(Json.write(problem.body(request.path().rawPath())));
  }

  /** The same for requests that are refused before they reach a route. */
  static DirectHandlers beforeRoutes() {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (EventType type : EventType.values()) {
      handlers.addHandler(
          type,
          (request, _, status, headers, _) -> {
            Problem problem = of(status, "The request is not HTTP that can be answered");
            return TransportResponse.builder()
                .status(status)
                .headers(headers)
                .header(HeaderNames.CONTENT_TYPE, MEDIA_TYPE)
                .keepAlive(false)
                .entity(Json.write(problem.body(request.path())))
                .build();
          });
    }
    return handlers.build();
  }
}
