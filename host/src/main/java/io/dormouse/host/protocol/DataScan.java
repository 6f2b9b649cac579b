package io.dormouse.host.protocol;

import static io.dormouse.host.protocol.ProtocolErrorCode.PROTOCOL_DATA;
import static io.dormouse.host.protocol.ProtocolErrorCode.PROTOCOL_JSON;
import static io.dormouse.host.protocol.ProtocolErrorCode.PROTOCOL_LIMIT;
import static io.dormouse.host.protocol.ProtocolErrorCode.PROTOCOL_PLACEHOLDER;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One walk over a packet's JSON: checks it and finds its arguments and placeholders. */
final class DataScan {
  private final byte[] bytes;
  private final int offset;
  private final int length;
  private final int attachments;
  private final BitSet seen = new BitSet();
  private int[] bounds = new int[4];
  private int boundsSize;
  private int[] placeholders = {};
  private int placeholdersSize;
  private @Nullable String event;

  private DataScan(byte[] bytes, int offset, int length, int attachments) {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
    this.attachments = attachments;
  }

  /** The data of an EVENT: an array that begins with the event's name. */
  static DataScan event(JsonFactory json, byte[] bytes, int offset, int length, int attachments) {
    DataScan scan = new DataScan(bytes, offset, length, attachments);
    scan.run(json, true);
    return scan;
  }

  /** The data of an ACK: an array. */
  static DataScan ack(JsonFactory json, byte[] bytes, int offset, int length, int attachments) {
    DataScan scan = new DataScan(bytes, offset, length, attachments);
    scan.run(json, false);
    return scan;
  }

  /** The data of a CONNECT: an object. */
  static DataScan auth(JsonFactory json, byte[] bytes, int offset, int length) {
    DataScan scan = new DataScan(bytes, offset, length, 0);
    scan.run(json, false);
    return scan;
  }

  String event() {
    if (event == null) {
      throw new IllegalStateException("This is no event.");
    }
    return event;
  }

  /** The arguments, copied; {@code attachments} may be filled later. */
  RawArguments arguments(List<byte[]> attachments) {
    if (boundsSize == 0) {
      return RawArguments.NONE;
    }
    int from = bounds[0];
    int to = bounds[boundsSize - 1];
    byte[] json = Arrays.copyOfRange(bytes, offset + from, offset + to);
    int[] argumentBounds = Arrays.copyOf(bounds, boundsSize);
    for (int i = 0; i < boundsSize; i++) {
      argumentBounds[i] -= from;
    }
    int[] holes = Arrays.copyOf(placeholders, placeholdersSize);
    for (int i = 0; i < placeholdersSize; i += 3) {
      holes[i] -= from;
      holes[i + 1] -= from;
    }
    return new RawArguments(json, argumentBounds, holes, attachments);
  }

  private void run(JsonFactory json, boolean named) {
    // Raw NULs are no JSON, but Jackson would take "[" NUL for the beginning of UTF-16.
    if (length > 1 && bytes[offset + 1] == 0) {
      throw new MalformedPacket(PROTOCOL_JSON, "The packet's data is no JSON at byte 1");
    }
    try (JsonParser parser = json.createParser(bytes, offset, length)) {
      try {
        walk(parser, named);
      } catch (StreamConstraintsException passed) {
        throw new MalformedPacket(
            PROTOCOL_LIMIT,
            "The packet's data passes a limit of nesting or length at byte " + at(parser));
      } catch (IOException broken) {
        throw new MalformedPacket(
            PROTOCOL_JSON, "The packet's data is no JSON at byte " + at(parser));
      }
    } catch (IOException impossible) {
      throw new IllegalStateException("Closing a parser of bytes in memory failed.", impossible);
    }
    if (seen.cardinality() != attachments) {
      throw new MalformedPacket(
          PROTOCOL_PLACEHOLDER,
          "The packet has "
              + attachments
              + " attachments, but placeholders for "
              + seen.cardinality());
    }
  }

  private void walk(JsonParser parser, boolean named) throws IOException {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.START_OBJECT) {
      value(parser, token);
      mark(0);
      mark(1 + (int) parser.currentTokenLocation().getByteOffset());
    } else {
      token = parser.nextToken();
      if (named) {
        name(parser, token);
        token = parser.nextToken();
      }
      while (token != JsonToken.END_ARRAY) {
        mark(tokenStart(parser));
        value(parser, token);
        token = parser.nextToken();
        mark(valueEnd(tokenStart(parser), token));
      }
    }
    if (parser.nextToken() != null) {
      throw new MalformedPacket(
          PROTOCOL_JSON, "The packet's data goes on after its end, at byte " + tokenStart(parser));
    }
  }

  private void name(JsonParser parser, JsonToken token) throws IOException {
    // Node takes numbers too; what JSON.stringify writes is the property's name.
    if (token != JsonToken.VALUE_STRING && !token.isNumeric()) {
      throw new MalformedPacket(
          PROTOCOL_DATA,
          token == JsonToken.END_ARRAY
              ? "The event's array is empty; it must begin with the event's name"
              : "The event's array begins with " + kind(token) + "; it must begin with its name");
    }
    event = parser.getText();
  }

  /**
   * Goes to the end of the value that begins with {@code token}. Nesting is limited by the parser.
   */
  private void value(JsonParser parser, JsonToken token) throws IOException {
    if (token == JsonToken.START_OBJECT) {
      object(parser);
    } else if (token == JsonToken.START_ARRAY) {
      JsonToken next = parser.nextToken();
      while (next != JsonToken.END_ARRAY) {
        value(parser, next);
        next = parser.nextToken();
      }
    }
  }

  private void object(JsonParser parser) throws IOException {
    int start = attachments > 0 ? tokenStart(parser) : 0;
    int fields = 0;
    boolean placeholder = false;
    int number = -1;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      fields++;
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.VALUE_TRUE && name.equals("_placeholder")) {
        placeholder = true;
      } else if (token == JsonToken.VALUE_NUMBER_INT && name.equals("num")) {
        // Ten characters are more than any limit of attachments has, and fit into a long.
        number = parser.getTextLength() > 10 ? -1 : (int) Math.min(parser.getLongValue(), 1 << 30);
      }
      value(parser, token);
    }
    if (placeholder) {
      placeholder(start, tokenStart(parser) + 1, number, fields);
    }
  }

  private void placeholder(int start, int end, int number, int fields) {
    // Also in a packet without attachments: emitted again beside binary it would stand for that.
    if (fields != 2 || number < 0 || number >= attachments || seen.get(number)) {
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
    seen.set(number);
    placeholders = grown(placeholders, placeholdersSize + 3);
    placeholders[placeholdersSize++] = start;
    placeholders[placeholdersSize++] = end;
    placeholders[placeholdersSize++] = number;
  }

  /** Where a value ends, by where the token behind it begins: saves decoding its text. */
  private int valueEnd(int next, JsonToken token) {
    int end = beforeSpace(next);
    return token == JsonToken.END_ARRAY ? end : beforeSpace(commaBefore(end));
  }

  private int commaBefore(int end) {
    return bytes[offset + end - 1] == ',' ? end - 1 : end;
  }

  private int beforeSpace(int end) {
    int at = end;
    while (isSpace(bytes[offset + at - 1])) {
      at--;
    }
    return at;
  }

  private static boolean isSpace(byte character) {
    return character == ' ' || character == '\n' || character == '\r' || character == '\t';
  }

  private void mark(int position) {
    bounds = grown(bounds, boundsSize + 1);
    bounds[boundsSize++] = position;
  }

  private static int[] grown(int[] numbers, int size) {
    return numbers.length >= size
        ? numbers
        : Arrays.copyOf(numbers, Math.max(size, 2 * numbers.length));
  }

  private static int tokenStart(JsonParser parser) {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  private static long at(JsonParser parser) {
    return parser.currentLocation().getByteOffset();
  }

  private static String kind(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_NULL -> "null";
      default -> "a boolean";
    };
  }
}
