package io.dormouse.host.protocol;

import static io.dormouse.host.protocol.ProtocolErrorCode.PROTOCOL_DATA;
import static io.dormouse.host.protocol.ProtocolErrorCode.PROTOCOL_JSON;
import static io.dormouse.host.protocol.ProtocolErrorCode.PROTOCOL_PLACEHOLDER;

import java.util.Arrays;
import java.util.List;

/** One walk over a packet's JSON: checks it and finds its arguments and placeholders. */
final class DataScan extends JsonScanner {
  private static final int[] NONE = {};

  private final int attachments;
  private String event = "";
  private int[] bounds = new int[4];
  private int boundsSize;
  private int[] placeholders = NONE;
  private int placeholdersSize;

  private DataScan(byte[] bytes, int start, int end, DecoderLimits limits, int attachments) {
    super(bytes, start, end, limits);
    this.attachments = attachments;
  }

  /** The data of an EVENT: an array that begins with the event's name. */
  static DataScan event(byte[] bytes, int start, int end, DecoderLimits limits, int attachments) {
    DataScan scan = new DataScan(bytes, start, end, limits, attachments);
    scan.open();
    scan.name();
    scan.space();
    if (scan.skip(',')) {
      scan.elements();
    }
    scan.expect(']');
    scan.finish();
    return scan;
  }

  /** The data of an ACK: an array. */
  static DataScan ack(byte[] bytes, int start, int end, DecoderLimits limits, int attachments) {
    DataScan scan = new DataScan(bytes, start, end, limits, attachments);
    scan.open();
    if (!scan.skip(']')) {
      scan.elements();
      scan.expect(']');
    }
    scan.finish();
    return scan;
  }

  /** The data of a CONNECT: an object. */
  static DataScan auth(byte[] bytes, int start, int end, DecoderLimits limits) {
    DataScan scan = new DataScan(bytes, start, end, limits, 0);
    scan.element();
    scan.finish();
    return scan;
  }

  /** The name of an EVENT. */
  String event() {
    return event;
  }

  /** The arguments, copied; {@code attachments} may be filled later. */
  RawArguments arguments(List<byte[]> attachments) {
    if (boundsSize == 0) {
      return RawArguments.NONE;
    }
    int from = bounds[0];
    int to = bounds[boundsSize - 1];
    int[] argumentBounds = Arrays.copyOf(bounds, boundsSize);
    for (int i = 0; i < boundsSize; i++) {
      argumentBounds[i] -= from;
    }
    int[] holes = placeholdersSize == 0 ? NONE : Arrays.copyOf(placeholders, placeholdersSize);
    for (int i = 0; i < placeholdersSize; i += 3) {
      holes[i] -= from;
      holes[i + 1] -= from;
    }
    return new RawArguments(
        Arrays.copyOfRange(bytes, from, to), argumentBounds, holes, attachments);
  }

  private void name() {
    int from = at;
    byte first = peek();
    if (first == '"') {
      string();
      event = text(from + 1, at - 1, escaped());
    } else if (first == '-' || (first >= '0' && first <= '9')) {
      // Node takes numbers too; what JSON.stringify writes is the property's name.
      value();
      event = text(from, at, false);
    } else {
      refuseName(first);
    }
  }

  private void refuseName(byte first) {
    String seen =
        switch (first) {
          case ']' -> "is empty";
          case '{' -> "begins with an object";
          case '[' -> "begins with an array";
          case 'n' -> "begins with null";
          case 't', 'f' -> "begins with a boolean";
          default -> throw broken();
        };
    throw new MalformedPacket(
        PROTOCOL_DATA, "The event's array " + seen + "; it must begin with the event's name");
  }

  private void elements() {
    do {
      space();
      element();
      space();
    } while (skip(','));
  }

  private void element() {
    bounds = grown(bounds, boundsSize + 2);
    bounds[boundsSize++] = at;
    value();
    bounds[boundsSize++] = at;
  }

  @Override
  void placeholder(int objectStart, int fields, int number) {
    // Also in a packet without attachments: emitted again beside binary it would stand for that.
    if (fields != 2 || number < 0 || number >= attachments || isTaken(number)) {
      throw new MalformedPacket(
          PROTOCOL_PLACEHOLDER,
          "A placeholder of "
              + fields
              + " fields stands for attachment "
              + number
              + ", but the packet has "
              + attachments
              + " attachments, each to be named once");
    }
    placeholders = grown(placeholders, placeholdersSize + 3);
    placeholders[placeholdersSize++] = objectStart;
    placeholders[placeholdersSize++] = at;
    placeholders[placeholdersSize++] = number;
  }

  private boolean isTaken(int number) {
    for (int i = 2; i < placeholdersSize; i += 3) {
      if (placeholders[i] == number) {
        return true;
      }
    }
    return false;
  }

  private void finish() {
    if (!atEnd()) {
      throw new MalformedPacket(
          PROTOCOL_JSON, "The packet's data goes on after its end, at byte " + position());
    }
    if (placeholdersSize != 3 * attachments) {
      throw new MalformedPacket(
          PROTOCOL_PLACEHOLDER,
          "The packet has "
              + attachments
              + " attachments, but placeholders for "
              + placeholdersSize / 3);
    }
  }

  private static int[] grown(int[] numbers, int size) {
    return numbers.length >= size
        ? numbers
        : Arrays.copyOf(numbers, Math.max(size, 2 * numbers.length));
  }
}
