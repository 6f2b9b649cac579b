package io.dormouse.host.protocol;

import static io.dormouse.host.protocol.ProtocolErrorCode.PROTOCOL_JSON;
import static io.dormouse.host.protocol.ProtocolErrorCode.PROTOCOL_LIMIT;
import static io.dormouse.host.protocol.ProtocolErrorCode.PROTOCOL_UTF8;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Walks over JSON (RFC 8259) and checks every byte of it, within limits. Makes no objects and
 * shares nothing with other connections: a parser's table of known keys would be shared by all of
 * them.
 */
abstract class JsonScanner {
  private static final byte[] PLACEHOLDER = "_placeholder".getBytes(US_ASCII);
  private static final byte[] NUM = "num".getBytes(US_ASCII);
  private static final int MAX_NUM_DIGITS = 9;

  final byte[] bytes;
  private final int start;
  private final int end;
  private final DecoderLimits limits;

  /** The next byte to look at. */
  int at;

  private int nesting;
  private boolean escaped;

  JsonScanner(byte[] bytes, int start, int end, DecoderLimits limits) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.limits = limits;
    this.at = start;
  }

  /**
   * Called behind each object that calls itself a placeholder.
   *
   * @param fields how many it has
   * @param number what its {@code num} says, -1 when that is no whole number or absent
   */
  abstract void placeholder(int objectStart, int fields, int number);

  /** Goes over the value that begins here. */
  final void value() {
    switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      default -> number();
    }
  }

  private void object() {
    int objectStart = at;
    int fields = 0;
    boolean placeholder = false;
    int number = -1;
    open();
    if (!skip('}')) {
      do {
        space();
        int key = at + 1;
        key();
        boolean keyEscaped = escaped;
        int keyEnd = at - 1;
        expectColon();
        int value = at;
        value();
        fields++;
        if (bytes[value] == 't' && isText(key, keyEnd, keyEscaped, PLACEHOLDER)) {
          placeholder = true;
        } else if (isText(key, keyEnd, keyEscaped, NUM)) {
          number = wholeNumber(value, at);
        }
        space();
      } while (skip(','));
      expect('}');
    }
    nesting--;
    if (placeholder) {
      placeholder(objectStart, fields, number);
    }
  }

  final void key() {
    int keyStart = at;
    string();
    limit(at - keyStart - 2, limits.maxKeyLength(), "a key's length");
  }

  /** Steps over a colon, and the space around it. */
  final void expectColon() {
    space();
    expect(':');
    space();
  }

  private boolean isText(int from, int to, boolean withEscapes, byte[] text) {
    return withEscapes
        ? text(from, to, true).equals(new String(text, US_ASCII))
        : Arrays.equals(bytes, from, to, text, 0, text.length);
  }

  private int wholeNumber(int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      if (bytes[i] < '0' || bytes[i] > '9' || i - from == MAX_NUM_DIGITS) {
        return -1;
      }
      number = 10 * number + bytes[i] - '0';
    }
    return number;
  }

  private void array() {
    open();
    if (!skip(']')) {
      do {
        space();
        value();
        space();
      } while (skip(','));
      expect(']');
    }
    nesting--;
  }

  /** Steps over a bracket, and the space behind it. */
  final void open() {
    nesting++;
    limit(nesting, limits.maxNesting(), "nesting");
    at++;
    space();
  }

  final void string() {
    expect('"');
    escaped = false;
    while (at < end) {
      byte character = bytes[at++];
      if (character == '"') {
        return;
      }
      if (character < 0) {
        rest(character & 0xff);
      } else if (character == '\\') {
        escape();
      } else if (character < ' ') {
        at--;
        throw broken();
      }
    }
    throw broken();
  }

  private void escape() {
    escaped = true;
    switch (peek()) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at++;
      case 'u' -> {
        at++;
        for (int i = 0; i < 4; i++) {
          if (Character.digit(peek(), 16) < 0) {
            throw broken();
          }
          at++;
        }
      }
      default -> throw broken();
    }
  }

  /** The bytes of a character behind its first one (RFC 3629, section 4). */
  private void rest(int first) {
    int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    int count = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    boolean valid = first >= 0xC2 && first <= 0xF4 && end - at >= count;
    for (int i = 0; valid && i < count; i++) {
      int next = bytes[at++] & 0xff;
      valid = next >= low && next <= high;
      low = 0x80;
      high = 0xBF;
    }
    if (!valid) {
      throw new MalformedPacket(
          PROTOCOL_UTF8, "The packet's data is no UTF-8 at byte " + (at - start));
    }
  }

  private void number() {
    int numberStart = at;
    skip('-');
    if (!skip('0')) {
      digits();
    }
    if (skip('.')) {
      digits();
    }
    if (skip('e') || skip('E')) {
      if (!skip('+')) {
        skip('-');
      }
      digits();
    }
    limit(at - numberStart, limits.maxNumberLength(), "a number's length");
  }

  private void digits() {
    int digitsStart = at;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    if (at == digitsStart) {
      throw broken();
    }
  }

  private void literal(String name) {
    for (int i = 0; i < name.length(); i++) {
      expect(name.charAt(i));
    }
  }

  final void space() {
    while (at < end) {
      switch (bytes[at]) {
        case ' ', '\n', '\r', '\t' -> at++;
        default -> {
          return;
        }
      }
    }
  }

  final boolean skip(char character) {
    if (at < end && bytes[at] == character) {
      at++;
      return true;
    }
    return false;
  }

  final void expect(char character) {
    if (!skip(character)) {
      throw broken();
    }
  }

  /** The byte here, 0 at the end. */
  final byte peek() {
    return at < end ? bytes[at] : 0;
  }

  final boolean atEnd() {
    return at == end;
  }

  /** How far from the beginning this is, for messages. */
  final int position() {
    return at - start;
  }

  /** The text of a string that was gone over. */
  final String text(int from, int to, boolean withEscapes) {
    String raw = new String(bytes, from, to - from, UTF_8);
    return withEscapes ? unescaped(raw) : raw;
  }

  final boolean escaped() {
    return escaped;
  }

  private static String unescaped(String raw) {
    StringBuilder text = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char character = raw.charAt(i);
      if (character == '\\') {
        character = raw.charAt(++i);
        switch (character) {
          case 'b' -> character = '\b';
          case 'f' -> character = '\f';
          case 'n' -> character = '\n';
          case 'r' -> character = '\r';
          case 't' -> character = '\t';
          case 'u' -> {
            character = (char) Integer.parseInt(raw, i + 1, i + 5, 16);
            i += 4;
          }
          default -> {}
        }
      }
      text.append(character);
    }
    return text.toString();
  }

  private static void limit(int seen, int most, String what) {
    if (seen > most) {
      throw new MalformedPacket(
          PROTOCOL_LIMIT, "The packet's data passes the limit of " + what + ", " + most);
    }
  }

  final MalformedPacket broken() {
    return new MalformedPacket(PROTOCOL_JSON, "The packet's data is no JSON at byte " + position());
  }
}
