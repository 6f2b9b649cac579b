package io.dormouse.host.backplane;

import static io.dormouse.host.backplane.RefusalReason.FIELD;
import static io.dormouse.host.backplane.RefusalReason.RESERVED_EVENT;
import static io.dormouse.host.backplane.RefusalReason.TOO_LARGE;
import static io.dormouse.host.backplane.RefusalReason.UNKNOWN_TYPE;

import com.fasterxml.jackson.core.JsonFactory;
import io.dormouse.host.protocol.EventData;
import io.dormouse.host.protocol.ReservedEvents;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what python-socketio publishes on Redis: pickle up to 5.13, JSON since. Every message is
 * read or refused, whatever its bytes are.
 */
final class PythonWire {
  private static final int PICKLE = 0x80;

  private final PlainLimits limits;
  private final JsonFactory json;

  /**
   * @param maxMessage bytes
   */
  PythonWire(int maxMessage) {
    this.limits = PlainLimits.of(maxMessage);
    this.json = PlainJson.factory(limits);
  }

  PythonMessage read(byte[] payload) throws MessageRefused {
    if (payload.length > limits.bytes()) {
      throw new MessageRefused(
          TOO_LARGE,
          "The message has "
              + payload.length
              + " bytes, more than the "
              + limits.bytes()
              + " of dormouse.backplane.max-message");
    }
    Object message =
        payload.length > 0 && (payload[0] & 0xff) == PICKLE
            ? PlainPickle.read(payload, limits)
            : PlainJson.read(json, payload, limits);
    if (!(message instanceof Map<?, ?> fields)) {
      throw new MessageRefused(FIELD, "The message is no dictionary");
    }
    return message(new PythonFields(fields));
  }

  private PythonMessage message(PythonFields fields) throws MessageRefused {
    String hostId = fields.textOrNull("host_id");
    return switch (fields.text("method")) {
      case "emit" -> emit(hostId, fields);
      case "callback" ->
          new PythonMessage.Callback(hostId, fields.sid(), fields.namespace(), fields.number("id"));
      case "disconnect" -> new PythonMessage.Disconnect(hostId, fields.sid(), fields.namespace());
      case "close_room" -> new PythonMessage.CloseRoom(hostId, fields.room(), fields.namespace());
      case "enter_room" ->
          new PythonMessage.EnterRoom(hostId, fields.sid(), fields.room(), fields.namespace());
      case "leave_room" ->
          new PythonMessage.LeaveRoom(hostId, fields.sid(), fields.room(), fields.namespace());
      default -> throw new MessageRefused(UNKNOWN_TYPE, "The message's method is not known");
    };
  }

  private PythonMessage emit(@Nullable String hostId, PythonFields fields) throws MessageRefused {
    String event = fields.text("event");
    if (ReservedEvents.contains(event)) {
      throw new MessageRefused(
          RESERVED_EVENT, "The event '" + event + "' is one that Socket.IO keeps for itself");
    }
    return new PythonMessage.Emit(
        hostId,
        fields.namespace(),
        event(event, fields),
        fields.rooms(),
        fields.skipped(),
        callback(hostId, fields.value("callback")));
  }

  /** The meaning of {@code data} hangs on the version that wrote it, see "Reading JSON". */
  private EventData event(String name, PythonFields fields) throws MessageRefused {
    Object data = fields.value("data");
    if (Boolean.TRUE.equals(fields.value("binary"))) {
      return withAttachments(name, data);
    }
    boolean isNew = Boolean.FALSE.equals(fields.value("binary"));
    List<?> arguments =
        switch (data) {
          case null -> List.of();
          case Object[] tuple -> Arrays.asList(tuple);
          case List<?> list when isNew ->
              list.size() == 1 && list.getFirst() == null ? List.of() : list;
          default -> List.of(data);
        };
    return PlainEvent.write(json, name, arguments, List.of(), limits);
  }

  /** A list whose first element has placeholders for the texts that follow it. */
  private EventData withAttachments(String name, @Nullable Object data) throws MessageRefused {
    if (!(data instanceof List<?> list) || list.isEmpty()) {
      throw new MessageRefused(FIELD, "The message is binary, but its data is no list");
    }
    List<byte[]> attachments = new ArrayList<>();
    for (Object text : list.subList(1, list.size())) {
      attachments.add(base64(text));
    }
    Object first = list.getFirst();
    List<?> arguments =
        first instanceof List<?> several ? several : Collections.singletonList(first);
    return PlainEvent.write(json, name, arguments, attachments, limits);
  }

  private static byte[] base64(@Nullable Object text) throws MessageRefused {
    if (text instanceof String encoded) {
      try {
        return Base64.getDecoder().decode(encoded);
      } catch (IllegalArgumentException notBase64) {
        // Refused below.
      }
    }
    throw new MessageRefused(FIELD, "The message is binary, but an attachment is no base64");
  }

  private static PythonMessage.@Nullable Callback callback(
      @Nullable String hostId, @Nullable Object value) throws MessageRefused {
    if (value == null) {
      return null;
    }
    List<?> parts = PythonFields.listOrEmpty(value);
    if (parts.size() == 3
        && parts.get(0) instanceof String sid
        && parts.get(1) instanceof String namespace
        && (parts.get(2) instanceof Integer || parts.get(2) instanceof Long)) {
      return new PythonMessage.Callback(
          hostId, sid, namespace, ((Number) parts.get(2)).longValue());
    }
    throw new MessageRefused(
        FIELD, "The message's callback is not a socket's id, a namespace and a number");
  }
}
