package io.dormouse.host.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value that is read leniently: what is missing is empty, so that a command goes on with a
 * host of another version. A tree of its own on Jackson's tokens, since loading its data binding
 * takes as long as all the rest of a command.
 *
 * @param value a map, list, text, number, boolean or null
 */
record Json(@Nullable Object value) {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final Json NOTHING = new Json(null);

  /** Writes one value. */
  interface Writing {
    void to(JsonGenerator generator) throws IOException;
  }

  /**
   * @throws IOException when the text is anything but one JSON value
   */
  static Json read(String text) throws IOException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new IOException("There is no JSON value");
      }
      Json json = new Json(value(parser));
      if (parser.nextToken() != null) {
        throw new IOException("There is more than one JSON value");
      }
      return json;
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new BigDecimal(parser.getText());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> parser.getText();
    };
  }

  private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      parser.nextToken();
      object.put(key, value(parser));
    }
    return object;
  }

  private static List<@Nullable Object> array(JsonParser parser) throws IOException {
    List<@Nullable Object> array = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser));
    }
    return array;
  }

  static String write(Writing writing) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(text)) {
      writing.to(generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** The value of a key; of anything but an object, and when missing, null. */
  Json at(String key) {
    return value instanceof Map<?, ?> map ? new Json(map.get(key)) : NOTHING;
  }

  /** The values of an array; of anything else, none. */
  List<Json> list(String key) {
    return at(key).value() instanceof List<?> list
        ? list.stream().map(Json::new).toList()
        : List.of();
  }

  /** The texts of an array. */
  List<String> texts(String key) {
    return list(key).stream().map(Json::text).toList();
  }

  /** Text as it is, numbers and booleans as text; null and the rest are empty. */
  String text() {
    return switch (value) {
      case String text -> text;
      case BigDecimal number -> number.toPlainString();
      case Boolean flag -> flag.toString();
      case null, default -> "";
    };
  }

  String text(String key) {
    return at(key).text();
  }

  /** Keys and texts of an object, in its order. */
  Map<String, String> fields(String key) {
    Map<String, String> fields = new LinkedHashMap<>();
    if (at(key).value() instanceof Map<?, ?> map) {
      map.forEach((name, field) -> fields.put(String.valueOf(name), new Json(field).text()));
    }
    return fields;
  }

  boolean isTrue(String key) {
    return Boolean.TRUE.equals(at(key).value());
  }

  /** Null when missing or no instant. */
  @Nullable Instant instant(String key) {
    try {
      return Instant.parse(text(key));
    } catch (DateTimeParseException _) {
      return null;
    }
  }
}
