package io.dormouse.dist;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An HTTP/1.1 response as it came. Header names in lower case. */
record HttpAnswer(int status, Map<String, String> headers, byte[] body) {
  static HttpAnswer read(InputStream in) throws IOException {
    String start = line(in);
    if (!start.startsWith("HTTP/1.1 ")) {
      throw new IOException("No status line: '" + start + "'");
    }
    int status = Integer.parseInt(start.substring(9, 12));
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    if (status == 100) {
      return read(in);
    }
    return new HttpAnswer(status, headers, body(in, status, headers));
  }

  private static byte[] body(InputStream in, int status, Map<String, String> headers)
      throws IOException {
    if (status == 101 || status == 204 || status == 304) {
      return new byte[0];
    }
    if ("chunked".equals(headers.get("transfer-encoding"))) {
      java.io.ByteArrayOutputStream body = new java.io.ByteArrayOutputStream();
      int size;
      do {
        size = Integer.parseInt(line(in), 16);
        body.write(exactly(in, size));
        line(in);
      } while (size > 0);
      return body.toByteArray();
    }
    String length = headers.get("content-length");
    return length == null ? in.readAllBytes() : exactly(in, Integer.parseInt(length));
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("The body ends after " + bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int next = in.read();
      if (next == -1) {
        throw new EOFException("The connection ends after '" + line + "'");
      }
      if (next == '\n') {
        return line.toString();
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
  }

  @Nullable String header(String name) {
    return headers.get(name);
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
