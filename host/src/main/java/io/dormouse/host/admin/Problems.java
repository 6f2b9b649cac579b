package io.dormouse.host.admin;

import io.dormouse.host.plugin.NothingToDo;
import io.dormouse.host.plugin.OperationInProgress;
import io.dormouse.host.plugin.PluginRefused;
import io.dormouse.host.plugin.UnknownPlugin;
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
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where what went wrong becomes an answer. */
final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final int LINGER_BYTES = 2_000_000;
  private static final String MEDIA_TYPE = "application/problem+json";

  private Problems() {}

  /** What to answer; null when the connection has to end instead. */
  static @Nullable Problem of(RuntimeException failure) {
    return switch (failure) {
      case Problem problem -> problem;
      case PluginRefused refused -> of(refused);
      case UnknownPlugin unknown -> of(AdminErrorCode.ADMIN_UNKNOWN_PLUGIN, unknown);
      case OperationInProgress busy -> of(AdminErrorCode.ADMIN_OPERATION_IN_PROGRESS, busy);
      case NothingToDo idle -> of(AdminErrorCode.ADMIN_NOTHING_TO_DO, idle);
      case CloseConnectionException _ -> null;
      case RequestException tooLarge
          when tooLarge.status().code() == Status.REQUEST_ENTITY_TOO_LARGE_413_CODE ->
          of(tooLarge.status(), "");
      case RequestException _ -> null;
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
        switch (refused.code()) {
          case PLUGIN_TOO_LARGE -> Status.REQUEST_ENTITY_TOO_LARGE_413_CODE;
          case PLUGIN_STAGING_FAILED -> Status.SERVICE_UNAVAILABLE_503_CODE;
          default -> Status.UNPROCESSABLE_CONTENT_422_CODE;
        },
        "The plugin is refused",
        String.valueOf(refused.getMessage()));
  }

  private static Problem of(AdminErrorCode code, RuntimeException failure) {
    return new Problem(code, String.valueOf(failure.getMessage()));
  }

  private static Problem of(Status status, String detail) {
    if (status.code() == Status.REQUEST_ENTITY_TOO_LARGE_413_CODE) {
      return new Problem(AdminErrorCode.ADMIN_TOO_LARGE, "The body is larger than is allowed here");
    }
    AdminErrorCode code = AdminErrorCode.ADMIN_BAD_REQUEST;
    return new Problem(code.name(), status.code(), code.title(), detail);
  }

  static void answer(Problem problem, ServerRequest request, ServerResponse response) {
    boolean unread = request.content().hasEntity() && !request.content().consumed();
    if (unread) {
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
    if (unread && !request.headers().contains(HeaderValues.EXPECT_100)) {
      linger(request.content().inputStream());
    }
  }

  /**
   * Takes a little more of what a client sends, which otherwise may never see the answer: the close
   * of a connection with unread data resets it (RFC 9112, 9.6).
   */
  private static void linger(InputStream body) {
    byte[] buffer = new byte[8192];
    try {
      for (int left = LINGER_BYTES, read; left > 0; left -= read) {
        read = body.read(buffer);
        if (read < 0) {
          return;
        }
      }
    } catch (IOException | RuntimeException gone) {
      throw new CloseConnectionException("The client is gone", gone);
    }
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
