package io.dormouse.host.namespace;

import io.dormouse.host.engine.SessionRequest;
import io.dormouse.host.protocol.RawArguments;
import io.dormouse.host.protocol.ValueCodec;
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
      byte[] auth) {

    /** For a plugin; what a pattern's parameters stand for is not told between hosts. */
    HostHandshake readBy(ValueCodec codec) {
      return new HostHandshake(
          new SessionRequest(headers, query, address, secure, crossOrigin, url, issued),
          RawArguments.ofValue(auth),
          Map.of(),
          issued,
          codec);
    }
  }
}
