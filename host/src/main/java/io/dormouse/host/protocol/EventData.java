package io.dormouse.host.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * An event's name and arguments as they stand in a packet: a JSON array in UTF-8, {@code
 * ["news",1]}, with a placeholder for each attachment. The values of an ack are the same without a
 * name.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record EventData(byte[] json, List<byte[]> attachments) {
  /**
   * The event's name.
   *
   * @throws IllegalArgumentException when these are values without a name
   */
  public String name() {
    return event().event();
  }

  /**
   * The event's arguments.
   *
   * @throws IllegalArgumentException when these are values without a name
   */
  public RawArguments arguments() {
    return event().arguments(attachments);
  }

  /** The same with one more argument: a text without anything that JSON escapes. */
  public EventData with(String text) {
    byte[] added = (",\"" + text + "\"]").getBytes(StandardCharsets.US_ASCII);
    byte[] longer = Arrays.copyOf(json, json.length - 1 + added.length);
    System.arraycopy(added, 0, longer, json.length - 1, added.length);
    return new EventData(longer, attachments);
  }

  /** Whether the last value is a text. */
  public boolean endsWithText() {
    return json.length > 2 && json[json.length - 2] == '"';
  }

  private DataScan event() {
    try {
      return DataScan.event(Json.factory(Json.WRITTEN), json, 0, json.length, attachments.size());
    } catch (MalformedPacket malformed) {
      throw new IllegalArgumentException(malformed.getMessage(), malformed);
    }
  }

  /**
   * All values, when the first of them is no name.
   *
   * @throws IllegalArgumentException when this is no array
   */
  public RawArguments values() {
    try {
      return DataScan.ack(Json.factory(Json.WRITTEN), json, 0, json.length, attachments.size())
          .arguments(attachments);
    } catch (MalformedPacket malformed) {
      throw new IllegalArgumentException(malformed.getMessage(), malformed);
    }
  }
}
