package io.dormouse.host;

import io.dormouse.host.plugin.WebFile;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** Answers GET and HEAD with a file, or with 304 when the browser has it already. */
final class FileAnswer {
  private FileAnswer() {}

  static void send(ServerRequest request, ServerResponse response, WebFile file)
      throws IOException {
    // Browsers may keep it, and ask each time whether it is still the same.
    response
        .header(HeaderNames.CACHE_CONTROL, "public, max-age=0")
        .header(HeaderNames.ETAG, file.etag())
        .header("X-Content-Type-Options", "nosniff");
    if (hasAlready(request.headers(), file.etag())) {
      response.status(Status.NOT_MODIFIED_304).send();
      return;
    }
    response.header(HeaderNames.CONTENT_TYPE, file.contentType());
    response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, file.length()));
    if (request.prologue().method().equals(Method.HEAD)) {
      response.send();
      return;
    }
    try (InputStream in = file.source().open();
        OutputStream out = response.outputStream()) {
      in.transferTo(out);
    }
  }

  /** Compares weakly, as RFC 9110 section 13.1.2 asks for. */
  private static boolean hasAlready(ServerRequestHeaders headers, String etag) {
    for (String line : headers.all(HeaderNames.IF_NONE_MATCH, List::of)) {
      for (String tag : line.split(",", -1)) {
        String candidate = tag.strip();
        if (candidate.equals("*") || opaque(candidate).equals(opaque(etag))) {
          return true;
        }
      }
    }
    return false;
  }

  private static String opaque(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }
}
