package io.dormouse.host.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Binary anywhere in a value: written as a placeholder and an attachment, read back from these. */
final class BinaryValues {
  /** The attribute of a writer that has the list to which attachments are added. */
  static final Object ATTACHMENTS = new Object();

  private BinaryValues() {}

  static void register(SimpleModule module) {
    module.addSerializer(byte[].class, new BytesSerializer());
    module.addSerializer(ByteBuffer.class, new BufferSerializer());
    module.addDeserializer(byte[].class, new BytesDeserializer());
    module.addDeserializer(ByteBuffer.class, new BufferDeserializer());
  }

  static List<byte[]> attachments(SerializerProvider context, Class<?> type) {
    @SuppressWarnings("unchecked") // only ValueCodec sets it
    List<byte[]> attachments = (List<byte[]>) context.getAttribute(ATTACHMENTS);
    if (attachments == null) {
      throw Unwritable.binary(type);
    }
    return attachments;
  }

  static byte[] placeholder(int number) {
    return text(number).getBytes(US_ASCII);
  }

  private static void placeholder(JsonGenerator json, int number) throws IOException {
    json.writeRawValue(text(number));
  }

  private static String text(int number) {
    return "{\"_placeholder\":true,\"num\":" + number + "}";
  }

  /** Copies the value that a parser stands on, attachments in the place of placeholders or not. */
  static void copy(JsonParser parser, JsonGenerator json, List<byte[]> attachments)
      throws IOException {
    int depth = 0;
    do {
      JsonToken token = parser.currentToken();
      if (token == JsonToken.VALUE_EMBEDDED_OBJECT) {
        placeholder(json, attachments.size());
        attachments.add((byte[]) parser.getEmbeddedObject());
      } else {
        json.copyCurrentEventExact(parser);
      }
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
    } while (depth > 0 && parser.nextToken() != null);
  }

  private static final class BytesSerializer extends StdSerializer<byte[]> {
    BytesSerializer() {
      super(byte[].class);
    }

    @Override
    public void serialize(byte[] value, JsonGenerator json, SerializerProvider context)
        throws IOException {
      List<byte[]> attachments = attachments(context, byte[].class);
      placeholder(json, attachments.size());
      // The plugin may use its array again as soon as emit has returned.
      attachments.add(value.clone());
    }
  }

  private static final class BufferSerializer extends StdSerializer<ByteBuffer> {
    BufferSerializer() {
      super(ByteBuffer.class);
    }

    @Override
    public void serialize(ByteBuffer value, JsonGenerator json, SerializerProvider context)
        throws IOException {
      List<byte[]> attachments = attachments(context, ByteBuffer.class);
      placeholder(json, attachments.size());
      byte[] bytes = new byte[value.remaining()];
      value.duplicate().get(bytes);
      attachments.add(bytes);
    }
  }

  private static final class BytesDeserializer extends StdDeserializer<byte[]> {
    BytesDeserializer() {
      super(byte[].class);
    }

    @Override
    public byte[] deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return parser.hasToken(JsonToken.VALUE_EMBEDDED_OBJECT)
          ? (byte[]) parser.getEmbeddedObject()
          : (byte[]) context.handleUnexpectedToken(byte[].class, parser);
    }
  }

  private static final class BufferDeserializer extends StdDeserializer<ByteBuffer> {
    BufferDeserializer() {
      super(ByteBuffer.class);
    }

    @Override
    public ByteBuffer deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return parser.hasToken(JsonToken.VALUE_EMBEDDED_OBJECT)
          ? ByteBuffer.wrap((byte[]) parser.getEmbeddedObject())
          : (ByteBuffer) context.handleUnexpectedToken(ByteBuffer.class, parser);
    }
  }
}
