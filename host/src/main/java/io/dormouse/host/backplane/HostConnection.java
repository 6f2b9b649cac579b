package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.dormouse.host.engine.SessionRouter.Pipe;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.net.ExtendedSocketOptions;

/**
 * A connection to another host's internal listener, for one HTTP/1.1 request after the other or for
 * a WebSocket. A machine that vanishes is found out by the kernel within half a minute.
 */
final class HostConnection implements Pipe {
  private static final int MOST_HEAD_BYTES = 8192;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})( .*)?");

  /**
   * The beginning of an answer.
   *
   * @param headers by names in lower case
   */
  record Head(int status, Map<String, String> headers) {}

  private final SocketChannel channel;
  private final InputStream in;
  private final OutputStream out;
  private long idleSince;

  private HostConnection(SocketChannel channel) throws IOException {
    this.channel = channel;
    in = new BufferedInputStream(channel.socket().getInputStream());
    out = channel.socket().getOutputStream();
  }

  /**
   * @param patience how long each read may wait; not for long waits of a {@link Pipe}
   */
  static HostConnection open(InetSocketAddress address, Duration timeout, Duration patience)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      set(channel, ExtendedSocketOptions.TCP_KEEPIDLE, 10);
      set(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, 5);
      set(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, 3);
      channel.socket().connect(address, (int) timeout.toMillis());
      channel.socket().setSoTimeout((int) patience.toMillis());
      return new HostConnection(channel);
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
  }

  private static void set(SocketChannel channel, SocketOption<Integer> option, int value)
      throws IOException {
    if (channel.supportedOptions().contains(option)) {
      channel.setOption(option, value);
    }
  }

  @Override
  public InputStream in() {
    return in;
  }

  @Override
  public OutputStream out() {
    return out;
  }

  /** What is read from now on may take any time. */
  void waitForever() throws IOException {
    channel.socket().setSoTimeout(0);
  }

  void rests(long now) {
    idleSince = now;
  }

  long idleSince() {
    return idleSince;
  }

  /** Whether the other side has neither ended it nor said anything while it rested. */
  boolean isUsable() {
    try {
      if (in.available() > 0) {
        return false;
      }
      channel.configureBlocking(false);
      int read = channel.read(ByteBuffer.allocate(1));
      channel.configureBlocking(true);
      return read == 0;
    } catch (IOException broken) {
      return false;
    }
  }

  /** Reads up to the empty line. */
  Head readHead() throws IOException {
    int[] left = {MOST_HEAD_BYTES};
    Matcher first = STATUS.matcher(line(left));
    if (!first.matches()) {
      throw new IOException("the answer is not of HTTP/1.1");
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = line(left); !line.isEmpty(); line = line(left)) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new IOException("a header of the answer has no colon");
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Head(Integer.parseInt(first.group(1)), headers);
  }

  private String line(int[] left) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the answer ends in its head");
      }
      if (left[0]-- == 0) {
        throw new IOException("the head of the answer is too long");
      }
      if (next == '\n') {
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r'
            ? line.substring(0, length - 1)
            : line.toString();
      }
      line.append((char) next);
    }
  }

  void write(String head) throws IOException {
    out.write(head.getBytes(US_ASCII));
  }

  @Override
  public void endOutput() {
    try {
      channel.shutdownOutput();
    } catch (IOException alreadyEnded) {
      close();
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException closedAllTheSame) {
      return;
    }
  }

  @Override
  public void reset() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException alreadyClosed) {
      // Then there is nothing to reset.
    }
    close();
  }
}
