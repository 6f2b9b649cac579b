package io.dormouse.host.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanSerializer;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.databind.type.TypeFactory;

/** Jackson as plugins' values need it: records, never beans, and a type cache of its own. */
final class ValueMapper {
  private ValueMapper() {}

  static ObjectMapper create(ValueCodec codec, ClassLoader loader) {
    SimpleModule module = new SimpleModule("dormouse");
    BinaryValues.register(module);
    PayloadValues.register(module, codec);
    TimeValues.register(module);
    module.setSerializerModifier(new RecordsOnlyWritten());
    module.setDeserializerModifier(new RecordsOnlyRead());
    return JsonMapper.builder(Json.newFactory(DecoderLimits.defaults()))
        // The cache of the default instance is shared by all mappers and would keep classes alive.
        .typeFactory(TypeFactory.createDefaultInstance().withClassLoader(loader))
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .disable(MapperFeature.AUTO_DETECT_GETTERS, MapperFeature.AUTO_DETECT_IS_GETTERS)
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .withCoercionConfig(
            LogicalType.Textual,
            text ->
                text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
        .addModule(module)
        .build();
  }

  /** A bean's getters were not written to be seen on a wire. */
  private static final class RecordsOnlyWritten extends BeanSerializerModifier {
    @Override
    public JsonSerializer<?> modifySerializer(
        SerializationConfig config, BeanDescription bean, JsonSerializer<?> serializer) {
      boolean refused = serializer instanceof BeanSerializer && !bean.getBeanClass().isRecord();
      return refused ? new Refused(bean.getBeanClass()) : serializer;
    }
  }

  private static final class Refused extends StdSerializer<Object> {
    Refused(Class<?> type) {
      super(type, false);
    }

    @Override
    public void serialize(Object value, JsonGenerator json, SerializerProvider context) {
      throw Unwritable.because(value.getClass(), Unwritable.CAN);
    }

    @Override
    public boolean isEmpty(SerializerProvider context, Object value) {
      return false;
    }
  }

  private static final class RecordsOnlyRead extends BeanDeserializerModifier {
    @Override
    public JsonDeserializer<?> modifyDeserializer(
        DeserializationConfig config, BeanDescription bean, JsonDeserializer<?> deserializer) {
      if (deserializer instanceof BeanDeserializerBase && !bean.getBeanClass().isRecord()) {
        throw new IllegalArgumentException("no record");
      }
      return deserializer;
    }
  }
}
