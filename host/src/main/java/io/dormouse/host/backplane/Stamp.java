package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Who published a message and as which of all of its messages, counted from 1: {@code dm-k3v9…-17}.
 * It stands where Node's adapter has its {@code uid}, which others only compare with their own; in
 * what we write it always comes first, so that it is read without decoding the rest.
 */
record Stamp(String hostId, long number) {
  private static final String PREFIX = "dm-";
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID_LENGTH = 12;
  private static final int LONGEST = 60;
  private static final byte[] JSON = "{\"uid\":\"".getBytes(US_ASCII);

  /** An id for a host that starts. */
  static String newHostId() {
    SecureRandom random = new SecureRandom();
    StringBuilder id = new StringBuilder(ID_LENGTH);
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return id.toString();
  }

  /** As it stands in a message. */
  String text() {
    return PREFIX + hostId + "-" + number;
  }

  /** That of a message; null when it is not of a host of ours. */
  static @Nullable Stamp of(byte[] payload) {
    int start = start(payload);
    if (start < 0) {
      return null;
    }
    int end = start;
    while (end < payload.length && end - start < LONGEST && isPart(payload[end])) {
      end++;
    }
    return parse(new String(payload, start, end - start, UTF_8));
  }

  private static boolean isPart(byte letter) {
    return letter == '-'
        || (letter >= '0' && letter <= '9')
        || (letter >= 'a' && letter <= 'z')
        || (letter >= 'A' && letter <= 'Z');
  }

  private static int start(byte[] payload) {
    if (startsWith(payload, 0, JSON)) {
      return JSON.length;
    }
    if (payload.length < 3) {
      return -1;
    }
    int head = payload[0] & 0xff;
    if (head == 0x93 || head == 0x94) { // msgpack: an array of three or four, of a broadcast
      return text(payload, 1);
    }
    boolean map = (head & 0xf0) == 0x80; // msgpack: a map of a request or a response
    return map && startsWith(payload, 1, new byte[] {(byte) 0xa3, 'u', 'i', 'd'})
        ? text(payload, 5)
        : -1;
  }

  /** Where a text of msgpack begins behind its head. */
  private static int text(byte[] payload, int at) {
    int head = at < payload.length ? payload[at] & 0xff : 0;
    return (head & 0xe0) == 0xa0 ? at + 1 : head == 0xd9 ? at + 2 : -1;
  }

  private static boolean startsWith(byte[] payload, int at, byte[] start) {
    if (payload.length - at < start.length) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      if (payload[at + i] != start[i]) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Stamp parse(String text) {
    int dash = text.lastIndexOf('-');
    if (!text.startsWith(PREFIX) || dash <= PREFIX.length()) {
      return null;
    }
    try {
      long number = Long.parseLong(text.substring(dash + 1));
      return number < 1 ? null : new Stamp(text.substring(PREFIX.length(), dash), number);
    } catch (NumberFormatException _) {
      return null;
    }
  }
}
