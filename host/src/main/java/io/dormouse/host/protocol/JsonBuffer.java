package io.dormouse.host.protocol;

import java.io.OutputStream;
import java.util.Arrays;

/** Bytes being written, with room kept before them for a packet's head. */
final class JsonBuffer extends OutputStream {
  private final int room;
  private byte[] bytes;
  private int end;

  JsonBuffer(int room) {
    this.room = room;
    this.bytes = new byte[room + 240];
    this.end = room;
  }

  @Override
  public void write(int value) {
    grow(1);
    bytes[end++] = (byte) value;
  }

  @Override
  public void write(byte[] source, int offset, int length) {
    grow(length);
    System.arraycopy(source, offset, bytes, end, length);
    end += length;
  }

  byte[] toBytes() {
    return Arrays.copyOfRange(bytes, room, end);
  }

  /** All bytes behind a head that is no longer than the room kept. */
  byte[] toBytes(byte[] head) {
    int start = room - head.length;
    System.arraycopy(head, 0, bytes, start, head.length);
    return Arrays.copyOfRange(bytes, start, end);
  }

  private void grow(int more) {
    if (bytes.length - end < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(end, more), 2 * bytes.length));
    }
  }
}
