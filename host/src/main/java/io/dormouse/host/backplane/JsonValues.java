package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.dormouse.host.protocol.EventData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** JSON values with placeholders, taken apart and put together. */
final class JsonValues {
  private JsonValues() {}

  /** The elements of an array that this host wrote or has checked. */
  static List<EventData> elements(EventData array) {
    List<EventData> elements = new ArrayList<>();
    try (JsonParser parser = WireJson.parser(array.json())) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        elements.add(value(parser, array.attachments()));
      }
    } catch (IOException | MessageRefused broken) {
      throw new IllegalArgumentException("What is to be published is no JSON array.", broken);
    }
    return elements;
  }

  /** The value that a parser stands on, with those of the attachments that it names. */
  static EventData value(JsonParser parser, List<byte[]> attachments)
      throws IOException, MessageRefused {
    List<byte[]> own = new ArrayList<>(0);
    try (ByteArrayBuilder bytes = new ByteArrayBuilder()) {
      try (JsonGenerator out = WireJson.generator(bytes)) {
        WireJson.copy(parser, out, attachments, own);
      }
      return new EventData(bytes.toByteArray(), own.isEmpty() ? List.of() : own);
    }
  }

  /** An array of one value. */
  static EventData array(EventData value) {
    byte[] json = new byte[value.json().length + 2];
    json[0] = '[';
    System.arraycopy(value.json(), 0, json, 1, value.json().length);
    json[json.length - 1] = ']';
    return new EventData(json, value.attachments());
  }

  static final EventData NOTHING = new EventData("[]".getBytes(US_ASCII), List.of());
}
