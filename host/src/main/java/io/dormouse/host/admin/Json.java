package io.dormouse.host.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.dormouse.host.plugin.PluginStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Records as JSON: instants as ISO text, enums as their {@code toString}, nulls left out. What is
 * read must fit exactly.
 */
final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(
              new SimpleModule("admin").addSerializer(Instant.class, ToStringSerializer.instance))
          .addMixIn(Deployments.Deployed.class, Flat.class)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .withCoercionConfig(
              LogicalType.Textual,
              text -> {
                for (CoercionInputShape other :
                    List.of(
                        CoercionInputShape.Boolean,
                        CoercionInputShape.Integer,
                        CoercionInputShape.Float)) {
                  text.setCoercion(other, CoercionAction.Fail);
                }
              })
          .build();

  /** A plugin whose fields stand beside others. */
  private record Flat(@JsonUnwrapped PluginStatus plugin) {}

  private Json() {}

  static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * @throws Problem when it is no JSON, has an unknown key or a value that does not fit
   */
  static <T> T read(byte[] json, Class<T> type) {
    T value;
    try {
      value = MAPPER.readValue(json, type);
    } catch (UnrecognizedPropertyException unknown) {
      throw bad(
          "The body has the unknown key '%s'; there are %s"
              .formatted(
                  unknown.getPropertyName(),
                  unknown.getKnownPropertyIds().stream()
                      .map(String::valueOf)
                      .sorted()
                      .collect(Collectors.joining(", "))));
    } catch (JsonMappingException unfit) {
      String at =
          unfit.getPath().stream()
              .map(part -> part.getFieldName() == null ? "[]" : part.getFieldName())
              .collect(Collectors.joining("."));
      throw bad("The body's value at '" + at + "' does not fit");
    } catch (JsonProcessingException malformed) {
      throw bad(
          "The body is not JSON: line %d, column %d"
              .formatted(
                  malformed.getLocation() == null ? 1 : malformed.getLocation().getLineNr(),
                  malformed.getLocation() == null ? 1 : malformed.getLocation().getColumnNr()));
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    if (value == null) {
      throw bad("The body is null; it must be an object");
    }
    return value;
  }

  private static Problem bad(String detail) {
    return new Problem(AdminErrorCode.ADMIN_BAD_BODY, detail);
  }
}
