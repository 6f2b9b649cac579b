package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.dormouse.host.engine.SessionRouter.OwnerUnreachable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;

/** A request to another host, written as its body comes. */
final class OwnerRequest {
  private static final int BUFFER_BYTES = 16 * 1024;

  private final StringBuilder head = new StringBuilder();

  OwnerRequest(String method, String target, String host, String pass) {
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    header("Host", host);
    header(ForwardPass.HEADER, pass);
  }

  OwnerRequest header(String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
    return this;
  }

  void writeTo(HostConnection connection) throws OwnerUnreachable {
    try {
      connection.write(head.append("\r\n").toString());
    } catch (IOException broken) {
      throw broken(broken);
    }
  }

  /**
   * With a body.
   *
   * @param length -1 when it is not known
   * @throws IOException when the body cannot be read
   */
  void writeTo(HostConnection connection, InputStream body, long length)
      throws OwnerUnreachable, IOException {
    if (length >= 0) {
      header("Content-Length", Long.toString(length));
    } else {
      header("Transfer-Encoding", "chunked");
    }
    writeTo(connection);
    byte[] buffer = new byte[(int) (length < 0 ? BUFFER_BYTES : Math.min(length, BUFFER_BYTES))];
    long left = length < 0 ? Long.MAX_VALUE : length;
    while (left > 0) {
      int read = body.read(buffer);
      if (read < 0) {
        break;
      }
      left -= read;
      write(connection.out(), buffer, read, length < 0);
    }
    if (length < 0) {
      write(connection.out(), buffer, 0, true);
    }
  }

  private static void write(OutputStream out, byte[] bytes, int length, boolean chunked)
      throws OwnerUnreachable {
    try {
      if (chunked) {
        out.write(
            (Integer.toHexString(length).toUpperCase(Locale.ROOT) + "\r\n").getBytes(US_ASCII));
      }
      out.write(bytes, 0, length);
      if (chunked) {
        out.write(new byte[] {'\r', '\n'});
      }
    } catch (IOException broken) {
      throw broken(broken);
    }
  }

  private static OwnerUnreachable broken(IOException broken) {
    return new OwnerUnreachable("it takes nothing more: " + broken.getMessage());
  }
}
