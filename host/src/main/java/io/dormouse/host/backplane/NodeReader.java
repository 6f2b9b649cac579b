package io.dormouse.host.backplane;

import static io.dormouse.host.backplane.RefusalReason.FIELD;
import static io.dormouse.host.backplane.RefusalReason.LIMIT;
import static io.dormouse.host.backplane.RefusalReason.MALFORMED;
import static io.dormouse.host.backplane.RefusalReason.PLACEHOLDER;
import static io.dormouse.host.backplane.RefusalReason.RESERVED_EVENT;
import static io.dormouse.host.backplane.RefusalReason.UNKNOWN_TYPE;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.dormouse.host.namespace.SocketSnapshot;
import io.dormouse.host.protocol.EventData;
import io.dormouse.host.protocol.ReservedEvents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads messages of Node's redis-adapter and emitter, and ours. Safe for all threads. */
final class NodeReader {
  private static final int MOST_NAMES = 10_000;
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private interface Reading<T> {
    T read(JsonParser in, List<byte[]> attachments) throws IOException, MessageRefused;
  }

  /** Whether a broadcast may want more than to be delivered, such as a receipt. */
  static boolean hasMarks(byte[] payload) {
    return payload.length == 0 || payload[0] != (byte) 0x93; // an array of three
  }

  /** A message of a broadcast channel, which is always msgpack. */
  NodeMessage.Broadcast broadcast(byte[] payload) throws MessageRefused {
    if (isJson(payload)) {
      throw new MessageRefused(MALFORMED, "A broadcast is JSON, must be msgpack.");
    }
    return read(payload, NodeReader::broadcast);
  }

  /**
   * A message of a request channel.
   *
   * @param namespace that the channel is for
   */
  NodeMessage.Request request(String namespace, byte[] payload) throws MessageRefused {
    return read(payload, (in, attachments) -> Fields.of(in, attachments).request(namespace));
  }

  /** A message of a response channel. */
  NodeMessage.Response response(byte[] payload) throws MessageRefused {
    return read(payload, (in, attachments) -> Fields.of(in, attachments).response());
  }

  private static boolean isJson(byte[] payload) {
    return payload.length > 0 && payload[0] == '{';
  }

  /** Jackson lets broken UTF-8 pass, for which clients would end their connections. */
  private static byte[] utf8(byte[] json) throws MessageRefused {
    try {
      CharBuffer _ = UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
      return json;
    } catch (CharacterCodingException broken) {
      throw new MessageRefused(MALFORMED, "A message in JSON is not in UTF-8.");
    }
  }

  private static <T> T read(byte[] payload, Reading<T> reading) throws MessageRefused {
    EventData message =
        isJson(payload) ? new EventData(utf8(payload), List.of()) : MsgpackInput.toJson(payload);
    try (JsonParser in = WireJson.parser(message.json())) {
      in.nextToken();
      T read = reading.read(in, message.attachments());
      if (in.nextToken() != null) {
        throw new MessageRefused(MALFORMED, "A message goes on behind its end.");
      }
      return read;
    } catch (StreamConstraintsException limit) {
      throw new MessageRefused(LIMIT, "A message passes a limit of nesting or length.");
    } catch (IOException broken) {
      throw new MessageRefused(MALFORMED, "A message is no JSON.");
    } catch (IndexOutOfBoundsException unmatched) {
      throw new MessageRefused(PLACEHOLDER, "A placeholder names no attachment.");
    }
  }

  private static NodeMessage.Broadcast broadcast(JsonParser in, List<byte[]> attachments)
      throws IOException, MessageRefused {
    expect(in, JsonToken.START_ARRAY, "A broadcast");
    in.nextToken();
    String uid = text(in, "uid");
    in.nextToken();
    Fields packet = Fields.of(in, attachments);
    Marks marks = Marks.NONE;
    if (in.nextToken() == JsonToken.END_ARRAY) {
      throw new MessageRefused(FIELD, "A broadcast has no options.");
    }
    Options options = options(in);
    if (in.nextToken() != JsonToken.END_ARRAY) {
      Fields more = Fields.of(in, attachments);
      marks =
          new Marks(
              more.texts.get("receipt"), more.number, more.texts.get("adopted"), more.isBridged);
      while (in.nextToken() != JsonToken.END_ARRAY && in.currentToken() != null) {
        in.skipChildren();
      }
    }
    if (packet.type != 2) {
      throw new MessageRefused(UNKNOWN_TYPE, "A broadcast's packet is no event.");
    }
    return new NodeMessage.Broadcast(
        uid, packet.texts.getOrDefault("nsp", "/"), packet.event(), options, marks);
  }

  private static void expect(JsonParser in, JsonToken token, String what) throws MessageRefused {
    if (in.currentToken() != token) {
      throw new MessageRefused(FIELD, what + " is not what it has to be.");
    }
  }

  private static String text(JsonParser in, String field) throws IOException, MessageRefused {
    return switch (in.currentToken()) {
      case VALUE_STRING, VALUE_NUMBER_INT -> in.getText();
      case null, default -> throw new MessageRefused(FIELD, "'" + field + "' is no text.");
    };
  }

  private static List<String> names(JsonParser in, String field)
      throws IOException, MessageRefused {
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      return List.of();
    }
    expect(in, JsonToken.START_ARRAY, "'" + field + "'");
    List<String> names = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (names.size() == MOST_NAMES) {
        throw new MessageRefused(LIMIT, "'" + field + "' has too many names.");
      }
      names.add(text(in, field));
    }
    return names;
  }

  private static Options options(JsonParser in) throws IOException, MessageRefused {
    expect(in, JsonToken.START_OBJECT, "'opts'");
    Set<String> rooms = Set.of();
    Set<String> except = Set.of();
    boolean isVolatile = false;
    boolean compress = true;
    Duration timeout = null;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      switch (name) {
        case "rooms" -> rooms = new LinkedHashSet<>(names(in, name));
        case "except" -> except = new LinkedHashSet<>(names(in, name));
        case "flags" -> {
          if (in.currentToken() != JsonToken.START_OBJECT) {
            in.skipChildren();
            break;
          }
          while (in.nextToken() == JsonToken.FIELD_NAME) {
            String flag = in.currentName();
            in.nextToken();
            switch (flag) {
              case "volatile" -> isVolatile = in.currentToken() == JsonToken.VALUE_TRUE;
              case "compress" -> compress = in.currentToken() != JsonToken.VALUE_FALSE;
              case "timeout" -> timeout = wait(in);
              default -> in.skipChildren();
            }
          }
        }
        default -> in.skipChildren();
      }
    }
    return new Options(rooms, except, isVolatile, compress, timeout);
  }

  private static @Nullable Duration wait(JsonParser in) throws IOException {
    if (!in.currentToken().isNumeric()) {
      in.skipChildren();
      return null;
    }
    double millis = in.getDoubleValue();
    return millis < 1 || millis > LONGEST_WAIT.toMillis()
        ? LONGEST_WAIT
        : Duration.ofMillis((long) millis);
  }

  /** The fields of a packet, a request or a response, whatever their order. */
  private static final class Fields {
    final Map<String, String> texts = new LinkedHashMap<>();
    int type = -1;
    long number;
    boolean isBridged;
    boolean isReceipt;
    boolean close;
    int clientCount;
    int hosts;
    int sockets;
    @Nullable EventData data;
    @Nullable EventData packet;
    @Nullable EventData all;
    @Nullable Options options;
    @Nullable List<String> rooms;
    @Nullable List<SocketSnapshot> found;
    @Nullable List<String> ids;
    @Nullable Fields inner;

    static Fields of(JsonParser in, List<byte[]> attachments) throws IOException, MessageRefused {
      expect(in, JsonToken.START_OBJECT, "A message");
      Fields fields = new Fields();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        in.nextToken();
        fields.read(name, in, attachments);
      }
      return fields;
    }

    private void read(String name, JsonParser in, List<byte[]> attachments)
        throws IOException, MessageRefused {
      switch (name) {
        case "type" -> {
          isReceipt = in.currentToken() == JsonToken.VALUE_STRING && in.getText().equals("receipt");
          if (!isReceipt) {
            type = number(in, name);
          }
        }
        case "uid", "nsp", "requestId", "sid", "room", "receipt", "adopted" -> {
          if (in.currentToken() != JsonToken.VALUE_NULL) {
            texts.put(name, text(in, name));
          }
        }
        case "data" -> data = JsonValues.value(in, attachments);
        case "packet" -> {
          if (type == 9) {
            packet = JsonValues.value(in, attachments);
          } else if (in.currentToken() == JsonToken.START_OBJECT && type == 7) {
            inner = of(in, attachments);
          } else {
            // The type comes later, or this is an ack's value.
            packet = JsonValues.value(in, attachments);
          }
        }
        case NodeWriter.ALL -> all = JsonValues.value(in, attachments);
        case "opts" -> options = NodeReader.options(in);
        case "rooms" -> rooms = names(in, name);
        case "close" -> close = in.currentToken() == JsonToken.VALUE_TRUE;
        case "bridged" -> isBridged = in.currentToken() == JsonToken.VALUE_TRUE;
        case "number" -> number = in.currentToken().isNumeric() ? in.getLongValue() : 0;
        case "clientCount" -> clientCount = number(in, name);
        case "hosts" -> hosts = number(in, name);
        case "sockets" -> sockets(in);
        default -> in.skipChildren();
      }
    }

    private static int number(JsonParser in, String field) throws IOException, MessageRefused {
      if (!in.currentToken().isNumeric()) {
        throw new MessageRefused(FIELD, "'" + field + "' is no number.");
      }
      double value = in.getDoubleValue();
      if (value < 0 || value > 1_000_000_000) {
        throw new MessageRefused(FIELD, "'" + field + "' is out of range.");
      }
      return (int) value;
    }

    private void sockets(JsonParser in) throws IOException, MessageRefused {
      if (in.currentToken().isNumeric()) {
        sockets = number(in, "sockets");
        return;
      }
      expect(in, JsonToken.START_ARRAY, "'sockets'");
      found = new ArrayList<>();
      ids = new ArrayList<>();
      while (in.nextToken() != JsonToken.END_ARRAY) {
        if (in.currentToken() == JsonToken.START_OBJECT) {
          found.add(SocketReader.read(in));
        } else {
          ids.add(text(in, "sockets"));
        }
      }
    }

    EventData event() throws MessageRefused {
      EventData event = data;
      if (event == null || event.json().length == 0 || event.json()[0] != '[') {
        throw new MessageRefused(FIELD, "An event's 'data' is no array.");
      }
      try {
        if (ReservedEvents.contains(event.name())) {
          throw new MessageRefused(RESERVED_EVENT, "The event has a name that is reserved.");
        }
      } catch (IllegalArgumentException nameless) {
        throw new MessageRefused(FIELD, "An event's 'data' does not begin with its name.");
      }
      return event;
    }

    private String requestId() throws MessageRefused {
      String id = texts.get("requestId");
      if (id == null) {
        throw new MessageRefused(FIELD, "'requestId' is missing.");
      }
      return id;
    }

    /** Requests of older adapters name one socket in the place of options. */
    private Options chosen() throws MessageRefused {
      String sid = texts.get("sid");
      if (options == null && sid == null) {
        throw new MessageRefused(FIELD, "'opts' is missing.");
      }
      return options == null ? Options.to(Set.of(sid), Set.of()) : options;
    }

    private List<String> roomNames() throws MessageRefused {
      String room = texts.get("room");
      if (rooms == null && room == null) {
        throw new MessageRefused(FIELD, "'rooms' is missing.");
      }
      return rooms == null ? List.of(room) : rooms;
    }

    NodeMessage.Request request(String namespace) throws MessageRefused {
      String uid = texts.get("uid");
      // Only the older form is answered.
      String old = options == null ? texts.get("requestId") : null;
      return switch (type) {
        case 0 ->
            new NodeMessage.SocketsRequest(
                namespace,
                uid,
                requestId(),
                Options.to(rooms == null ? Set.of() : new LinkedHashSet<>(rooms), Set.of()));
        case 1 -> new NodeMessage.RoomsRequest(namespace, uid, requestId());
        case 2 -> new NodeMessage.Join(namespace, uid, chosen(), roomNames(), old);
        case 3 -> new NodeMessage.Leave(namespace, uid, chosen(), roomNames(), old);
        case 4 -> new NodeMessage.Disconnect(namespace, uid, chosen(), close, old);
        case 5 -> new NodeMessage.FetchRequest(namespace, uid, requestId(), chosen());
        case 6 -> new NodeMessage.ServerSideEmit(namespace, uid, texts.get("requestId"), event());
        case 7 -> ackRequest(namespace, uid);
        default -> throw new MessageRefused(UNKNOWN_TYPE, "A request has an unknown type.");
      };
    }

    private NodeMessage.AckRequest ackRequest(String namespace, @Nullable String uid)
        throws MessageRefused {
      Fields asked = inner;
      if (asked == null && packet != null) {
        asked = read(packet.json(), packet.attachments());
      }
      if (asked == null || options == null) {
        throw new MessageRefused(FIELD, "'packet' or 'opts' is missing.");
      }
      return new NodeMessage.AckRequest(
          asked.texts.getOrDefault("nsp", namespace), uid, requestId(), asked.event(), options);
    }

    private static Fields read(byte[] json, List<byte[]> attachments) throws MessageRefused {
      try (JsonParser in = WireJson.parser(json)) {
        in.nextToken();
        return of(in, attachments);
      } catch (IOException broken) {
        throw new MessageRefused(MALFORMED, "A message is no JSON.");
      }
    }

    NodeMessage.Response response() throws MessageRefused {
      String id = requestId();
      if (isReceipt) {
        return new NodeMessage.ReceiptResponse(id, sockets, hosts);
      }
      return switch (type) {
        case 6 -> new NodeMessage.ServerSideResponse(id, arguments(data));
        case 8 -> new NodeMessage.CountResponse(id, clientCount, hosts);
        case 9 -> new NodeMessage.AckResponse(id, arguments(packet));
        default -> {
          if (found != null && ids != null) {
            yield ids.isEmpty()
                ? new NodeMessage.FetchResponse(id, found)
                : new NodeMessage.SocketsResponse(id, ids);
          }
          yield rooms != null
              ? new NodeMessage.RoomsResponse(id, rooms)
              : new NodeMessage.DoneResponse(id);
        }
      };
    }

    private EventData arguments(@Nullable EventData first) throws MessageRefused {
      if (all != null) {
        if (all.json()[0] != '[') {
          throw new MessageRefused(FIELD, "An answer's arguments are no array.");
        }
        return all;
      }
      return first == null ? JsonValues.NOTHING : JsonValues.array(first);
    }
  }
}
