package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dormouse.host.protocol.EventData;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * A message in msgpack being written. Values are written in their shortest form. It is written by
 * hand because what comes from JSON does not tell beforehand how many elements an array has.
 */
final class MsgpackOutput {
  private static final BigInteger MAX_UNSIGNED =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private byte[] bytes;
  private int end;

  MsgpackOutput(int expected) {
    bytes = new byte[expected];
  }

  byte[] toBytes() {
    return end == bytes.length ? bytes : Arrays.copyOf(bytes, end);
  }

  void raw(byte[] source) {
    grow(source.length);
    System.arraycopy(source, 0, bytes, end, source.length);
    end += source.length;
  }

  void nil() {
    put(0xc0);
  }

  void flag(boolean value) {
    put(value ? 0xc3 : 0xc2);
  }

  void text(String value) {
    text(value.getBytes(UTF_8));
  }

  void text(byte[] utf8) {
    int length = utf8.length;
    if (length < 32) {
      put(0xa0 | length);
    } else if (length < 1 << 8) {
      put(0xd9, 1, length);
    } else if (length < 1 << 16) {
      put(0xda, 2, length);
    } else {
      put(0xdb, 4, length);
    }
    raw(utf8);
  }

  void binary(byte[] value) {
    int length = value.length;
    if (length < 1 << 8) {
      put(0xc4, 1, length);
    } else if (length < 1 << 16) {
      put(0xc5, 2, length);
    } else {
      put(0xc6, 4, length);
    }
    raw(value);
  }

  void number(long value) {
    if (value >= 0) {
      unsigned(value);
    } else if (value >= -32) {
      put((int) value & 0xff);
    } else if (value >= Byte.MIN_VALUE) {
      put(0xd0, 1, value);
    } else if (value >= Short.MIN_VALUE) {
      put(0xd1, 2, value);
    } else if (value >= Integer.MIN_VALUE) {
      put(0xd2, 4, value);
    } else {
      put(0xd3, 8, value);
    }
  }

  private void unsigned(long value) {
    if (value < 128) {
      put((int) value);
    } else if (value < 1 << 8) {
      put(0xcc, 1, value);
    } else if (value < 1 << 16) {
      put(0xcd, 2, value);
    } else if (value < 1L << 32) {
      put(0xce, 4, value);
    } else {
      put(0xcf, 8, value);
    }
  }

  void number(double value) {
    put(0xcb, 8, Double.doubleToLongBits(value));
  }

  /** Nearest to what Node's parser would make of it: a double when it is beyond 64 bits. */
  private void number(BigInteger value) {
    if (value.signum() > 0 && value.compareTo(MAX_UNSIGNED) <= 0) {
      put(0xcf, 8, value.longValue());
    } else {
      number(value.doubleValue());
    }
  }

  void array(int size) {
    header(open(), size, 0x90, 0xdc);
  }

  void map(int size) {
    header(open(), size, 0x80, 0xde);
  }

  void texts(Iterable<String> values) {
    int at = open();
    int size = 0;
    for (String value : values) {
      text(value);
      size++;
    }
    header(at, size, 0x90, 0xdc);
  }

  /** The event's array, with binary where its placeholders stand. */
  void data(EventData data) {
    values(data.json(), data.attachments());
  }

  private void values(byte[] json, List<byte[]> attachments) {
    try (JsonParser parser = WireJson.parser(json)) {
      value(parser, parser.nextToken(), attachments);
    } catch (IOException broken) {
      throw new IllegalArgumentException("What is to be published is no JSON.", broken);
    }
  }

  /** Nesting is limited by the parser. */
  private void value(JsonParser parser, JsonToken token, List<byte[]> attachments)
      throws IOException {
    switch (token) {
      case START_OBJECT -> object(parser, attachments);
      case START_ARRAY -> {
        int at = open();
        int size = 0;
        for (JsonToken next = parser.nextToken();
            next != JsonToken.END_ARRAY;
            next = parser.nextToken()) {
          value(parser, next, attachments);
          size++;
        }
        header(at, size, 0x90, 0xdc);
      }
      case VALUE_STRING -> text(parser.getText());
      case VALUE_NUMBER_INT -> {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
          number(parser.getBigIntegerValue());
        } else {
          number(parser.getLongValue());
        }
      }
      case VALUE_NUMBER_FLOAT -> number(parser.getDoubleValue());
      case VALUE_TRUE -> flag(true);
      case VALUE_FALSE -> flag(false);
      default -> nil();
    }
  }

  private void object(JsonParser parser, List<byte[]> attachments) throws IOException {
    int at = open();
    int size = 0;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.VALUE_TRUE
          && name.equals(WireJson.PLACEHOLDER)
          && !attachments.isEmpty()) {
        end = at;
        binary(attachments.get(WireJson.placeholderNumber(parser)));
        parser.nextToken();
        return;
      }
      text(name);
      value(parser, token, attachments);
      size++;
    }
    header(at, size, 0x80, 0xde);
  }

  /** Keeps place for a header of one byte, which is enough for most. */
  private int open() {
    put(0);
    return end - 1;
  }

  private void header(int at, int size, int fix, int wide) {
    if (size < 16) {
      bytes[at] = (byte) (fix | size);
      return;
    }
    int more = size < 1 << 16 ? 2 : 4;
    grow(more);
    System.arraycopy(bytes, at + 1, bytes, at + 1 + more, end - at - 1);
    end += more;
    ByteBuffer header = ByteBuffer.wrap(bytes, at, 1 + more);
    if (more == 2) {
      header.put((byte) wide).putShort((short) size);
    } else {
      header.put((byte) (wide + 1)).putInt(size);
    }
  }

  private void put(int code) {
    grow(1);
    bytes[end++] = (byte) code;
  }

  private void put(int code, int width, long value) {
    grow(1 + width);
    bytes[end++] = (byte) code;
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
      bytes[end++] = (byte) (value >> shift);
    }
  }

  private void grow(int more) {
    if (bytes.length - end < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(end, more), 2 * bytes.length));
    }
  }
}
