package io.dormouse.host.backplane;

import io.dormouse.host.engine.SessionRouter.Pipe;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/**
 * A connection to another host's internal listener, for one HTTP/1.1 request after the other or for
 * a WebSocket. A machine that vanishes is found out by the kernel within half a minute.
 */
final class HostConnection implements Pipe {
  /** A connection on which something has just gone well is not asked whether it still stands. */
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final SocketChannel channel;
  private final AnswerReader in;
  private final OutputStream out;
  private long restsSince;

  /** Since when a read or a write blocks, in nanoseconds; 0 while none does. */
  private volatile long blocksSince;

  private volatile boolean mayBlock;

  private HostConnection(SocketChannel channel) throws IOException {
    this.channel = channel;
    in = new AnswerReader(new Received(channel.socket().getInputStream()));
    out = new Sent(channel.socket().getOutputStream());
  }

  static HostConnection open(InetSocketAddress address, Duration timeout) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      set(channel, ExtendedSocketOptions.TCP_KEEPIDLE, 10);
      set(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, 5);
      set(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, 3);
      channel.socket().connect(address, (int) timeout.toMillis());
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
  public AnswerReader in() {
    return in;
  }

  @Override
  public OutputStream out() {
    return out;
  }

  /** What is read and written from now on may take any time; {@link #tick} does nothing more. */
  void waitForever() {
    mayBlock = true;
  }

  /**
   * Closes it when a read or a write has blocked for too long. A deadline of each read would cost a
   * timer each.
   *
   * @return whether it is to be called again
   */
  boolean tick(long now, long patienceNanos) {
    long since = blocksSince;
    if (since != 0 && now - since > patienceNanos && !mayBlock) {
      close();
    }
    return channel.isOpen() && !mayBlock;
  }

  void rests(long now) {
    restsSince = now;
  }

  long restsSince() {
    return restsSince;
  }

  /** Whether the other side has neither ended it nor said anything while it rested. */
  boolean isUsable(long now) {
    if (!in.isEmpty()) {
      return false;
    }
    if (now - restsSince < FRESH_NANOS) {
      return channel.isOpen();
    }
    try {
      channel.configureBlocking(false);
      int read = channel.read(ByteBuffer.allocate(1));
      channel.configureBlocking(true);
      return read == 0;
    } catch (IOException broken) {
      return false;
    }
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

  private final class Received extends FilterInputStream {
    Received(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      blocksSince = System.nanoTime() | 1;
      try {
        return in.read(bytes, offset, length);
      } finally {
        blocksSince = 0;
      }
    }
  }

  private final class Sent extends FilterOutputStream {
    Sent(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      blocksSince = System.nanoTime() | 1;
      try {
        out.write(bytes, offset, length);
      } finally {
        blocksSince = 0;
      }
    }
  }
}
