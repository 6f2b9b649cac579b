package io.dormouse.host.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Answers as an admin listener does, remembers what it was asked, and runs commands against it. */
final class FakeHost implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-03-04T12:00:00Z");

  /** What a command has done. */
  record Outcome(int exitCode, String output, String errors) {}

  /** What the host has got. */
  record Request(String line, Map<String, String> headers, byte[] body) {
    String text() {
      return new String(body, UTF_8);
    }

    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
  }

  private record Reply(int status, String type, String body) {}

  @Command(name = "dormouse")
  private static final class Root {}

  final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
  final Map<String, String> environment = new HashMap<>();
  int columns;
  boolean colours;
  boolean progress;

  private final HttpServer server;
  private final Map<String, Reply> replies = new ConcurrentHashMap<>();

  FakeHost() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
    environment.put("DORMOUSE_ADMIN_URL", url());
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /**
   * @param request such as "GET /plugins"
   * @param json with single quotes in place of double ones
   */
  FakeHost on(String request, String json) {
    return on(request, 200, "application/json", json.replace('\'', '"'));
  }

  FakeHost on(String request, int status, String type, String body) {
    replies.put(request, new Reply(status, type, body));
    return this;
  }

  FakeHost refuses(String request, int status, String code, String detail) {
    return on(
        request,
        status,
        "application/problem+json",
        "{\"status\":%s,\"code\":\"%s\",\"detail\":\"%s\"}".formatted(status, code, detail));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, all) -> headers.put(name.toLowerCase(Locale.ROOT), all.getFirst()));
    requests.add(new Request(line, headers, exchange.getRequestBody().readAllBytes()));
    Reply reply = replies.getOrDefault(line, new Reply(404, "text/html", "<p>Nothing</p>"));
    byte[] body = reply.body().getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", reply.type());
    if (reply.status() == 302) {
      exchange.getResponseHeaders().add("Location", "/elsewhere");
    }
    if (reply.status() == 401) {
      exchange.getResponseHeaders().add("WWW-Authenticate", "Bearer");
    }
    exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  Request request(int index) {
    return requests.get(index);
  }

  List<String> requestLines() {
    return requests.stream().map(Request::line).toList();
  }

  Outcome run(String... arguments) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new PrintStream(output, true, UTF_8),
            new PrintStream(errors, true, UTF_8),
            columns,
            colours,
            progress,
            Clock.fixed(NOW, ZoneOffset.UTC));
    CommandLine commandLine = new CommandLine(new Root());
    ClientCommands.addTo(commandLine, new Surroundings(terminal, environment));
    commandLine.setErr(new PrintWriter(errors, true, UTF_8));
    commandLine.setOut(new PrintWriter(output, true, UTF_8));
    int exitCode = commandLine.execute(arguments);
    return new Outcome(exitCode, output.toString(UTF_8), errors.toString(UTF_8));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
