package io.dormouse.host;

import io.dormouse.host.plugin.PluginStatus;
import io.dormouse.host.plugin.WebFile;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.PathMatchers;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What browsers see beside Socket.IO: the start page, the plugins' pages, and a short 404. */
final class Pages {
  private static final Predicate<Method> READS = Method.predicate(Method.GET, Method.HEAD);
  private static final String PLUGINS = "/plugins/";

  private final Supplier<List<PluginStatus>> plugins;
  private final BiFunction<String, String, Optional<WebFile>> files;

  /**
   * @param files finds a plugin's file by plugin id and path below its {@code web/}
   */
  Pages(Supplier<List<PluginStatus>> plugins, BiFunction<String, String, Optional<WebFile>> files) {
    this.plugins = plugins;
    this.files = files;
  }

  /** Adds the routes; must come last, since all that is left is answered with 404. */
  void routes(HttpRouting.Builder routing) {
    routing
        .route(READS, PathMatchers.exact("/"), this::start)
        .route(READS, PathMatchers.prefix(PLUGINS), this::pluginFile)
        .any(Pages::notFound);
  }

  private void start(ServerRequest request, ServerResponse response) {
    // No page may load anything for it, should an id ever slip through the escaping.
    response.header(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
            + " form-action 'none'");
    text(request, response, "text/html; charset=utf-8", StartPage.render(plugins.get()));
  }

  private void pluginFile(ServerRequest request, ServerResponse response) throws IOException {
    String path = request.path().path();
    if (!path.startsWith(PLUGINS)) {
      notFound(request, response);
      return;
    }
    String rest = path.substring(PLUGINS.length());
    int slash = rest.indexOf('/');
    if (slash < 0) {
      redirectIntoFolder(rest, request, response);
      return;
    }
    Optional<WebFile> file = files.apply(rest.substring(0, slash), rest.substring(slash + 1));
    if (file.isPresent()) {
      FileAnswer.send(request, response, file.get());
    } else {
      notFound(request, response);
    }
  }

  /** Relative links of a page only work below its folder. */
  private void redirectIntoFolder(String pluginId, ServerRequest request, ServerResponse response) {
    if (files.apply(pluginId, "").isEmpty()) {
      notFound(request, response);
      return;
    }
    response
        .status(Status.PERMANENT_REDIRECT_308)
        .header(HeaderNames.LOCATION, request.path().rawPath() + "/")
        .send();
  }

  static void notFound(ServerRequest request, ServerResponse response) {
    response.status(Status.NOT_FOUND_404);
    boolean page =
        request.headers().all(HeaderNames.ACCEPT, List::of).stream()
            .anyMatch(accept -> accept.contains("text/html"));
    if (page) {
      text(
          request,
          response,
          "text/html; charset=utf-8",
          """
          <!doctype html>
          <html lang="en">
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <title>Not found</title>
          <body style="font: 1rem/1.5 system-ui, sans-serif; margin: 2rem">
          <p>There is nothing here. <a href="/">Start page</a></p>
          """);
    } else {
      text(request, response, "application/json", "{\"error\":\"Not found\"}");
    }
  }

  private static void text(
      ServerRequest request, ServerResponse response, String type, String text) {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    response
        .header(HeaderNames.CONTENT_TYPE, type)
        .header(HeaderNames.CACHE_CONTROL, "no-cache")
        .header("X-Content-Type-Options", "nosniff");
    if (request.prologue().method().equals(Method.HEAD)) {
      response.header(HeaderNames.CONTENT_LENGTH, Integer.toString(content.length)).send();
    } else {
      response.send(content);
    }
  }
}
