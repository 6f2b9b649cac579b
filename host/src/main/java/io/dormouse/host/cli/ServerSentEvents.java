package io.dormouse.host.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;

/** Reads a stream of server-sent events, as the HTML standard describes it. */
final class ServerSentEvents {
  /** Gets each event as it comes. */
  interface Listener {
    /**
     * @param type "message" when the host names none
     * @return false to hear no more
     */
    boolean event(String type, String data);
  }

  private ServerSentEvents() {}

  /** Returns at the end of the stream; an event without its last line is none. */
  static void read(InputStream stream, Listener listener) throws IOException {
    BufferedReader reader = new BufferedReader(new InputStreamReader(stream, UTF_8));
    String type = "";
    StringBuilder data = new StringBuilder();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.isEmpty()) {
        if (!data.isEmpty()) {
          data.setLength(data.length() - 1);
          if (!listener.event(type.isEmpty() ? "message" : type, data.toString())) {
            return;
          }
        }
        type = "";
        data.setLength(0);
      } else {
        int colon = line.indexOf(':');
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
        switch (field) {
          case "event" -> type = value;
          case "data" -> data.append(value).append('\n');
          default -> {
            // a comment, or a field that is of no use here
          }
        }
      }
    }
  }
}
