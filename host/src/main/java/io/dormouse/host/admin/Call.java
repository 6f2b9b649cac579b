package io.dormouse.host.admin;

import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One request to a route, its parameters checked, and its answer. */
final class Call {
  private final Route route;
  private final String who;
  private final ServerRequest request;
  private final ServerResponse response;
  private final Map<String, List<String>> parameters;
  private @Nullable String digest;

  private Call(
      Route route,
      String who,
      ServerRequest request,
      ServerResponse response,
      Map<String, List<String>> parameters) {
    this.route = route;
    this.who = who;
    this.request = request;
    this.response = response;
    this.parameters = parameters;
  }

  /**
   * @param who asks
   * @throws Problem when the route does not take its parameters or so large a body
   */
  static Call of(Route route, String who, ServerRequest request, ServerResponse response) {
    Call call = new Call(route, who, request, response, parameters(route, request));
    long length = request.headers().contentLength().orElse(0);
    if (length > route.bodyBytes() || (route.bodyBytes() == 0 && request.content().hasEntity())) {
      throw tooLarge(route.bodyBytes());
    }
    return call;
  }

  private static Map<String, List<String>> parameters(Route route, ServerRequest request) {
    Map<String, List<String>> parameters = new TreeMap<>();
    try {
      for (String name : request.query().names()) {
        if (!route.parameters().contains(name)) {
          throw bad(
              "There is no query parameter '%s' here; there %s"
                  .formatted(
                      name,
                      route.parameters().isEmpty()
                          ? "is none"
                          : "are " + String.join(", ", route.parameters())));
        }
        List<String> values = request.query().all(name, List::of);
        parameters.put(name, values.isEmpty() ? List.of("") : values);
      }
    } catch (IllegalArgumentException malformed) {
      throw bad("The query is malformed; what is no letter or digit must be percent-encoded");
    }
    return parameters;
  }

  private static Problem bad(String detail) {
    return new Problem(AdminErrorCode.ADMIN_BAD_PARAMETER, detail);
  }

  static Problem tooLarge(long limit) {
    return new Problem(
        AdminErrorCode.ADMIN_TOO_LARGE,
        limit == 0
            ? "This request takes no body"
            : "The body is larger than the %,d bytes that are allowed here".formatted(limit));
  }

  String who() {
    return who;
  }

  Headers headers() {
    return request.headers();
  }

  ServerResponse response() {
    return response;
  }

  /** What is done, for the audit log: method and path as they came. */
  String what() {
    return request.prologue().method().text() + " " + request.path().rawPath();
  }

  /** What the body of this request is, for the audit log. */
  void concerns(String sha256) {
    digest = sha256;
  }

  @Nullable String digest() {
    return digest;
  }

  /** The part of the path that the route names so. */
  String part(String name) {
    return request.path().pathParameters().get(name);
  }

  /** A parameter that may be given once; null when it is not. */
  @Nullable String text(String name) {
    List<String> values = parameters.get(name);
    if (values == null) {
      return null;
    }
    if (values.size() > 1) {
      throw bad("Query parameter '" + name + "' comes " + values.size() + " times");
    }
    return values.getFirst();
  }

  /** A parameter that may be given several times, or with commas; empty when it is not. */
  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (String value : parameters.getOrDefault(name, List.of())) {
      texts.addAll(List.of(value.split(",", -1)));
    }
    return texts;
  }

  boolean flag(String name, boolean usual) {
    String value = text(name);
    if (value == null) {
      return usual;
    }
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "" -> true;
      case "false" -> false;
      default ->
          throw bad("Query parameter '%s' must be true or false, was '%s'".formatted(name, value));
    };
  }

  int number(String name, int usual, int least, int most) {
    String value = text(name);
    if (value == null) {
      return usual;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw bad(
        "Query parameter '%s' must be between %d and %d, was '%s'"
            .formatted(name, least, most, value));
  }

  /** What curl calls a body when it is not told; a browser's form is refused by its Origin. */
  static final String UNTOLD = "application/x-www-form-urlencoded";

  /**
   * @param allowed the first is what the message asks for
   * @throws Problem when the body is of another media type
   */
  void checkMediaType(boolean mayBeMissing, String... allowed) {
    List<String> types = headers().all(HeaderNames.CONTENT_TYPE, List::of);
    String type = types.size() == 1 ? types.getFirst().split(";", 2)[0].strip() : "";
    boolean fits =
        types.isEmpty() ? mayBeMissing : List.of(allowed).contains(type.toLowerCase(Locale.ROOT));
    if (!fits || headers().contains(HeaderNames.CONTENT_ENCODING)) {
      throw new Problem(
          AdminErrorCode.ADMIN_WRONG_MEDIA_TYPE,
          "The body must be %s without a Content-Encoding, was '%s'"
              .formatted(allowed[0], String.join(", ", types)));
    }
  }

  boolean hasBody() {
    return request.content().hasEntity();
  }

  /** The body, which fails with a {@link Problem} where it becomes too large. */
  InputStream body() {
    if (!request.content().hasEntity()) {
      throw new Problem(AdminErrorCode.ADMIN_BAD_BODY, "The request has no body");
    }
    return new BoundedBody(request.content().inputStream(), route.bodyBytes());
  }

  /** The body as a record. */
  <T> T body(Class<T> type) {
    checkMediaType(true, "application/json", UNTOLD);
    try (InputStream body = body()) {
      return Json.read(body.readAllBytes(), type);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /** Answers that it is done. */
  void answer() {
    response.status(Status.NO_CONTENT_204).send();
  }

  /** Answers with JSON. */
  void answer(Status status, Object value) {
    response.status(status);
    answer("application/json", Json.write(value));
  }

  void answer(String mediaType, byte[] body) {
    response
        .header(HeaderNames.CONTENT_TYPE, mediaType)
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .send(body);
  }
}
