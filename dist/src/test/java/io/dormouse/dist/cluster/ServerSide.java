package io.dormouse.dist.cluster;

import io.dormouse.api.Namespace;
import io.dormouse.api.On;
import io.dormouse.api.Replies;

/** Talk between servers; what others say here is passed on to this host's clients. */
final class ServerSide {
  private final Namespace cluster;

  ServerSide(Namespace cluster) {
    this.cluster = cluster;
    cluster.onServerSide(
        "server-event",
        String.class,
        text -> {
          cluster.local().emit("said", "server: " + text);
          return "host heard " + text;
        });
  }

  @On("tell-servers")
  void tell(String text) {
    cluster.serverSideEmit("server-event", text);
  }

  @On("ask-servers")
  Replies<String> ask(String text) {
    return cluster.serverSideEmitWithAck(String.class, "server-event", text);
  }
}
