package io.dormouse.host.admin;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body that fails with a {@link Problem} as soon as it is larger than allowed. */
final class BoundedBody extends FilterInputStream {
  private final long limit;
  private long count;

  BoundedBody(InputStream in, long limit) {
    super(in);
    this.limit = limit;
  }

  @Override
  public int read() throws IOException {
    int value = in.read();
    count(value < 0 ? 0 : 1);
    return value;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = in.read(buffer, offset, length);
    count(Math.max(read, 0));
    return read;
  }

  private void count(int read) {
    count += read;
    if (count > limit) {
      throw Call.tooLarge(limit);
    }
  }
}
