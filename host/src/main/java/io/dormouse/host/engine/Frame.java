package io.dormouse.host.engine;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * One Engine.IO packet as the bytes of an unmasked WebSocket frame (RFC 6455, section 5.2), made
 * once and shared by all sessions that it goes to. The polling transport reads the packet out of
 * it.
 */
final class Frame {
  static final byte SEPARATOR = 0x1e;
  private static final int FIN_TEXT = 0x81;
  private static final int FIN_BINARY = 0x82;
  private static final int FIN_CLOSE = 0x88;
  private static final int FIN_PONG = 0x8a;

  static final Frame PING = packet("2");
  static final Frame PROBE_PONG = packet("3probe");
  static final Frame NOOP = packet("6");
  static final Frame CLOSE = packet("1");

  private final byte[] bytes;
  private final int header;

  private Frame(byte[] bytes, int header) {
    this.bytes = bytes;
    this.header = header;
  }

  /** A packet given whole, its type digit first. */
  static Frame packet(String packet) {
    byte[] payload = packet.getBytes(StandardCharsets.UTF_8);
    Frame frame = of(FIN_TEXT, payload.length);
    System.arraycopy(payload, 0, frame.bytes, frame.header, payload.length);
    return frame;
  }

  /** A message packet of UTF-8 text. */
  static Frame text(byte[] text) {
    Frame frame = of(FIN_TEXT, text.length + 1);
    frame.bytes[frame.header] = '4';
    System.arraycopy(text, 0, frame.bytes, frame.header + 1, text.length);
    return frame;
  }

  /** A message packet of binary. */
  static Frame binary(byte[] binary) {
    Frame frame = of(FIN_BINARY, binary.length);
    System.arraycopy(binary, 0, frame.bytes, frame.header, binary.length);
    return frame;
  }

  /** A WebSocket close frame with a code, or without one when it is 0. */
  static Frame close(int code) {
    Frame frame = of(FIN_CLOSE, code == 0 ? 0 : 2);
    if (code != 0) {
      frame.bytes[2] = (byte) (code >> 8);
      frame.bytes[3] = (byte) code;
    }
    return frame;
  }

  /** A WebSocket pong frame. */
  static Frame pong(byte[] payload) {
    Frame frame = of(FIN_PONG, payload.length);
    System.arraycopy(payload, 0, frame.bytes, frame.header, payload.length);
    return frame;
  }

  private static Frame of(int first, int length) {
    int header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
    byte[] bytes = new byte[header + length];
    bytes[0] = (byte) first;
    switch (header) {
      case 2 -> bytes[1] = (byte) length;
      case 4 -> {
        bytes[1] = 126;
        bytes[2] = (byte) (length >> 8);
        bytes[3] = (byte) length;
      }
      default -> {
        bytes[1] = 127;
        for (int i = 0; i < 4; i++) {
          bytes[6 + i] = (byte) (length >> (24 - 8 * i));
        }
      }
    }
    return new Frame(bytes, header);
  }

  /** The frame as a WebSocket sends it. Not to be changed. */
  byte[] bytes() {
    return bytes;
  }

  int size() {
    return bytes.length;
  }

  private boolean isBinary() {
    return bytes[0] == (byte) FIN_BINARY;
  }

  /** How long the packet is in a polling payload, without separator. */
  int pollingSize() {
    int length = bytes.length - header;
    return isBinary() ? 1 + (length + 2) / 3 * 4 : length;
  }

  /** Writes the packet into a polling payload and returns the offset behind it. */
  int writePolling(byte[] target, int offset) {
    int length = bytes.length - header;
    if (isBinary()) {
      target[offset] = 'b';
      byte[] base64 =
          Base64.getEncoder().encode(java.util.Arrays.copyOfRange(bytes, header, bytes.length));
      System.arraycopy(base64, 0, target, offset + 1, base64.length);
      return offset + 1 + base64.length;
    }
    System.arraycopy(bytes, header, target, offset, length);
    return offset + length;
  }
}
