package io.dormouse.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A TCP connection that sends what no polite client would, and shows what comes back. */
final class RawClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Socket socket;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
  }

  RawClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** All that comes until the server closes. */
  String readToEnd() throws IOException {
    while (read(PATIENCE)) {}
    return text();
  }

  /** All that has come when {@code end} is there. */
  String readUntil(String end) throws IOException {
    while (!text().contains(end)) {
      if (!read(PATIENCE)) {
        throw new AssertionError("The server closed after: " + text());
      }
    }
    return text();
  }

  /** Whether the connection is still open after {@code time}; reads what comes meanwhile. */
  boolean staysOpen(Duration time) throws IOException {
    try {
      return read(time);
    } catch (AssertionError nothingCame) {
      return true;
    }
  }

  /** Ends the connection with RST. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  private boolean read(Duration patience) throws IOException {
    socket.setSoTimeout((int) patience.toMillis());
    byte[] buffer = new byte[4096];
    try {
      int count = socket.getInputStream().read(buffer);
      if (count < 0) {
        return false;
      }
      received.write(buffer, 0, count);
      return true;
    } catch (SocketTimeoutException e) {
      throw new AssertionError("Nothing more for " + patience + " after: " + text(), e);
    }
  }

  private String text() {
    return received.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
