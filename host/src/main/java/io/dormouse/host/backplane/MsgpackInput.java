package io.dormouse.host.backplane;

import static io.dormouse.host.backplane.RefusalReason.LIMIT;
import static io.dormouse.host.backplane.RefusalReason.MALFORMED;
import static io.dormouse.host.backplane.RefusalReason.NOT_DATA;
import static io.dormouse.host.backplane.RefusalReason.PLACEHOLDER;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.dormouse.host.protocol.EventData;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.msgpack.core.ExtensionTypeHeader;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/**
 * A message in msgpack as JSON with placeholders for its binary, as clients get it. No length is
 * believed before it is checked.
 */
final class MsgpackInput {
  private static final int MOST_VALUES = 250_000;
  private static final int MOST_ATTACHMENTS = 1_000;

  /** What Node's encoder writes for {@code undefined}. */
  private static final byte UNDEFINED = 0;

  /** As JavaScript writes a date. */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final MessageUnpacker in;
  private final int size;
  private final List<byte[]> attachments = new ArrayList<>(0);
  private int values;

  private MsgpackInput(byte[] message) {
    in = MessagePack.newDefaultUnpacker(message);
    size = message.length;
  }

  static EventData toJson(byte[] message) throws MessageRefused {
    MsgpackInput input = new MsgpackInput(message);
    try (ByteArrayBuilder bytes = new ByteArrayBuilder(2 * message.length)) {
      try (JsonGenerator out = WireJson.generator(bytes)) {
        input.value(out, 0);
      }
      if (input.left() > 0) {
        throw new MessageRefused(MALFORMED, "A message in msgpack goes on behind its end.");
      }
      return new EventData(bytes.toByteArray(), input.attachments);
    } catch (IOException | MessagePackException broken) {
      throw new MessageRefused(MALFORMED, "A message is no msgpack.");
    }
  }

  private long left() {
    return size - in.getTotalReadBytes();
  }

  private void value(JsonGenerator out, int depth) throws IOException, MessageRefused {
    if (++values > MOST_VALUES || depth > WireJson.MAX_NESTING) {
      throw new MessageRefused(LIMIT, "A message has too many values or too deep ones.");
    }
    ValueType type = in.getNextFormat().getValueType();
    switch (type) {
      case NIL -> {
        in.unpackNil();
        out.writeNull();
      }
      case BOOLEAN -> out.writeBoolean(in.unpackBoolean());
      case INTEGER -> out.writeNumber(in.unpackBigInteger());
      case FLOAT -> number(out, in.unpackDouble());
      case STRING -> out.writeString(text());
      case BINARY -> {
        if (attachments.size() == MOST_ATTACHMENTS) {
          throw new MessageRefused(LIMIT, "A message has too many attachments.");
        }
        WireJson.placeholder(out, attachments.size());
        attachments.add(bytes(in.unpackBinaryHeader()));
      }
      case ARRAY -> {
        int length = in.unpackArrayHeader();
        out.writeStartArray();
        for (int i = 0; i < length; i++) {
          value(out, depth + 1);
        }
        out.writeEndArray();
      }
      case MAP -> map(out, depth);
      case EXTENSION -> extension(out);
    }
  }

  private void map(JsonGenerator out, int depth) throws IOException, MessageRefused {
    int length = in.unpackMapHeader();
    out.writeStartObject();
    for (int i = 0; i < length; i++) {
      String key = key();
      if (key.equals(WireJson.PLACEHOLDER)) {
        throw new MessageRefused(PLACEHOLDER, "A message has a placeholder where binary belongs.");
      }
      out.writeFieldName(key);
      value(out, depth + 1);
    }
    out.writeEndObject();
  }

  private String key() throws IOException, MessageRefused {
    return switch (in.getNextFormat().getValueType()) {
      case STRING -> text();
      case INTEGER -> in.unpackBigInteger().toString();
      default -> throw new MessageRefused(NOT_DATA, "A message has a map with keys of no text.");
    };
  }

  private String text() throws IOException, MessageRefused {
    return new String(bytes(in.unpackRawStringHeader()), UTF_8);
  }

  private byte[] bytes(int length) throws IOException, MessageRefused {
    if (length > left()) {
      throw new MessageRefused(MALFORMED, "A message in msgpack ends too early.");
    }
    return in.readPayload(length);
  }

  private static void number(JsonGenerator out, double value) throws IOException {
    if (Double.isFinite(value)) {
      out.writeNumber(value);
    } else {
      out.writeNull();
    }
  }

  private void extension(JsonGenerator out) throws IOException, MessageRefused {
    ExtensionTypeHeader header = in.unpackExtensionTypeHeader();
    if (header.isTimestampType()) {
      Instant time = in.unpackTimestamp(header);
      out.writeString(DATE.format(time));
    } else if (header.getType() == UNDEFINED) {
      byte[] _ = bytes(header.getLength());
      out.writeNull();
    } else {
      throw new MessageRefused(NOT_DATA, "A message has an extension of msgpack that is no data.");
    }
  }
}
