package io.dormouse.host.backplane;

import static io.dormouse.host.backplane.RefusalReason.LIMIT;
import static io.dormouse.host.backplane.RefusalReason.MALFORMED;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plain data of a JSON text: null, Boolean, Integer, Long, BigInteger, Double, String, List and
 * Map. NaN and Infinity, which Python writes, are no JSON.
 */
final class PlainJson {
  private final JsonParser parser;
  private int left;

  private PlainJson(JsonParser parser, int values) {
    this.parser = parser;
    this.left = values;
  }

  /** For reading and writing within limits. */
  static JsonFactory factory(PlainLimits limits) {
    return new JsonFactoryBuilder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(limits.nesting())
                .maxNumberLength(1_000)
                .maxNameLength(1_000)
                .build())
        .streamWriteConstraints(
            StreamWriteConstraints.builder().maxNestingDepth(limits.nesting()).build())
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        // Keys chosen to collide would fill the table of known keys until honest ones are refused.
        .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
        .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
        .build();
  }

  static @Nullable Object read(JsonFactory factory, byte[] json, PlainLimits limits)
      throws MessageRefused {
    // Raw NULs are no JSON, but Jackson would take "{" NUL for the beginning of UTF-16.
    if (json.length > 1 && json[1] == 0) {
      throw new MessageRefused(MALFORMED, "The message is no JSON at byte 1");
    }
    try (JsonParser parser = factory.createParser(json)) {
      try {
        PlainJson reading = new PlainJson(parser, limits.values());
        Object value = reading.value(parser.nextToken());
        if (parser.nextToken() != null) {
          throw malformed(parser);
        }
        return value;
      } catch (StreamConstraintsException passed) {
        throw new MessageRefused(
            LIMIT, "The message passes a limit of nesting or length at byte " + at(parser));
      } catch (IOException broken) {
        throw malformed(parser);
      }
    } catch (IOException impossible) {
      throw new IllegalStateException("Closing a parser of bytes in memory failed.", impossible);
    }
  }

  /** Nesting is limited by the parser. */
  private @Nullable Object value(@Nullable JsonToken token) throws IOException, MessageRefused {
    if (--left < 0) {
      throw new MessageRefused(LIMIT, "The message has too many values");
    }
    return switch (token) {
      case START_OBJECT -> object();
      case START_ARRAY -> array();
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getNumberValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case null, default -> throw malformed(parser);
    };
  }

  private Map<String, @Nullable Object> object() throws IOException, MessageRefused {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      object.put(parser.currentName(), value(parser.nextToken()));
    }
    return object;
  }

  private List<@Nullable Object> array() throws IOException, MessageRefused {
    List<@Nullable Object> array = new ArrayList<>();
    for (JsonToken next = parser.nextToken();
        next != JsonToken.END_ARRAY;
        next = parser.nextToken()) {
      array.add(value(next));
    }
    return array;
  }

  private static MessageRefused malformed(JsonParser parser) {
    return new MessageRefused(MALFORMED, "The message is no JSON at byte " + at(parser));
  }

  private static long at(JsonParser parser) {
    return parser.currentLocation().getByteOffset();
  }
}
