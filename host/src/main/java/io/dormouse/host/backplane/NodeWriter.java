package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.dormouse.host.namespace.SocketSnapshot;
import io.dormouse.host.protocol.EventData;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages as Node's redis-adapter does. What Node cannot say stands where it does not look:
 * in further elements and keys.
 */
final class NodeWriter {
  /** The key of an answer's arguments when there are more than the one that Node takes. */
  static final String ALL = "all";

  private static final byte[] JSON_HEAD = "{\"uid\":".getBytes(UTF_8);
  private static final byte[] MAP_HEAD = msgpack(out -> out.text("uid"));

  private NodeWriter() {}

  /** An event for sockets. */
  static Body broadcast(String namespace, EventData event, Options options, Marks marks) {
    int more = marks.count();
    byte[] after =
        msgpack(
            out -> {
              packet(out, namespace, event);
              options(out, options);
              if (more > 0) {
                out.map(more);
              }
              if (marks.receipt() != null) {
                out.text("receipt");
                out.text(marks.receipt());
              }
              if (marks.number() != 0) {
                out.text("number");
                out.number(marks.number());
              }
              if (marks.adopted() != null) {
                out.text("adopted");
                out.text(marks.adopted());
              }
              if (marks.isBridged()) {
                out.text("bridged");
                out.flag(true);
              }
            });
    return new Body(true, msgpack(out -> out.array(more == 0 ? 3 : 4)), after);
  }

  static Body join(Options options, Collection<String> rooms) {
    return rooms(2, options, rooms);
  }

  static Body leave(Options options, Collection<String> rooms) {
    return rooms(3, options, rooms);
  }

  private static Body rooms(int type, Options options, Collection<String> rooms) {
    return json(
        type,
        null,
        out -> {
          options(out, options);
          texts(out, "rooms", rooms);
        });
  }

  static Body disconnect(Options options, boolean close) {
    return json(
        4,
        null,
        out -> {
          options(out, options);
          out.writeBooleanField("close", close);
        });
  }

  static Body roomsRequest(String requestId) {
    return json(1, requestId, out -> {});
  }

  static Body fetchRequest(String requestId, Options options) {
    return json(5, requestId, out -> options(out, options));
  }

  /**
   * An event for servers. With binary it is written in msgpack, which Node reads too.
   *
   * @param requestId null when no answer is wanted
   */
  static Body serverSideEmit(@Nullable String requestId, EventData event) {
    if (event.attachments().isEmpty()) {
      return json(6, requestId, out -> raw(out, "data", event.json()));
    }
    return map(
        6,
        requestId,
        1,
        out -> {
          out.text("data");
          out.data(event);
        });
  }

  /** An event for sockets, whose acks are wanted. */
  static Body ackRequest(String namespace, String requestId, EventData event, Options options) {
    return map(
        7,
        requestId,
        2,
        out -> {
          out.text("packet");
          packet(out, namespace, event);
          out.text("opts");
          options(out, options);
        });
  }

  static Body socketsResponse(String requestId, Collection<String> ids) {
    return json(-1, requestId, out -> texts(out, "sockets", ids));
  }

  static Body roomsResponse(String requestId, Collection<String> rooms) {
    return json(-1, requestId, out -> texts(out, "rooms", rooms));
  }

  static Body fetchResponse(String requestId, List<SocketSnapshot> sockets) {
    return json(
        -1,
        requestId,
        out -> {
          out.writeArrayFieldStart("sockets");
          for (SocketSnapshot socket : sockets) {
            socket(out, socket);
          }
          out.writeEndArray();
        });
  }

  /**
   * What a handler answered; Node takes the first argument.
   *
   * @param arguments a JSON array
   */
  static Body serverSideResponse(String requestId, EventData arguments) {
    List<EventData> values = JsonValues.elements(arguments);
    if (!arguments.attachments().isEmpty()) {
      return answer(6, requestId, "data", values, arguments);
    }
    return json(
        6,
        requestId,
        out -> {
          if (!values.isEmpty()) {
            raw(out, "data", values.getFirst().json());
          }
          if (values.size() > 1) {
            raw(out, ALL, arguments.json());
          }
        });
  }

  /**
   * How many sockets of this host will be waited for; none, too.
   *
   * @param hosts how many hosts serve the namespace, this one among them
   */
  static Body countResponse(String requestId, int clientCount, int hosts) {
    return json(
        8,
        requestId,
        out -> {
          out.writeNumberField("clientCount", clientCount);
          out.writeNumberField("hosts", hosts);
        });
  }

  /**
   * What one client answered; Node takes the first argument.
   *
   * @param arguments a JSON array
   */
  static Body ackResponse(String requestId, EventData arguments) {
    return answer(9, requestId, "packet", JsonValues.elements(arguments), arguments);
  }

  /**
   * How many sockets of this host a broadcast reached.
   *
   * @param hosts how many hosts serve the namespace, this one among them
   */
  static Body receipt(String receipt, int sockets, int hosts) {
    return json(
        -1,
        receipt,
        out -> {
          out.writeStringField("type", "receipt");
          out.writeNumberField("sockets", sockets);
          out.writeNumberField("hosts", hosts);
        });
  }

  /** Says that a request of the older form was done. */
  static Body done(String requestId) {
    return json(-1, requestId, out -> {});
  }

  /** The first argument where Node looks for it; all of them, when there are more, behind that. */
  private static Body answer(
      int type, String requestId, String name, List<EventData> values, EventData arguments) {
    return map(
        type,
        requestId,
        values.size() > 1 ? 2 : values.size(),
        out -> {
          if (!values.isEmpty()) {
            out.text(name);
            out.data(values.getFirst());
          }
          if (values.size() > 1) {
            out.text(ALL);
            out.data(arguments);
          }
        });
  }

  private static void packet(MsgpackOutput out, String namespace, EventData event) {
    out.map(3);
    out.text("type");
    out.number(2);
    out.text("data");
    out.data(event);
    out.text("nsp");
    out.text(namespace);
  }

  private static void options(MsgpackOutput out, Options options) {
    out.map(3);
    out.text("rooms");
    out.texts(options.rooms());
    out.text("except");
    out.texts(options.except());
    out.text("flags");
    out.map(
        (options.isVolatile() ? 1 : 0)
            + (options.compress() ? 0 : 1)
            + (options.timeout() == null ? 0 : 1));
    if (options.isVolatile()) {
      out.text("volatile");
      out.flag(true);
    }
    if (!options.compress()) {
      out.text("compress");
      out.flag(false);
    }
    if (options.timeout() != null) {
      out.text("timeout");
      out.number(options.timeout().toMillis());
    }
  }

  private static void options(JsonGenerator out, Options options) throws IOException {
    out.writeObjectFieldStart("opts");
    texts(out, "rooms", options.rooms());
    texts(out, "except", options.except());
    out.writeEndObject();
  }

  private static void socket(JsonGenerator out, SocketSnapshot socket) throws IOException {
    SocketSnapshot.Greeting handshake = socket.handshake();
    out.writeStartObject();
    out.writeStringField("id", socket.id());
    out.writeObjectFieldStart("handshake");
    texts(out, "headers", handshake.headers());
    out.writeStringField(
        "time", RFC_1123_DATE_TIME.format(handshake.issued().atOffset(ZoneOffset.UTC)));
    out.writeStringField("address", handshake.address());
    out.writeBooleanField("xdomain", handshake.crossOrigin());
    out.writeBooleanField("secure", handshake.secure());
    out.writeNumberField("issued", handshake.issued().toEpochMilli());
    out.writeStringField("url", handshake.url());
    texts(out, "query", handshake.query());
    raw(out, "auth", handshake.auth());
    out.writeEndObject();
    texts(out, "rooms", socket.rooms());
    raw(out, "data", socket.data());
    out.writeEndObject();
  }

  private static void texts(JsonGenerator out, String name, Collection<String> values)
      throws IOException {
    out.writeArrayFieldStart(name);
    for (String value : values) {
      out.writeString(value);
    }
    out.writeEndArray();
  }

  private static void texts(JsonGenerator out, String name, Map<String, String> values)
      throws IOException {
    out.writeObjectFieldStart(name);
    for (Map.Entry<String, String> value : values.entrySet()) {
      out.writeStringField(value.getKey(), value.getValue());
    }
    out.writeEndObject();
  }

  private static void raw(JsonGenerator out, String name, byte[] json) throws IOException {
    out.writeFieldName(name);
    out.writeRawValue(new String(json, UTF_8));
  }

  private interface Fields<T> {
    void write(T out) throws IOException;
  }

  private static Body json(int type, @Nullable String requestId, Fields<JsonGenerator> fields) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder()) {
      try (JsonGenerator out = WireJson.generator(bytes)) {
        out.writeStartObject();
        if (requestId != null) {
          out.writeStringField("requestId", requestId);
        }
        if (type >= 0) {
          out.writeNumberField("type", type);
        }
        fields.write(out);
        out.writeEndObject();
      }
      byte[] object = bytes.toByteArray();
      // What follows the uid, in the place of the brace.
      object[0] = (byte) (object[1] == '}' ? ' ' : ',');
      return new Body(false, JSON_HEAD, object);
    } catch (IOException impossible) {
      throw new IllegalStateException("Writing into memory failed.", impossible);
    }
  }

  private static Body map(
      int type, @Nullable String requestId, int more, Fields<MsgpackOutput> fields) {
    byte[] head =
        msgpack(
            out -> {
              out.map(2 + (requestId == null ? 0 : 1) + more);
              out.raw(MAP_HEAD);
            });
    byte[] after =
        msgpack(
            out -> {
              out.text("type");
              out.number(type);
              if (requestId != null) {
                out.text("requestId");
                out.text(requestId);
              }
              fields.write(out);
            });
    return new Body(true, head, after);
  }

  private static byte[] msgpack(Fields<MsgpackOutput> fields) {
    MsgpackOutput out = new MsgpackOutput(200);
    try {
      fields.write(out);
    } catch (IOException impossible) {
      throw new IllegalStateException("Writing into memory failed.", impossible);
    }
    return out.toBytes();
  }
}
