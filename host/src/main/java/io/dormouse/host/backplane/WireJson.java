package io.dormouse.host.backplane;

import static io.dormouse.host.backplane.RefusalReason.NOT_DATA;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** How messages of other hosts are read and written where they are JSON. */
final class WireJson {
  /** Arrays and objects inside each other; as much as a plugin may emit. */
  static final int MAX_NESTING = 200;

  /** The key of an object that stands for an attachment. */
  static final String PLACEHOLDER = "_placeholder";

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_NESTING + 2)
                  .maxNumberLength(1_000)
                  .maxNameLength(50_000)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .streamWriteConstraints(
              StreamWriteConstraints.builder().maxNestingDepth(MAX_NESTING + 2).build())
          // As for packets of clients: buffers of no thread, keys remembered for no sender.
          .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .build();

  private WireJson() {}

  static JsonParser parser(byte[] json) throws IOException {
    return FACTORY.createParser(json);
  }

  static JsonGenerator generator(OutputStream out) throws IOException {
    return FACTORY.createGenerator(out);
  }

  static void placeholder(JsonGenerator out, int number) throws IOException {
    out.writeStartObject();
    out.writeBooleanField(PLACEHOLDER, true);
    out.writeNumberField("num", number);
    out.writeEndObject();
  }

  /** Goes from a placeholder's first value to its number. */
  static int placeholderNumber(JsonParser parser) throws IOException {
    parser.nextToken();
    parser.nextToken();
    return parser.getIntValue();
  }

  /**
   * Copies the value that a parser stands on. Placeholders get the numbers that fit where they go.
   *
   * @param from the attachments of what is copied; without any, it may have no placeholder
   * @param to where those of the copied value are added
   */
  static void copy(JsonParser parser, JsonGenerator out, List<byte[]> from, List<byte[]> to)
      throws IOException, MessageRefused {
    int depth = 0;
    do {
      JsonToken token = parser.currentToken();
      out.copyCurrentEventExact(parser);
      if (token == JsonToken.VALUE_TRUE && PLACEHOLDER.equals(parser.currentName())) {
        if (from.isEmpty()) {
          throw new MessageRefused(
              NOT_DATA, "A message in JSON has a placeholder, but no attachment.");
        }
        byte[] attachment = from.get(placeholderNumber(parser));
        out.writeNumberField("num", to.size());
        to.add(attachment);
      }
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
    } while (depth > 0 && parser.nextToken() != null);
  }
}
