package io.dormouse.host.namespace;

import io.dormouse.api.Transport;
import java.time.Instant;
import java.util.Set;

/**
 * One socket of this host, for operators.
 *
 * @param address of its client
 * @param connected when it asked to join
 * @param rooms beside its own
 */
public record SocketStatus(
    String id,
    String namespace,
    String address,
    Transport transport,
    Instant connected,
    Set<String> rooms) {
  public SocketStatus {
    rooms = Set.copyOf(rooms);
  }
}
