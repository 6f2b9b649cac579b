package io.dormouse.host.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one host's admin listener. Each method throws {@link CommandFailed} unless the host
 * answers with a 2xx. On {@link HttpURLConnection}, since loading {@code java.net.http} takes half
 * a second.
 */
final class AdminClient {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** How long a question may take; a change may take as long as the host gives it. */
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";

  static {
    // Otherwise the JDK sends a POST again when the connection breaks, and an event goes out twice.
    System.setProperty("sun.net.http.retryPost", "false");
  }

  /** What is sent as it is read. */
  interface Body {
    long length();

    String contentType();

    /** As RFC 9530 writes it. */
    String digest();

    void writeTo(OutputStream stream) throws IOException;
  }

  private final URI base;
  private final @Nullable String token;

  /**
   * @param token null for none
   */
  AdminClient(URI base, @Nullable String token) {
    this.base = base;
    this.token = token;
  }

  /** A segment of a path or a value of a query, with what has a meaning there escaped. */
  static String escaped(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  Answer get(String path) {
    return ask(path, "GET", ANSWER, _ -> {});
  }

  Answer delete(String path) {
    return ask(path, "DELETE", Duration.ZERO, _ -> {});
  }

  Answer post(String path) {
    return ask(path, "POST", Duration.ZERO, _ -> {});
  }

  Answer post(String path, String json) {
    return ask(path, "POST", Duration.ZERO, connection -> send(connection, json));
  }

  Answer put(String path, Body body) {
    return ask(path, "PUT", Duration.ZERO, connection -> send(connection, body));
  }

  /** Hands on what the host sends until it ends the stream or the listener has enough. */
  void stream(String path, ServerSentEvents.Listener listener) {
    HttpURLConnection connection = open(path, "GET", "text/event-stream", Duration.ZERO);
    try {
      check(connection);
      try (InputStream stream = connection.getInputStream()) {
        ServerSentEvents.read(stream, listener);
      }
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private interface Sending {
    void to(HttpURLConnection connection) throws IOException;
  }

  private Answer ask(String path, String method, Duration timeout, Sending sending) {
    HttpURLConnection connection = open(path, method, JSON, timeout);
    try {
      sending.to(connection);
      check(connection);
      String text = text(connection.getInputStream());
      return new Answer(
          connection.getResponseCode(), text, text.isBlank() ? new Json(null) : json(text));
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private HttpURLConnection open(String path, String method, String accept, Duration timeout) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(base + path).toURL().openConnection();
      connection.setRequestMethod(method);
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setConnectTimeout((int) CONNECT.toMillis());
      connection.setReadTimeout((int) timeout.toMillis());
      connection.setRequestProperty("Accept", accept + ", " + PROBLEM);
      connection.setRequestProperty("User-Agent", "dormouse");
      if (token != null) {
        connection.setRequestProperty("Authorization", "Bearer " + token);
      }
      return connection;
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private static void send(HttpURLConnection connection, String json) throws IOException {
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", JSON);
    try (OutputStream stream = connection.getOutputStream()) {
      stream.write(json.getBytes(UTF_8));
    }
  }

  private static void send(HttpURLConnection connection, Body body) throws IOException {
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(body.length());
    connection.setRequestProperty("Content-Type", body.contentType());
    connection.setRequestProperty("Content-Digest", body.digest());
    // Whoever refuses it need not read all of it first, and its answer is not lost.
    connection.setRequestProperty("Expect", "100-continue");
    OutputStream stream;
    try {
      stream = connection.getOutputStream();
    } catch (ProtocolException answeredAlready) {
      return;
    }
    try (stream) {
      body.writeTo(stream);
    }
  }

  /** Returns when the host said yes. */
  private void check(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    if (status / 100 == 2) {
      return;
    }
    InputStream stream = connection.getErrorStream();
    Json problem = problem(stream == null ? "" : text(stream));
    String code = problem.text("code");
    String detail = problem.text("detail");
    if (status == HttpURLConnection.HTTP_UNAUTHORIZED
        || status == HttpURLConnection.HTTP_FORBIDDEN) {
      throw new CommandFailed(
          CliErrorCode.NOT_ALLOWED,
          "%s does not allow this%s; the token comes from %s or --token-file"
              .formatted(base, detail.isEmpty() ? "" : ": " + detail, HostOptions.TOKEN_VARIABLE));
    }
    if (detail.isEmpty() && isProblem(connection)) {
      throw CommandFailed.refused(withoutDetail(status), CliErrorCode.REFUSED.name(), status);
    }
    if (detail.isEmpty()) {
      throw new CommandFailed(
          CliErrorCode.HOST_UNREACHABLE,
          "%s answers with %s, not as the admin listener of a host does; set %s or --url to that one"
              .formatted(base, status, HostOptions.URL_VARIABLE));
    }
    throw CommandFailed.refused(
        detail.replaceFirst(" *\\[[A-Z_]+]$", ""),
        code.isEmpty() ? CliErrorCode.REFUSED.name() : code,
        status);
  }

  private static boolean isProblem(HttpURLConnection connection) {
    String type = connection.getContentType();
    return type != null && type.startsWith(PROBLEM);
  }

  /** The JDK hides the body of an answer that comes before what was to be sent. */
  private static String withoutDetail(int status) {
    return status == HttpURLConnection.HTTP_ENTITY_TOO_LARGE
        ? "The file is larger than the host takes (its dormouse.plugins.max-jar-size)"
        : "The host refuses the file before it has read it, with status " + status;
  }

  private static Json problem(String text) {
    try {
      return Json.read(text);
    } catch (IOException _) {
      return new Json(null);
    }
  }

  private Json json(String text) {
    try {
      return Json.read(text);
    } catch (IOException e) {
      throw new CommandFailed(
          CliErrorCode.HOST_UNREACHABLE,
          "%s does not answer in JSON, so it is no admin listener of a host; set %s or --url to that one"
              .formatted(base, HostOptions.URL_VARIABLE));
    }
  }

  private static String text(InputStream stream) throws IOException {
    try (stream) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }

  private CommandFailed unreachable(IOException e) {
    return new CommandFailed(
        CliErrorCode.HOST_UNREACHABLE,
        "No host answers at %s: %s; start one, or set %s or --url to where it is"
            .formatted(base, Reason.of(e), HostOptions.URL_VARIABLE));
  }
}
