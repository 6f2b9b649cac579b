package io.dormouse.host.backplane;

import io.dormouse.host.namespace.SocketSnapshot;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * A socket as its host describes it to others.
 *
 * @param rooms its own among them
 * @param dataJson a JSON value in UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record WireSocket(String id, WireHandshake handshake, List<String> rooms, byte[] dataJson) {
  static WireSocket of(SocketSnapshot socket) {
    SocketSnapshot.Greeting said = socket.handshake();
    return new WireSocket(
        socket.id(),
        new WireHandshake(
            said.headers(),
            DateTimeFormatter.RFC_1123_DATE_TIME.format(said.issued().atZone(ZoneOffset.UTC)),
            said.address(),
            said.crossOrigin(),
            said.secure(),
            said.issued().toEpochMilli(),
            said.url(),
            said.query(),
            said.auth()),
        socket.rooms(),
        socket.data());
  }

  SocketSnapshot snapshot() {
    return new SocketSnapshot(
        id,
        new SocketSnapshot.Greeting(
            handshake.headers(),
            handshake.query(),
            handshake.address(),
            handshake.secure(),
            handshake.xdomain(),
            handshake.url(),
            Instant.ofEpochMilli(handshake.issued()),
            handshake.authJson()),
        rooms,
        dataJson);
  }
}
