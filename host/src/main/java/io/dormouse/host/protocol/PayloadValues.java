package io.dormouse.host.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.dormouse.api.Payload;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** What came from the wire, put into a value: its bytes are copied, not read. */
final class PayloadValues {
  private PayloadValues() {}

  static void register(SimpleModule module, ValueCodec codec) {
    module.addSerializer(JsonPayload.class, new PayloadSerializer());
    module.addSerializer(JsonArguments.class, new ArgumentsSerializer());
    module.addDeserializer(Payload.class, new PayloadDeserializer(codec));
  }

  private static void write(JsonPayload payload, JsonGenerator json, SerializerProvider context)
      throws IOException {
    RawArguments raw = payload.raw;
    json.writeRawValue(""); // the comma or colon before it
    json.flush();
    OutputStream out = (OutputStream) json.getOutputTarget();
    int at = payload.start;
    if (raw.placeholders.length > 0 && payload.hasAttachments()) {
      List<byte[]> attachments = BinaryValues.attachments(context, Payload.class);
      for (int i = 0; i < raw.placeholders.length; i += 3) {
        int hole = raw.placeholders[i];
        if (hole >= payload.start && hole < payload.end) {
          out.write(raw.json, at, hole - at);
          out.write(BinaryValues.placeholder(attachments.size()));
          attachments.add(raw.attachments.get(raw.placeholders[i + 2]));
          at = raw.placeholders[i + 1];
        }
      }
    }
    out.write(raw.json, at, payload.end - at);
  }

  private static final class PayloadSerializer extends StdSerializer<JsonPayload> {
    PayloadSerializer() {
      super(JsonPayload.class);
    }

    @Override
    public void serialize(JsonPayload value, JsonGenerator json, SerializerProvider context)
        throws IOException {
      write(value, json, context);
    }
  }

  private static final class ArgumentsSerializer extends StdSerializer<JsonArguments> {
    ArgumentsSerializer() {
      super(JsonArguments.class);
    }

    @Override
    public void serialize(JsonArguments value, JsonGenerator json, SerializerProvider context)
        throws IOException {
      json.writeStartArray();
      for (int i = 0; i < value.size(); i++) {
        write((JsonPayload) value.get(i), json, context);
      }
      json.writeEndArray();
    }
  }

  private static final class PayloadDeserializer extends StdDeserializer<Payload> {
    private final transient ValueCodec codec;

    PayloadDeserializer(ValueCodec codec) {
      super(Payload.class);
      this.codec = codec;
    }

    @Override
    public Payload deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return codec.payloadAt(parser);
    }

    @Override
    public Payload getNullValue(DeserializationContext context) {
      return codec.absent();
    }
  }
}
