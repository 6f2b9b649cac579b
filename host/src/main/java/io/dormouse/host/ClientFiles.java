package io.dormouse.host;

import io.dormouse.host.plugin.WebFile;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.PathMatchers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;

/**
 * The browser client, beside the Engine.IO endpoint as users of Socket.IO expect it: {@code
 * /socket.io/socket.io.js} and its variants. Read from the class path when first asked for.
 */
final class ClientFiles {
  private static final List<String> NAMES =
      List.of(
          "socket.io.js",
          "socket.io.min.js",
          "socket.io.esm.min.js",
          "socket.io.msgpack.min.js",
          "socket.io.js.map",
          "socket.io.min.js.map",
          "socket.io.esm.min.js.map",
          "socket.io.msgpack.min.js.map");

  private record Variants(WebFile plain, WebFile compressed) {}

  private final Map<String, Variants> files = new ConcurrentHashMap<>();

  /**
   * Adds a route for each file; must come before Engine.IO's own routes.
   *
   * @param enginePath with or without the last slash
   */
  void routes(HttpRouting.Builder routing, String enginePath) {
    String folder = enginePath.endsWith("/") ? enginePath : enginePath + "/";
    for (String name : NAMES) {
      routing.route(
          Method.predicate(Method.GET, Method.HEAD),
          PathMatchers.exact(folder + name),
          (request, response) -> send(name, request, response));
    }
  }

  private void send(String name, ServerRequest request, ServerResponse response)
      throws IOException {
    Variants variants = files.computeIfAbsent(name, ClientFiles::read);
    response
        .header(HeaderNames.VARY, "Accept-Encoding")
        // A script of type=module is only loaded from another origin when that allows it.
        .header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    if (acceptsGzip(request)) {
      response.header(HeaderNames.CONTENT_ENCODING, "gzip");
      FileAnswer.send(request, response, variants.compressed());
    } else {
      FileAnswer.send(request, response, variants.plain());
    }
  }

  private static boolean acceptsGzip(ServerRequest request) {
    return request.headers().all(HeaderNames.ACCEPT_ENCODING, List::of).stream()
        .flatMap(line -> List.of(line.split(",", -1)).stream())
        .map(coding -> coding.replace(" ", ""))
        .anyMatch(coding -> coding.equals("gzip") || coding.matches("gzip;q=(1.*|0?\\.0*[1-9].*)"));
  }

  private static Variants read(String name) {
    try (InputStream in = ClientFiles.class.getResourceAsStream("client/" + name)) {
      if (in == null) {
        throw new IllegalStateException(
            "The browser client '" + name + "' is not in the host's JAR");
      }
      byte[] plain = in.readAllBytes();
      ByteArrayOutputStream compressed = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
        gzip.write(plain);
      }
      // One tag for both, and so a weak one.
      String etag = "W/\"" + digest(plain) + '"';
      return new Variants(file(name, plain, etag), file(name, compressed.toByteArray(), etag));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static WebFile file(String name, byte[] content, String etag) {
    String type = name.endsWith(".map") ? "application/json" : "application/javascript";
    return new WebFile(
        type + "; charset=utf-8", content.length, etag, () -> new ByteArrayInputStream(content));
  }

  private static String digest(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(digest, 0, 10);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
