package io.dormouse.dist.cluster;

import io.dormouse.api.BroadcastOperator;
import io.dormouse.api.EventError;
import io.dormouse.api.Handshake;
import io.dormouse.api.Namespace;
import io.dormouse.api.On;
import io.dormouse.api.OnConnect;
import io.dormouse.api.Payload;
import io.dormouse.api.RemoteSocket;
import io.dormouse.api.Replies;
import io.dormouse.api.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An event for each thing that can be done to the sockets of all hosts. */
final class Operators {
  /**
   * @param name what the socket's data says on its own host
   * @param token what the client said when it connected
   */
  record Found(String id, Set<String> rooms, @Nullable String name, @Nullable String token) {}

  private final Namespace cluster;

  Operators(Namespace cluster) {
    this.cluster = cluster;
  }

  @OnConnect
  void connect(Socket socket, Handshake handshake) {
    socket.data().put("name", handshake.auth().text("name"));
  }

  @On("join")
  void join(Socket socket, List<String> rooms) {
    socket.join(array(rooms));
  }

  @On("say")
  void say(List<String> rooms, Payload what) {
    cluster.to(array(rooms)).emit("said", what);
  }

  @On("say-except")
  void sayExcept(List<String> rooms, List<String> except, Payload what) {
    cluster.to(array(rooms)).except(array(except)).emit("said", what);
  }

  @On("say-as")
  void sayAs(Socket socket, String how, Payload what) {
    BroadcastOperator target =
        switch (how) {
          case "others" -> socket.broadcast();
          case "local" -> cluster.local();
          case "volatile" -> cluster.asVolatile();
          case "uncompressed" -> cluster.compress(false);
          default -> throw new EventError("unknown", how);
        };
    target.emit("said", what);
  }

  @On("say-many")
  void sayMany(String first, Payload second, List<String> third) {
    cluster.emit("said", first, second, third);
  }

  @On("ask")
  Replies<String> ask(List<String> rooms, String question) {
    return cluster
        .to(array(rooms))
        .timeout(Duration.ofSeconds(1))
        .emitWithAck(String.class, "question", question);
  }

  @On("fetch")
  List<Found> fetch(List<String> rooms) {
    return cluster.to(array(rooms)).fetchSockets().stream().map(Operators::found).toList();
  }

  @On("sockets-join")
  void socketsJoin(List<String> from, List<String> rooms) {
    cluster.to(array(from)).socketsJoin(array(rooms));
  }

  @On("sockets-leave")
  void socketsLeave(List<String> from, List<String> rooms) {
    cluster.to(array(from)).socketsLeave(array(rooms));
  }

  @On("disconnect-sockets")
  void disconnectSockets(List<String> rooms, boolean close) {
    cluster.to(array(rooms)).disconnectSockets(close);
  }

  static Found found(RemoteSocket socket) {
    Set<String> rooms = new TreeSet<>(socket.rooms());
    rooms.remove(socket.id());
    return new Found(
        socket.id(), rooms, socket.data().text("name"), socket.handshake().auth().text("token"));
  }

  private static String[] array(List<String> names) {
    return names.toArray(String[]::new);
  }
}
