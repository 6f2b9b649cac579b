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

  boolean append(byte[] source) {
    return append(source, 0, source.length);
  }

  boolean append(byte[] source, int offset, int length) {
    write(source, offset, length);
    return true;
  }

  /** Writes text as a string, or nothing when some character needs more than itself. */
  boolean appendQuoted(String text) {
    int length = text.length();
    grow(length + 2);
    int to = end;
    bytes[to++] = '"';
    for (int i = 0; i < length; i++) {
      char character = text.charAt(i);
      if (character < ' ' || character > '~' || character == '"' || character == '\\') {
        return false;
      }
      bytes[to++] = (byte) character;
    }
    bytes[to++] = '"';
    end = to;
    return true;
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
