package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.dormouse.host.namespace.Target;
import io.dormouse.host.protocol.EventData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages for python-socketio's servers. What one argument can say is written so that each
 * version reads it; what only some can, for the version that was named.
 */
final class PythonWriter {
  /** What is written here is known to be right, and was limited where it came from. */
  private static final PlainLimits UNLIMITED =
      new PlainLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, 1_000, Integer.MAX_VALUE);

  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .build();

  private final String hostId;
  private final boolean pickles;

  /**
   * @param hostId by which this host knows its own messages
   * @param pickles whether the servers are of a version up to 5.13
   */
  PythonWriter(String hostId, boolean pickles) {
    this.hostId = hostId;
    this.pickles = pickles;
  }

  /** An event's name and its arguments as they stand in JSON, which is known to be right. */
  private record Parts(String name, String arguments, int count, boolean firstIsList) {
    static Parts of(byte[] json) {
      try (JsonParser parser = JSON.createParser(json)) {
        parser.nextToken();
        parser.nextToken();
        final String name = parser.getText();
        int from = 0;
        int count = 0;
        boolean firstIsList = false;
        JsonToken token = parser.nextToken();
        while (token != JsonToken.END_ARRAY) {
          if (count++ == 0) {
            from = (int) parser.currentTokenLocation().getByteOffset();
            firstIsList = token == JsonToken.START_ARRAY;
          }
          parser.skipChildren();
          token = parser.nextToken();
        }
        int to = (int) parser.currentTokenLocation().getByteOffset();
        return new Parts(
            name, count == 0 ? "" : new String(json, from, to - from, UTF_8), count, firstIsList);
      } catch (IOException impossible) {
        throw new IllegalStateException("The data of an event is no JSON.", impossible);
      }
    }
  }

  /** Rooms that {@code target} leaves out are taken for sockets there: Python has no others. */
  byte[] emit(String namespace, Target target, EventData event) {
    Parts parts = Parts.of(event.json());
    boolean binary = !event.attachments().isEmpty();
    boolean plain = parts.count == 0 || (parts.count == 1 && !parts.firstIsList && !binary);
    return plain || !pickles
        ? json(namespace, target, parts, event.attachments(), plain)
        : pickle(namespace, target, parts, event);
  }

  private byte[] json(
      String namespace, Target target, Parts parts, List<byte[]> attachments, boolean plain) {
    return write(
        json -> {
          json.writeStringField("method", "emit");
          json.writeStringField("event", parts.name);
          json.writeFieldName("data");
          if (plain) {
            // Without the key 'binary' each version takes it for the one argument.
            json.writeRawValue(parts.count == 0 ? "null" : parts.arguments);
          } else {
            data(json, parts, attachments);
            json.writeBooleanField("binary", !attachments.isEmpty());
          }
          json.writeStringField("namespace", namespace);
          names(json, "room", target.rooms());
          names(json, "skip_sid", target.except());
          json.writeNullField("callback");
          json.writeStringField("host_id", hostId);
        });
  }

  private static void data(JsonGenerator json, Parts parts, List<byte[]> attachments)
      throws IOException {
    String list = "[" + parts.arguments + "]";
    if (attachments.isEmpty()) {
      json.writeRawValue(list);
      return;
    }
    json.writeStartArray();
    // Servers of 5.14 know only one argument here, and newer ones understand that too.
    json.writeRawValue(parts.count == 1 && !parts.firstIsList ? parts.arguments : list);
    for (byte[] attachment : attachments) {
      json.writeString(Base64.getEncoder().encodeToString(attachment));
    }
    json.writeEndArray();
  }

  private static void names(JsonGenerator json, String field, Collection<String> names)
      throws IOException {
    json.writeFieldName(field);
    switch (names.size()) {
      case 0 -> json.writeNull();
      case 1 -> json.writeString(names.iterator().next());
      default -> json.writeArray(names.toArray(String[]::new), 0, names.size());
    }
  }

  private byte[] pickle(String namespace, Target target, Parts parts, EventData event) {
    List<@Nullable Object> arguments = values("[" + parts.arguments + "]", event.attachments());
    Map<String, @Nullable Object> message = new LinkedHashMap<>();
    message.put("method", "emit");
    message.put("event", parts.name);
    message.put("data", arguments.size() == 1 ? arguments.getFirst() : arguments.toArray());
    message.put("namespace", namespace);
    message.put("room", names(target.rooms()));
    message.put("skip_sid", names(target.except()));
    message.put("callback", null);
    message.put("host_id", hostId);
    return PickleOutput.write(message);
  }

  private static @Nullable Object names(Collection<String> names) {
    return switch (names.size()) {
      case 0 -> null;
      case 1 -> names.iterator().next();
      default -> new ArrayList<>(names);
    };
  }

  /** What is to be done with a socket, a room, or both. */
  byte[] request(String method, String namespace, @Nullable String sid, @Nullable String room) {
    return write(
        json -> {
          json.writeStringField("method", method);
          if (sid != null) {
            json.writeStringField("sid", sid);
          }
          if (room != null) {
            json.writeStringField("room", room);
          }
          json.writeStringField("namespace", namespace);
          json.writeStringField("host_id", hostId);
        });
  }

  /**
   * What a client acknowledged, for the server that asked. With binary it is a pickle: those that
   * read no pickles cannot read binary here either.
   */
  byte[] answer(PythonMessage.Callback callback, EventData arguments) {
    if (!arguments.attachments().isEmpty()) {
      Map<String, @Nullable Object> message = new LinkedHashMap<>();
      message.put("method", "callback");
      message.put("host_id", callback.hostId());
      message.put("sid", callback.sid());
      message.put("namespace", callback.namespace());
      message.put("id", callback.id());
      message.put(
          "args", values(new String(arguments.json(), UTF_8), arguments.attachments()).toArray());
      return PickleOutput.write(message);
    }
    return write(
        json -> {
          json.writeStringField("method", "callback");
          json.writeStringField("host_id", callback.hostId());
          json.writeStringField("sid", callback.sid());
          json.writeStringField("namespace", callback.namespace());
          json.writeNumberField("id", callback.id());
          json.writeFieldName("args");
          json.writeRawValue(new String(arguments.json(), UTF_8));
        });
  }

  private static List<@Nullable Object> values(String list, List<byte[]> attachments) {
    try {
      List<@Nullable Object> values = new ArrayList<>();
      if (PlainJson.read(JSON, list.getBytes(UTF_8), UNLIMITED) instanceof List<?> read) {
        read.forEach(value -> values.add(filled(value, attachments)));
      }
      return values;
    } catch (MessageRefused impossible) {
      throw new IllegalStateException("The data of an event is no JSON.", impossible);
    }
  }

  /** The value, with binary in the place of placeholders. */
  private static @Nullable Object filled(@Nullable Object value, List<byte[]> attachments) {
    return switch (value) {
      case Map<?, ?> object
          when Boolean.TRUE.equals(object.get("_placeholder"))
              && object.get("num") instanceof Integer number
              && number < attachments.size() ->
          attachments.get(number);
      case Map<?, ?> object -> {
        Map<Object, @Nullable Object> filled = new LinkedHashMap<>();
        object.forEach((key, field) -> filled.put(key, filled(field, attachments)));
        yield filled;
      }
      case List<?> list -> {
        List<@Nullable Object> filled = new ArrayList<>();
        list.forEach(element -> filled.add(filled(element, attachments)));
        yield filled;
      }
      case null, default -> value;
    };
  }

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] write(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new IllegalStateException("Writing to memory failed.", impossible);
    }
    return bytes.toByteArray();
  }
}
