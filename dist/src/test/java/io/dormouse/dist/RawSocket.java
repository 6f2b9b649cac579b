package io.dormouse.dist;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A plain TCP connection to a host, for what a polite client never sends. */
final class RawSocket implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 10_000;

  private final Socket socket = new Socket();
  private final InputStream in;

  RawSocket(int port) throws IOException {
    this(port, "127.0.0.1", 0);
  }

  /**
   * @param from the address to come from
   * @param receiveBuffer bytes that wait in the kernel when nobody reads; 0 for the usual
   */
  RawSocket(int port, String from, int receiveBuffer) throws IOException {
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
    in = new java.io.BufferedInputStream(socket.getInputStream());
  }

  InputStream in() {
    return in;
  }

  RawSocket write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Writes text, line ends as they are. */
  RawSocket write(String text) throws IOException {
    return write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a request without a body. */
  RawSocket request(String method, String target, String... headers) throws IOException {
    StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    if (Arrays.stream(headers).noneMatch(header -> header.startsWith("Host:"))) {
      text.append("Host: 127.0.0.1:").append(socket.getPort()).append("\r\n");
    }
    Arrays.stream(headers).forEach(header -> text.append(header).append("\r\n"));
    return write(text.append("\r\n").toString());
  }

  /** Sends a POST with a body. */
  RawSocket post(String target, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    request("POST", target, "Content-Length: " + bytes.length);
    return write(bytes);
  }

  HttpAnswer answer() throws IOException {
    return HttpAnswer.read(in);
  }

  /** Reads until the host ends the connection, in whichever way, and returns what came before. */
  byte[] rest() throws IOException {
    java.io.ByteArrayOutputStream rest = new java.io.ByteArrayOutputStream();
    try {
      for (int next = in.read(); next != -1; next = in.read()) {
        rest.write(next);
      }
    } catch (SocketException reset) {
      // An end as well.
    }
    return rest.toByteArray();
  }

  /** Sends FIN and goes on reading. */
  void finish() throws IOException {
    socket.shutdownOutput();
  }

  /** Sends RST. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
