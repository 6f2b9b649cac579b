package io.dormouse.host.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.deser.std.NumberDeserializers;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.Map;

/** Text from text only, and primitives that may be absent but not null. */
final class StrictValues {
  private static final Map<Class<?>, Object> ZEROS =
      Map.of(
          boolean.class,
          false,
          byte.class,
          (byte) 0,
          short.class,
          (short) 0,
          char.class,
          (char) 0,
          int.class,
          0,
          long.class,
          0L,
          float.class,
          0f,
          double.class,
          0d);

  private StrictValues() {}

  static void register(SimpleModule module) {
    module.addDeserializer(String.class, new TextDeserializer());
    ZEROS.forEach((type, zero) -> primitive(module, type, zero));
  }

  @SuppressWarnings("unchecked") // a primitive's deserializer is of its class
  private static <T> void primitive(SimpleModule module, Class<T> type, Object zero) {
    JsonDeserializer<?> known = NumberDeserializers.find(type, type.getName());
    module.addDeserializer(
        type, (JsonDeserializer<T>) (JsonDeserializer<?>) new PrimitiveDeserializer(known, zero));
  }

  /** Jackson's would make text of numbers, booleans and binary. */
  private static final class TextDeserializer extends StdDeserializer<String> {
    TextDeserializer() {
      super(String.class);
    }

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return parser.hasToken(JsonToken.VALUE_STRING)
          ? parser.getText()
          : (String) context.handleUnexpectedToken(String.class, parser);
    }
  }

  /** Jackson's takes absence for null, which is refused. */
  private static final class PrimitiveDeserializer extends DelegatingDeserializer {
    private final transient Object zero;

    PrimitiveDeserializer(JsonDeserializer<?> known, Object zero) {
      super(known);
      this.zero = zero;
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> known) {
      return new PrimitiveDeserializer(known, zero);
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) {
      return zero;
    }
  }
}
