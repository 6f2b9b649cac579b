package io.dormouse.emitter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessagePacker;
import org.msgpack.core.MessageUnpacker;

/** Trees as messages on Redis: JSON, or msgpack where there may be binary. */
final class Wire {
  /** Arrays and objects inside each other; servers refuse more. */
  private static final int MAX_NESTING = 200;

  private static final BigInteger MAX_UNSIGNED =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Wire() {}

  /** JSON when it can be, since servers write requests so; else msgpack, which they read too. */
  static byte[] jsonOrMsgpack(JsonNode message) {
    if (hasBinary(message, 0)) {
      return msgpack(message);
    }
    try {
      return JSON.writeValueAsBytes(message);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("Writing a tree failed.", impossible);
    }
  }

  static byte[] msgpack(JsonNode message) {
    try (MessageBufferPacker out = MessagePack.newDefaultBufferPacker()) {
      pack(out, message, 0);
      return out.toByteArray();
    } catch (IOException impossible) {
      throw new IllegalStateException("Writing into memory failed.", impossible);
    }
  }

  private static boolean hasBinary(JsonNode node, int depth) {
    check(node, depth);
    if (node.isBinary()) {
      return true;
    }
    for (JsonNode child : node) {
      if (hasBinary(child, depth + 1)) {
        return true;
      }
    }
    return false;
  }

  private static void check(JsonNode node, int depth) {
    if (depth > MAX_NESTING) {
      throw new IllegalArgumentException(
          "An event has more than " + MAX_NESTING + " arrays and objects inside each other.");
    }
    if (node.has("_placeholder")) {
      throw new IllegalArgumentException(
          "An event has an object with the key '_placeholder', which stands for binary in Socket.IO.");
    }
  }

  private static void pack(MessagePacker out, JsonNode node, int depth) throws IOException {
    check(node, depth);
    switch (node.getNodeType()) {
      case ARRAY -> {
        out.packArrayHeader(node.size());
        for (JsonNode element : node) {
          pack(out, element, depth + 1);
        }
      }
      case OBJECT -> {
        out.packMapHeader(node.size());
        for (Map.Entry<String, JsonNode> field : node.properties()) {
          out.packString(field.getKey());
          pack(out, field.getValue(), depth + 1);
        }
      }
      case BINARY -> {
        byte[] bytes = node.binaryValue();
        out.packBinaryHeader(bytes.length);
        out.writePayload(bytes);
      }
      case STRING -> out.packString(node.textValue());
      case NUMBER -> number(out, node);
      case BOOLEAN -> out.packBoolean(node.booleanValue());
      case NULL, MISSING -> out.packNil();
      case POJO ->
          throw new IllegalArgumentException(
              "An event has a value of "
                  + node.getClass().getName()
                  + ", which is written neither as JSON nor as binary.");
    }
  }

  /** As JavaScript has it, a double, when it is no integer of 64 bits. */
  private static void number(MessagePacker out, JsonNode node) throws IOException {
    if (!node.isIntegralNumber()) {
      out.packDouble(node.doubleValue());
    } else if (node.canConvertToLong()) {
      out.packLong(node.longValue());
    } else if (node.bigIntegerValue().signum() > 0
        && node.bigIntegerValue().compareTo(MAX_UNSIGNED) <= 0) {
      out.packBigInteger(node.bigIntegerValue());
    } else {
      out.packDouble(node.doubleValue());
    }
  }

  /** Null when it is neither a JSON object nor a map of msgpack. */
  static @Nullable ObjectNode read(byte[] message) {
    try {
      JsonNode read =
          message.length > 0 && message[0] == '{'
              ? JSON.readTree(message)
              : unpack(MessagePack.newDefaultUnpacker(message), message.length, 0);
      return read instanceof ObjectNode object ? object : null;
    } catch (IOException | MessagePackException malformed) {
      return null;
    }
  }

  private static JsonNode unpack(MessageUnpacker in, int size, int depth) throws IOException {
    if (depth > MAX_NESTING) {
      throw new MessagePackException("nested too deeply");
    }
    switch (in.getNextFormat().getValueType()) {
      case NIL -> {
        in.unpackNil();
        return NODES.nullNode();
      }
      case BOOLEAN -> {
        return NODES.booleanNode(in.unpackBoolean());
      }
      case INTEGER -> {
        BigInteger value = in.unpackBigInteger();
        return value.bitLength() < 64
            ? NODES.numberNode(value.longValue())
            : NODES.numberNode(value);
      }
      case FLOAT -> {
        return NODES.numberNode(in.unpackDouble());
      }
      case STRING -> {
        return NODES.textNode(new String(bytes(in, in.unpackRawStringHeader(), size), UTF_8));
      }
      case BINARY -> {
        return NODES.binaryNode(bytes(in, in.unpackBinaryHeader(), size));
      }
      case ARRAY -> {
        ArrayNode array = NODES.arrayNode();
        for (int left = in.unpackArrayHeader(); left > 0; left--) {
          array.add(unpack(in, size, depth + 1));
        }
        return array;
      }
      case MAP -> {
        ObjectNode map = NODES.objectNode();
        for (int left = in.unpackMapHeader(); left > 0; left--) {
          JsonNode key = unpack(in, size, depth + 1);
          map.set(key.asText(), unpack(in, size, depth + 1));
        }
        return map;
      }
      case EXTENSION -> {
        // Node's Date is read as text, its undefined as null.
        var header = in.unpackExtensionTypeHeader();
        if (header.isTimestampType()) {
          return NODES.textNode(in.unpackTimestamp(header).toString());
        }
        bytes(in, header.getLength(), size);
        return NODES.nullNode();
      }
    }
    throw new MessagePackException("unknown format");
  }

  /** No length is believed before it is checked. */
  private static byte[] bytes(MessageUnpacker in, int length, int size) throws IOException {
    if (length > size - in.getTotalReadBytes()) {
      throw new MessagePackException("ends too early");
    }
    return in.readPayload(length);
  }
}
