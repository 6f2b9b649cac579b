package io.dormouse.dist.cluster;

import io.dormouse.api.Namespace;
import io.dormouse.api.On;
import io.dormouse.api.RemoteSocket;
import io.dormouse.api.Socket;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What a client gets back when it returns. */
final class Kept {
  record Self(String id, Set<String> rooms, String name, boolean recovered) {}

  private final Namespace kept;

  Kept(Namespace kept) {
    this.kept = kept;
  }

  @On("enter")
  boolean enter(Socket socket, String room) {
    socket.join(room);
    return true;
  }

  @On("call-me")
  boolean callMe(Socket socket, String name) {
    socket.data().put("name", name);
    return true;
  }

  @On("who")
  Self who(Socket socket) {
    return new Self(socket.id(), socket.rooms(), socket.data().text("name"), socket.recovered());
  }

  /** Says it to everybody; one that is posted again is another one. */
  @On("post")
  void post(String name, int number) {
    kept.emit("post", name, number, UUID.randomUUID().toString());
  }

  @On("ids")
  List<String> ids() {
    return kept.fetchSockets().stream().map(RemoteSocket::id).toList();
  }
}
