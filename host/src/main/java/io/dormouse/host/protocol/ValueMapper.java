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
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanPropertyWriter;
import com.fasterxml.jackson.databind.ser.BeanSerializer;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.impl.UnknownSerializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Jackson as plugins' values need it: records, never beans, and a type cache of its own. */
final class ValueMapper {
  private ValueMapper() {}

  static ObjectMapper create(ValueCodec codec, ClassLoader loader) {
    SimpleModule module = new SimpleModule("dormouse");
    BinaryValues.register(module);
    PayloadValues.register(module, codec);
    StrictValues.register(module);
    TimeValues.register(module);
    module.setSerializerModifier(new RecordsOnlyWritten());
    module.setDeserializerModifier(new RecordsOnlyRead());
    return JsonMapper.builder(Json.newFactory(Json.WRITTEN))
        // The cache of the default instance is shared by all mappers and would keep classes alive.
        .typeFactory(TypeFactory.createDefaultInstance().withClassLoader(loader))
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .addModule(module)
        .build();
  }

  /** Components and nothing else: getters were not written to be seen on a wire. */
  private static final class RecordsOnlyWritten extends BeanSerializerModifier {
    @Override
    public List<BeanPropertyWriter> changeProperties(
        SerializationConfig config, BeanDescription bean, List<BeanPropertyWriter> properties) {
      if (!bean.getBeanClass().isRecord()) {
        return properties;
      }
      Set<String> components =
          Arrays.stream(bean.getBeanClass().getRecordComponents())
              .map(RecordComponent::getName)
              .collect(Collectors.toSet());
      return properties.stream().filter(each -> components.contains(each.getName())).toList();
    }

    @Override
    public JsonSerializer<?> modifySerializer(
        SerializationConfig config, BeanDescription bean, JsonSerializer<?> serializer) {
      boolean known =
          !(serializer instanceof BeanSerializer || serializer instanceof UnknownSerializer);
      if (known || bean.getBeanClass().isRecord()) {
        return serializer;
      }
      return new RefusingSerializer();
    }
  }

  private static final class RefusingSerializer extends StdSerializer<Object> {
    RefusingSerializer() {
      super(Object.class);
    }

    @Override
    public void serialize(Object value, JsonGenerator json, SerializerProvider context) {
      throw Unwritable.type(value.getClass());
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
