package io.dormouse.host.backplane;

import static io.dormouse.host.backplane.RefusalReason.FIELD;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dormouse.host.namespace.SocketSnapshot;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A socket as another server describes it; what is missing is empty. */
final class SocketReader {
  private static final byte[] NULL = "null".getBytes(UTF_8);
  private static final byte[] EMPTY = "{}".getBytes(UTF_8);
  private static final SocketSnapshot.Greeting NONE =
      new SocketSnapshot.Greeting(Map.of(), Map.of(), "", false, false, "", Instant.EPOCH, NULL);

  private SocketReader() {}

  /** Reads the object that a parser stands on. */
  static SocketSnapshot read(JsonParser in) throws IOException, MessageRefused {
    String id = null;
    SocketSnapshot.Greeting handshake = NONE;
    List<String> rooms = new ArrayList<>();
    byte[] data = EMPTY;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      JsonToken token = in.nextToken();
      switch (name) {
        case "id" -> id = text(in);
        case "handshake" -> {
          if (token == JsonToken.START_OBJECT) {
            handshake = handshake(in);
          } else {
            in.skipChildren();
          }
        }
        case "rooms" -> {
          if (token == JsonToken.START_ARRAY) {
            while (in.nextToken() != JsonToken.END_ARRAY) {
              String room = text(in);
              if (room != null) {
                rooms.add(room);
              }
            }
          } else {
            in.skipChildren();
          }
        }
        case "data" -> data = JsonValues.value(in, List.of()).json();
        default -> in.skipChildren();
      }
    }
    if (id == null) {
      throw new MessageRefused(FIELD, "A socket has no id.");
    }
    return new SocketSnapshot(id, handshake, rooms, data);
  }

  private static SocketSnapshot.Greeting handshake(JsonParser in)
      throws IOException, MessageRefused {
    Map<String, String> headers = Map.of();
    Map<String, String> query = Map.of();
    Map<String, String> texts = new LinkedHashMap<>();
    boolean xdomain = false;
    boolean secure = false;
    long issued = 0;
    byte[] auth = NULL;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      JsonToken token = in.nextToken();
      switch (name) {
        case "headers" -> headers = texts(in, true);
        case "query" -> query = texts(in, false);
        case "auth" -> auth = JsonValues.value(in, List.of()).json();
        case "xdomain" -> xdomain = token == JsonToken.VALUE_TRUE;
        case "secure" -> secure = token == JsonToken.VALUE_TRUE;
        case "issued" -> issued = token.isNumeric() ? (long) in.getDoubleValue() : 0;
        default -> {
          String text = text(in);
          if (text != null) {
            texts.put(name, text);
          }
        }
      }
    }
    return new SocketSnapshot.Greeting(
        headers,
        query,
        texts.getOrDefault("address", ""),
        secure,
        xdomain,
        texts.getOrDefault("url", ""),
        Instant.ofEpochMilli(issued),
        auth);
  }

  /** Several values of a header are joined. */
  private static Map<String, String> texts(JsonParser in, boolean lowerCase) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    if (in.currentToken() != JsonToken.START_OBJECT) {
      in.skipChildren();
      return texts;
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = lowerCase ? in.currentName().toLowerCase(Locale.ROOT) : in.currentName();
      if (in.nextToken() == JsonToken.START_ARRAY) {
        List<String> several = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
          String one = text(in);
          if (one != null) {
            several.add(one);
          }
        }
        texts.put(name, String.join(", ", several));
      } else {
        String one = text(in);
        if (one != null) {
          texts.put(name, one);
        }
      }
    }
    return texts;
  }

  private static @Nullable String text(JsonParser in) throws IOException {
    if (in.currentToken().isScalarValue() && in.currentToken() != JsonToken.VALUE_NULL) {
      return in.getText();
    }
    in.skipChildren();
    return null;
  }
}
