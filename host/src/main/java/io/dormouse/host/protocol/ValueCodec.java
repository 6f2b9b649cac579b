package io.dormouse.host.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.dormouse.api.Arguments;
import io.dormouse.api.EventError;
import io.dormouse.api.Payload;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of one plugin's classes, to JSON and back. Safe for all threads.
 *
 * <p>It keeps the classes alive that it has seen, and so do the payloads and arguments that it
 * makes: whoever outlives a loaded version of a plugin, such as a socket, keeps {@link
 * RawArguments}.
 */
public final class ValueCodec {
  private final ObjectMapper mapper;
  private final ObjectWriter writer;

  private ValueCodec(ClassLoader loader) {
    mapper = ValueMapper.create(this, loader);
    writer = mapper.writer();
  }

  /** Values of the host's own, which need no class of a plugin. */
  public static final ValueCodec HOST = of(ValueCodec.class.getClassLoader());

  /** A codec that shares nothing with others, for classes seen by a loader. */
  public static ValueCodec of(ClassLoader loader) {
    return new ValueCodec(loader);
  }

  /**
   * JSON of a value without binary.
   *
   * @throws IllegalArgumentException when it has binary or cannot be written
   */
  public byte[] write(@Nullable Object value) {
    JsonBuffer out = new JsonBuffer(0);
    write(out, writer, value);
    return out.toBytes();
  }

  /** JSON of a value whose binary is added to {@code attachments}. */
  void write(JsonBuffer out, @Nullable Object value, List<byte[]> attachments) {
    write(out, writer.withAttribute(BinaryValues.ATTACHMENTS, attachments), value);
  }

  private static void write(JsonBuffer out, ObjectWriter writer, @Nullable Object value) {
    try {
      writer.writeValue(out, value);
    } catch (IOException | RuntimeException thrown) {
      throw Unwritable.refusal(thrown);
    }
  }

  /**
   * A value from JSON that {@link #write} made, of this or another version of a plugin.
   *
   * @throws IllegalArgumentException when it does not fit
   */
  public <T> @Nullable T read(byte[] json, Class<T> type) {
    @SuppressWarnings("unchecked") // a primitive's class is of its wrapper's type
    T value = (T) read(json, (Type) type);
    return value;
  }

  /**
   * A value from JSON that {@link #write} made, of this or another version of a plugin.
   *
   * @throws IllegalArgumentException when it does not fit
   */
  public @Nullable Object read(byte[] json, Type type) {
    try {
      return mapper.readValue(json, mapper.constructType(type));
    } catch (IOException unfit) {
      throw new IllegalArgumentException(
          "The stored value does not fit " + type.getTypeName() + FieldPath.of(unfit, ""));
    }
  }

  /**
   * What a handler or a waiter asks for: the first argument as a type, or all for {@link
   * Arguments}.
   *
   * @throws io.dormouse.api.EventError when it is absent or does not fit
   */
  public static <T> T first(Arguments arguments, Class<T> type) {
    return type == Arguments.class ? type.cast(arguments) : arguments.get(0, type);
  }

  /** An event's arguments for a plugin's handlers. */
  public Arguments arguments(RawArguments raw) {
    return new JsonArguments(this, raw);
  }

  /** The auth of a handshake for a plugin's handlers; null when the client sent none. */
  public Payload payload(@Nullable RawArguments auth) {
    return auth == null || auth.size() == 0
        ? JsonPayload.absent(this, "Auth", "")
        : new JsonPayload(this, auth, auth.start(0), auth.end(0), "Auth", "");
  }

  /**
   * An argument as a value of a handler's parameter.
   *
   * @return null when it is absent or null
   * @throws EventError with code {@code bad_payload} when it does not fit
   */
  public @Nullable Object read(Arguments arguments, int index, Type type) {
    return read(arguments.get(index), type);
  }

  /**
   * A payload as a value of any type.
   *
   * @return null when it is absent or null
   * @throws EventError with code {@code bad_payload} when it does not fit
   */
  public @Nullable Object read(Payload payload, Type type) {
    JsonPayload json = own(payload);
    if (type == Payload.class) {
      return json;
    }
    if (json.isNull()) {
      if (type instanceof Class<?> plain && plain.isPrimitive()) {
        throw unfit(json, "");
      }
      return null;
    }
    try (JsonParser parser = parser(json)) {
      return mapper.readValue(parser, mapper.constructType(type));
    } catch (IOException unfit) {
      for (Throwable cause = unfit; cause != null; cause = cause.getCause()) {
        if (cause instanceof EventError error) {
          throw error; // of a record's constructor
        }
      }
      throw unfit(json, FieldPath.of(unfit, json.path));
    }
  }

  EventError unfit(JsonPayload payload, String at) {
    String where = at.isEmpty() && !payload.path.isEmpty() ? " at '" + payload.path + "'" : at;
    return new EventError("bad_payload", payload.origin + " does not fit" + where + ".");
  }

  /**
   * Where the fields of an object have their values. Of a key that comes twice the last one counts.
   */
  Map<String, JsonPayload.Slice> fields(JsonPayload object) {
    Map<String, JsonPayload.Slice> fields = new HashMap<>();
    try (JsonParser parser = plainParser(object)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        int start = object.start + (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        if (token.isScalarValue()) {
          parser.finishToken();
        }
        int end = object.start + (int) parser.currentLocation().getByteOffset();
        fields.put(name, new JsonPayload.Slice(start, end));
      }
      return fields;
    } catch (IOException impossible) {
      throw new IllegalStateException("JSON that was checked cannot be read.", impossible);
    }
  }

  private JsonParser plainParser(JsonPayload payload) throws IOException {
    return mapper.createParser(payload.raw.json, payload.start, payload.end - payload.start);
  }

  /** A parser that gives attachments in the place of their placeholders. */
  private JsonParser parser(JsonPayload payload) throws IOException {
    JsonParser plain = plainParser(payload);
    if (!payload.hasAttachments()) {
      return plain;
    }
    try (plain;
        TokenBuffer buffer = new TokenBuffer(plain)) {
      while (plain.nextToken() != null) {
        byte[] attachment =
            plain.hasToken(JsonToken.START_OBJECT)
                ? payload.raw.attachmentAt(
                    payload.start + (int) plain.currentTokenLocation().getByteOffset())
                : null;
        if (attachment == null) {
          buffer.copyCurrentEvent(plain);
        } else {
          plain.skipChildren();
          buffer.writeEmbeddedObject(attachment);
        }
      }
      return buffer.asParser(mapper);
    }
  }

  /** What a parser stands on, as a payload of its own. */
  Payload payloadAt(JsonParser parser) throws IOException {
    JsonBuffer out = new JsonBuffer(0);
    List<byte[]> attachments = new ArrayList<>();
    try (JsonGenerator json = mapper.createGenerator(out)) {
      json.writeStartArray();
      BinaryValues.copy(parser, json, attachments);
      json.writeEndArray();
    }
    byte[] bytes = out.toBytes();
    RawArguments raw =
        DataScan.ack(mapper.getFactory(), bytes, 0, bytes.length, attachments.size())
            .arguments(attachments);
    return new JsonPayload(this, raw, raw.start(0), raw.end(0), "Value", "");
  }

  /** The values of a JSON object by key, as JSON; empty when it is something else. */
  public static Map<String, byte[]> fields(byte[] json) {
    Map<String, byte[]> values = new HashMap<>();
    if (json.length > 0 && json[0] == '{') {
      HOST.fields((JsonPayload) HOST.payload(RawArguments.ofValue(json)))
          .forEach((name, at) -> values.put(name, Arrays.copyOfRange(json, at.start(), at.end())));
    }
    return values;
  }

  JsonPayload absent() {
    return JsonPayload.absent(this, "Value", "");
  }

  private static JsonPayload own(Payload payload) {
    if (payload instanceof JsonPayload own) {
      return own;
    }
    throw new IllegalArgumentException(
        "A payload of "
            + payload.getClass().getName()
            + " cannot be read; only those that the host gave can.");
  }
}
