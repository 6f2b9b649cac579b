package io.dormouse.dist.cluster;

import io.dormouse.api.Namespace;
import io.dormouse.api.On;
import io.dormouse.api.RemoteSocket;
import java.time.Duration;

/** One socket, on whichever host it is, found by its id. */
final class Remote {
  private final Namespace cluster;

  Remote(Namespace cluster) {
    this.cluster = cluster;
  }

  @On("remote-emit")
  void emit(String id, String text) {
    find(id).emit("said", text);
  }

  @On("remote-ask")
  String ask(String id, String question) {
    return find(id).timeout(Duration.ofSeconds(2)).emitWithAck(String.class, "question", question);
  }

  @On("remote-join")
  void join(String id, String room) {
    find(id).join(room);
  }

  @On("remote-leave")
  void leave(String id, String room) {
    find(id).leave(room);
  }

  @On("remote-disconnect")
  void disconnect(String id) {
    find(id).disconnect(false);
  }

  private RemoteSocket find(String id) {
    return cluster.to(id).fetchSockets().getFirst();
  }
}
