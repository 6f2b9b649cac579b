package io.dormouse.host.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the messages of a packet (protocol v5, "Packet encoding"). */
public final class Encoder {
  /** Longer than type, number of attachments and ack id can be. */
  private static final int HEAD = 1 + 11 + 19;

  private Encoder() {}

  /** The answer to a CONNECT that was granted. */
  public static EncodedPacket connect(String namespace, String sid) {
    return text('0', namespace, ValueCodec.HOST.write(Map.of("sid", sid)));
  }

  /**
   * The same in a namespace with recovery.
   *
   * @param pid what the client says when it comes back
   */
  public static EncodedPacket connect(String namespace, String sid, String pid) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("sid", sid);
    answer.put("pid", pid);
    return text('0', namespace, ValueCodec.HOST.write(answer));
  }

  /** The answer to a CONNECT that was refused. */
  public static EncodedPacket connectError(String namespace, String message) {
    return text('4', namespace, ValueCodec.HOST.write(Map.of("message", message)));
  }

  /**
   * The answer to a CONNECT that was refused.
   *
   * @param data null for none
   * @throws IllegalArgumentException when the data has binary or cannot be written
   */
  public static EncodedPacket connectError(
      String namespace, String message, @Nullable Object data, ValueCodec codec) {
    if (data == null) {
      return connectError(namespace, message);
    }
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", message);
    error.put("data", data);
    return text('4', namespace, codec.write(error));
  }

  /** The end of a socket, by the server's side. */
  public static EncodedPacket disconnect(String namespace) {
    return text('1', namespace, new byte[0]);
  }

  /**
   * An event.
   *
   * @param id what the ack will carry, -1 when none is wanted
   * @throws IllegalArgumentException when the name is one of Socket.IO's own or an argument cannot
   *     be written
   */
  public static EncodedPacket event(
      String namespace, long id, String name, ValueCodec codec, @Nullable Object... arguments) {
    return data('2', namespace, id, codec, named(name, arguments));
  }

  private static @Nullable Object[] named(String name, @Nullable Object[] arguments) {
    if (ReservedEvents.contains(name)) {
      throw new IllegalArgumentException(
          "The event '"
              + name
              + "' cannot be emitted, since Socket.IO keeps that name for itself.");
    }
    @Nullable Object[] data = new Object[1 + arguments.length];
    data[0] = name;
    System.arraycopy(arguments, 0, data, 1, arguments.length);
    return data;
  }

  /**
   * An event as it is the same in every namespace, to be written once.
   *
   * @throws IllegalArgumentException when the name is one of Socket.IO's own or an argument cannot
   *     be written
   */
  public static EventData data(String name, ValueCodec codec, @Nullable Object... arguments) {
    return values(codec, named(name, arguments));
  }

  /**
   * Values without a name, such as an ack's.
   *
   * @throws IllegalArgumentException when one cannot be written
   */
  public static EventData values(ValueCodec codec, @Nullable Object... values) {
    List<byte[]> attachments = new ArrayList<>(0);
    JsonBuffer out = new JsonBuffer(0);
    codec.write(out, values, attachments);
    return new EventData(out.toBytes(), attachments.isEmpty() ? List.of() : attachments);
  }

  /**
   * An event in one namespace.
   *
   * @param id what the ack will carry, -1 when none is wanted
   */
  public static EncodedPacket event(String namespace, long id, EventData data) {
    byte[] head = head('2', namespace, id, data.attachments().size()).getBytes(UTF_8);
    byte[] text = new byte[head.length + data.json().length];
    System.arraycopy(head, 0, text, 0, head.length);
    System.arraycopy(data.json(), 0, text, head.length, data.json().length);
    return new EncodedPacket(text, data.attachments());
  }

  /**
   * The answer to a client's event.
   *
   * @throws IllegalArgumentException when an argument cannot be written
   */
  public static EncodedPacket ack(
      String namespace, long id, ValueCodec codec, @Nullable Object... arguments) {
    return data('3', namespace, id, codec, arguments);
  }

  private static EncodedPacket data(
      char type, String namespace, long id, ValueCodec codec, @Nullable Object[] data) {
    List<byte[]> attachments = new ArrayList<>(0);
    JsonBuffer out = new JsonBuffer(HEAD + 1 + 3 * namespace.length());
    codec.write(out, data, attachments);
    int count = attachments.size();
    byte[] text = out.toBytes(head(type, namespace, id, count).getBytes(UTF_8));
    return new EncodedPacket(text, count == 0 ? List.of() : attachments);
  }

  private static String head(char type, String namespace, long id, int attachments) {
    StringBuilder head = new StringBuilder();
    if (attachments == 0) {
      head.append(type);
    } else {
      head.append((char) (type + 3)).append(attachments).append('-');
    }
    appendNamespace(head, namespace);
    if (id >= 0) {
      head.append(id);
    }
    return head.toString();
  }

  private static EncodedPacket text(char type, String namespace, byte[] json) {
    StringBuilder head = new StringBuilder().append(type);
    appendNamespace(head, namespace);
    byte[] headBytes = head.toString().getBytes(UTF_8);
    byte[] text = new byte[headBytes.length + json.length];
    System.arraycopy(headBytes, 0, text, 0, headBytes.length);
    System.arraycopy(json, 0, text, headBytes.length, json.length);
    return new EncodedPacket(text, List.of());
  }

  private static void appendNamespace(StringBuilder head, String namespace) {
    if (!namespace.equals("/")) {
      head.append(namespace).append(',');
    }
  }
}
