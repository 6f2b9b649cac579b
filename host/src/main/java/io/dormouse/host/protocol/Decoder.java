package io.dormouse.host.protocol;

import static io.dormouse.host.protocol.ProtocolErrorCode.PROTOCOL_ACK_ID;
import static io.dormouse.host.protocol.ProtocolErrorCode.PROTOCOL_ATTACHMENTS;
import static io.dormouse.host.protocol.ProtocolErrorCode.PROTOCOL_DATA;
import static io.dormouse.host.protocol.ProtocolErrorCode.PROTOCOL_NAMESPACE;
import static io.dormouse.host.protocol.ProtocolErrorCode.PROTOCOL_RESERVED_EVENT;
import static io.dormouse.host.protocol.ProtocolErrorCode.PROTOCOL_TYPE;
import static io.dormouse.host.protocol.ProtocolErrorCode.PROTOCOL_UNEXPECTED_BINARY;
import static io.dormouse.host.protocol.ProtocolErrorCode.PROTOCOL_UNEXPECTED_TEXT;
import static io.dormouse.host.protocol.ProtocolErrorCode.PROTOCOL_UTF8;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes packets of the messages of one connection (protocol v5, "Packet encoding"). Messages are
 * given in the order in which they came, by one thread at a time. After a {@link MalformedPacket}
 * the connection is to be closed and its decoder dropped.
 */
public final class Decoder {
  private static final byte[] NOTHING = {};
  private static final int MAX_ACK_ID_DIGITS = 15;

  private final DecoderLimits limits;
  private final JsonFactory json;
  private byte[] lastNamespaceBytes = NOTHING;
  private String lastNamespace = "";

  /** A packet whose attachments are not all there yet, and these. */
  private @Nullable Packet awaiting;

  private List<byte[]> attachments = List.of();
  private int awaited;

  // The packet being read: where the next part begins, and where the packet ends.
  private byte[] bytes = NOTHING;
  private int at;
  private int end;

  public Decoder(DecoderLimits limits) {
    this.limits = limits;
    this.json = Json.factory(limits);
  }

  /**
   * Takes a text message, without Engine.IO's type. Its bytes are copied.
   *
   * @return null while attachments are awaited
   * @throws MalformedPacket when it is no packet of a client
   */
  public @Nullable Packet text(byte[] message, int offset, int length) {
    if (awaiting != null) {
      throw new MalformedPacket(
          PROTOCOL_UNEXPECTED_TEXT,
          "Text came while " + (awaited - attachments.size()) + " attachments were awaited");
    }
    checkUtf8(message, offset, length);
    bytes = message;
    at = offset;
    end = offset + length;
    try {
      return packet();
    } finally {
      bytes = NOTHING; // an idle connection keeps no message
    }
  }

  /**
   * Takes a binary message: an attachment. The array is kept, so it must not be changed any more.
   *
   * @return null while more attachments are awaited
   * @throws MalformedPacket when no attachment is awaited
   */
  public @Nullable Packet binary(byte[] attachment) {
    Packet packet = awaiting;
    if (packet == null) {
      throw new MalformedPacket(
          PROTOCOL_UNEXPECTED_BINARY,
          "Binary of " + attachment.length + " bytes came while no attachment was awaited");
    }
    attachments.add(attachment);
    if (attachments.size() < awaited) {
      return null;
    }
    awaiting = null;
    attachments = List.of();
    return packet;
  }

  private @Nullable Packet packet() {
    int type = at < end ? bytes[at++] & 0xff : -1;
    int count = type == '5' || type == '6' ? attachmentCount() : 0;
    switch (type) {
      case '0', '1', '2', '3', '5', '6' -> {}
      case -1 -> throw new MalformedPacket(PROTOCOL_TYPE, "The packet is empty");
      default ->
          throw new MalformedPacket(
              PROTOCOL_TYPE,
              "The packet's type is "
                  + (type > ' ' && type < 127 ? "'" + (char) type + "'" : "byte " + type)
                  + "; a client sends 0 to 3, 5 and 6");
    }
    String namespace = namespace();
    long id = id();
    return switch (type) {
      case '0' -> connect(namespace, id);
      case '1' -> disconnect(namespace, id);
      case '2', '5' -> event(namespace, id, count);
      default -> ack(namespace, id, count);
    };
  }

  private Packet connect(String namespace, long id) {
    refuseId("CONNECT", id);
    if (at == end) {
      return new Packet.Connect(namespace, null);
    }
    expectData('{', "CONNECT", "an object or absent");
    return new Packet.Connect(
        namespace, DataScan.auth(json, bytes, at, end - at).arguments(List.of()));
  }

  private Packet disconnect(String namespace, long id) {
    refuseId("DISCONNECT", id);
    if (at < end) {
      throw new MalformedPacket(
          PROTOCOL_DATA, "A DISCONNECT has " + (end - at) + " bytes of data; it must have none");
    }
    return new Packet.Disconnect(namespace);
  }

  private @Nullable Packet event(String namespace, long id, int count) {
    expectData('[', "EVENT", "an array");
    DataScan scan = DataScan.event(json, bytes, at, end - at, count);
    if (ReservedEvents.contains(scan.event())) {
      throw new MalformedPacket(
          PROTOCOL_RESERVED_EVENT,
          "A client sends the event '" + scan.event() + "', which Socket.IO keeps for itself");
    }
    List<byte[]> list = attachmentList(count);
    return whole(new Packet.Event(namespace, id, scan.event(), scan.arguments(list)), list, count);
  }

  private @Nullable Packet ack(String namespace, long id, int count) {
    if (id < 0) {
      throw new MalformedPacket(PROTOCOL_ACK_ID, "An ACK has no id; it must name that of an event");
    }
    expectData('[', "ACK", "an array");
    DataScan scan = DataScan.ack(json, bytes, at, end - at, count);
    List<byte[]> list = attachmentList(count);
    return whole(new Packet.Ack(namespace, id, scan.arguments(list)), list, count);
  }

  private static List<byte[]> attachmentList(int count) {
    return count == 0 ? List.of() : new ArrayList<>(count);
  }

  private @Nullable Packet whole(Packet packet, List<byte[]> list, int count) {
    if (count == 0) {
      return packet;
    }
    awaiting = packet;
    attachments = list;
    awaited = count;
    return null;
  }

  private int attachmentCount() {
    int start = at;
    int count = 0;
    while (at < end && isDigit(bytes[at]) && count <= limits.maxAttachments()) {
      count = 10 * count + bytes[at++] - '0';
    }
    if (count > limits.maxAttachments()) {
      throw new MalformedPacket(
          PROTOCOL_ATTACHMENTS,
          "The packet has "
              + count
              + " or more attachments; at most "
              + limits.maxAttachments()
              + " are allowed");
    }
    if (at == start || at == end || bytes[at] != '-' || count == 0) {
      throw new MalformedPacket(
          PROTOCOL_ATTACHMENTS,
          "The packet's number of attachments is "
              + (at == start ? "absent" : count + "")
              + "; it must be at least 1 and end with '-'");
    }
    at++;
    return count;
  }

  private String namespace() {
    if (at == end || bytes[at] != '/') {
      return "/";
    }
    int start = at;
    int query = -1;
    for (; at < end && bytes[at] != ','; at++) {
      if (bytes[at] == '?' && query < 0) {
        query = at;
      }
      if ((bytes[at] >= 0 && bytes[at] < ' ') || bytes[at] == 127) {
        throw new MalformedPacket(
            PROTOCOL_NAMESPACE, "The namespace has the control character " + bytes[at]);
      }
      if (at - start >= limits.maxNamespaceLength()) {
        throw new MalformedPacket(
            PROTOCOL_NAMESPACE,
            "The namespace is longer than " + limits.maxNamespaceLength() + " bytes");
      }
    }
    int nameEnd = query < 0 ? at : query;
    at = Math.min(at + 1, end);
    return name(start, nameEnd);
  }

  /** Most packets of a connection are for the same namespace as the one before. */
  private String name(int start, int nameEnd) {
    if (!Arrays.equals(bytes, start, nameEnd, lastNamespaceBytes, 0, lastNamespaceBytes.length)) {
      lastNamespaceBytes = Arrays.copyOfRange(bytes, start, nameEnd);
      lastNamespace = new String(lastNamespaceBytes, UTF_8);
    }
    return lastNamespace;
  }

  private long id() {
    int start = at;
    long id = 0;
    while (at < end && isDigit(bytes[at])) {
      if (at - start == MAX_ACK_ID_DIGITS) {
        throw new MalformedPacket(
            PROTOCOL_ACK_ID, "The ack id has more than " + MAX_ACK_ID_DIGITS + " digits");
      }
      id = 10 * id + bytes[at++] - '0';
    }
    return at == start ? -1 : id;
  }

  private static void refuseId(String type, long id) {
    if (id >= 0) {
      throw new MalformedPacket(
          PROTOCOL_ACK_ID, "A " + type + " has the ack id " + id + "; it must have none");
    }
  }

  private void expectData(char first, String type, String expected) {
    if (at == end || bytes[at] != first) {
      throw new MalformedPacket(
          PROTOCOL_DATA,
          "The data of "
              + type
              + (at == end ? " is absent" : " begins with byte " + (bytes[at] & 0xff))
              + "; it must be "
              + expected);
    }
  }

  private static void checkUtf8(byte[] bytes, int offset, int length) {
    int last = offset + length;
    int at = offset;
    while (at < last && bytes[at] >= 0) {
      at++;
    }
    if (at < last) {
      try {
        UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, last - at));
      } catch (CharacterCodingException invalid) {
        throw new MalformedPacket(PROTOCOL_UTF8, "The packet's text is no UTF-8");
      }
    }
  }

  private static boolean isDigit(byte character) {
    return character >= '0' && character <= '9';
  }
}
