package io.dormouse.host.engine;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A request's body that is read as it comes and fails once it is longer than it may be. */
final class LimitedBody extends FilterInputStream {
  static final class TooLong extends IOException {
    TooLong() {
      super("the body is longer than a payload may be");
    }
  }

  private long left;

  LimitedBody(InputStream in, long limit) {
    super(in);
    left = limit;
  }

  @Override
  public int read() throws IOException {
    int next = in.read();
    count(next < 0 ? 0 : 1);
    return next;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = in.read(bytes, offset, length);
    count(read);
    return read;
  }

  private void count(int read) throws TooLong {
    left -= Math.max(read, 0);
    if (left < 0) {
      throw new TooLong();
    }
  }

  /** Does nothing: it would wait for the rest of what is too long. */
  @Override
  public void close() {}
}
