package io.dormouse.host.namespace;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A socket as it was when its host was asked.
 *
 * @param rooms its own among them
 * @param data what plugins remember of it: a JSON object
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SocketSnapshot(String id, Greeting handshake, List<String> rooms, byte[] data) {
  /**
   * What its client said when it connected.
   *
   * @param auth JSON, {@code null} for none
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Greeting(
      Map<String, String> headers,
      Map<String, String> query,
      String address,
      boolean secure,
      boolean crossOrigin,
      String url,
      Instant issued,
      byte[] auth) {}
}
