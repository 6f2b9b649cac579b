package io.dormouse.emitter;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Values of the process that emits, to trees and back; binary anywhere inside. */
final class Values {
  /** Names that Socket.IO keeps for itself; Node's servers have the same. */
  private static final Set<String> RESERVED =
      Set.of(
          "connect",
          "connect_error",
          "disconnect",
          "disconnecting",
          "newListener",
          "removeListener");

  private final ObjectMapper mapper;

  Values(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /** Records, maps, lists, binary, times as ISO text. */
  static ObjectMapper usualMapper() {
    SimpleModule module = new SimpleModule("dormouse-emitter");
    module.addSerializer(TemporalAccessor.class, ToStringSerializer.instance);
    module.addSerializer(TemporalAmount.class, ToStringSerializer.instance);
    module.addSerializer(ByteBuffer.class, new BufferSerializer());
    return JsonMapper.builder()
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .addModule(module)
        .build();
  }

  /**
   * An event's name and arguments.
   *
   * @throws IllegalArgumentException when the name is reserved or an argument cannot be written
   */
  ArrayNode event(String name, @Nullable Object... arguments) {
    if (name == null) {
      throw new IllegalArgumentException("An event needs a name, was null.");
    }
    if (RESERVED.contains(name)) {
      throw new IllegalArgumentException(
          "The event '"
              + name
              + "' cannot be emitted, since Socket.IO keeps that name for itself.");
    }
    return data(name, arguments);
  }

  /**
   * An event for servers, for whom other names are reserved.
   *
   * @throws IllegalArgumentException when the name is reserved or an argument cannot be written
   */
  ArrayNode serverEvent(String name, @Nullable Object... arguments) {
    if ("connection".equals(name) || "new_namespace".equals(name)) {
      throw new IllegalArgumentException(
          "The event '"
              + name
              + "' cannot be emitted to servers, since they keep it for themselves.");
    }
    return event(name, arguments);
  }

  private ArrayNode data(String name, @Nullable Object... arguments) {
    ArrayNode data = JsonNodeFactory.instance.arrayNode().add(name);
    if (arguments == null) { // What Java makes of a lone null.
      return data.addNull();
    }
    for (int i = 0; i < arguments.length; i++) {
      try {
        data.add(mapper.<JsonNode>valueToTree(arguments[i]));
      } catch (IllegalArgumentException unwritable) {
        throw new IllegalArgumentException(
            "Argument %d of the event '%s' cannot be written: %s"
                .formatted(i + 1, name, unwritable.getMessage()),
            unwritable);
      }
    }
    return data;
  }

  /** Null when it does not fit. */
  <T> @Nullable T read(JsonNode value, Class<T> type) {
    try {
      return mapper.treeToValue(value, type);
    } catch (JsonProcessingException | IllegalArgumentException unfit) {
      return null;
    }
  }

  /** What Jackson's own does, which needs an array of the buffer's own. */
  private static final class BufferSerializer extends StdSerializer<ByteBuffer> {
    BufferSerializer() {
      super(ByteBuffer.class);
    }

    @Override
    public void serialize(ByteBuffer value, JsonGenerator json, SerializerProvider context)
        throws IOException {
      byte[] bytes = new byte[value.remaining()];
      value.duplicate().get(bytes);
      json.writeBinary(bytes);
    }
  }
}
