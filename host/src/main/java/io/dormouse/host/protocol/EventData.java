package io.dormouse.host.protocol;

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
