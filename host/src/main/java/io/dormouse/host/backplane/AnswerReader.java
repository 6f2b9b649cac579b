package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What another host says on a connection: heads of HTTP/1.1, and what comes between them as it is.
 */
final class AnswerReader extends InputStream {
  private static final int MOST_HEAD_BYTES = 8192;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})( .*)?");

  /**
   * The beginning of an answer.
   *
   * @param headers by names in lower case
   */
  record Head(int status, Map<String, String> headers) {}

  private final InputStream in;
  private final byte[] buffer = new byte[MOST_HEAD_BYTES];
  private int start;
  private int end;

  AnswerReader(InputStream in) {
    this.in = in;
  }

  /** Whether nothing has been received that was not read. */
  boolean isEmpty() {
    return start == end;
  }

  /** Reads up to the empty line. */
  Head head() throws IOException {
    Matcher first = STATUS.matcher(line());
    if (!first.matches()) {
      throw new IOException("the answer is not of HTTP/1.1");
    }
    int left = MOST_HEAD_BYTES;
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new IOException("a header of the answer has no colon");
      }
      left -= line.length();
      if (left < 0) {
        throw new IOException("the head of the answer is too long");
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Head(Integer.parseInt(first.group(1)), headers);
  }

  private String line() throws IOException {
    for (int seen = start; ; seen++) {
      if (seen == end) {
        seen -= start;
        moveToFront();
        fill();
      }
      if (buffer[seen] == '\n') {
        int length = seen - start;
        String line = new String(buffer, start, length, ISO_8859_1);
        start = seen + 1;
        return line.endsWith("\r") ? line.substring(0, length - 1) : line;
      }
    }
  }

  private void moveToFront() {
    System.arraycopy(buffer, start, buffer, 0, end - start);
    end -= start;
    start = 0;
  }

  private void fill() throws IOException {
    if (end == buffer.length) {
      throw new IOException("the head of the answer is too long");
    }
    int read = in.read(buffer, end, buffer.length - end);
    if (read < 0) {
      throw new EOFException("the answer ends in its head");
    }
    end += read;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (isEmpty()) {
      return in.read(bytes, offset, length);
    }
    int read = Math.min(length, end - start);
    System.arraycopy(buffer, start, bytes, offset, read);
    start += read;
    return read;
  }
}
