package io.dormouse.dist.conformance;

import io.dormouse.api.AckTimeout;
import io.dormouse.api.Arguments;
import io.dormouse.api.BroadcastOperator;
import io.dormouse.api.DisconnectReason;
import io.dormouse.api.EventError;
import io.dormouse.api.Handshake;
import io.dormouse.api.Namespace;
import io.dormouse.api.On;
import io.dormouse.api.OnAny;
import io.dormouse.api.OnConnect;
import io.dormouse.api.OnDisconnect;
import io.dormouse.api.OnDisconnecting;
import io.dormouse.api.Payload;
import io.dormouse.api.RemoteSocket;
import io.dormouse.api.Replies;
import io.dormouse.api.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One event for each thing that a client can ask of a server. */
final class Features {
  record Profile(String name, int age) {}

  record Blobs(byte[] first, List<byte[]> rest) {}

  record Found(String id, Set<String> rooms, @Nullable String name) {}

  record Departure(@Nullable String name, Set<String> rooms, String reason) {}

  record Counted(int last, boolean inOrder) {}

  private final Namespace namespace;

  Features(Namespace namespace) {
    this.namespace = namespace;
    namespace.useEvents(
        (socket, event, arguments) -> {
          if (event.equals("forbidden")) {
            throw new EventError("forbidden", "Nobody may do that.");
          }
          socket.data().put("last-event", event);
        });
  }

  @OnConnect
  void connect(Socket socket, Handshake handshake) {
    socket.data().put("name", handshake.auth().text("name"));
  }

  @OnDisconnecting
  void leaving(Socket socket, DisconnectReason reason) {
    namespace.to("watchers").emit("leaving", departure(socket, reason));
  }

  @OnDisconnect
  void left(Socket socket, DisconnectReason reason) {
    namespace.to("watchers").emit("left", departure(socket, reason));
  }

  @On("echo")
  Arguments echo(Arguments arguments) {
    return arguments;
  }

  @On("nothing")
  void nothing() {}

  @On("greet")
  String greet(Profile profile) {
    return profile.name() + " is " + profile.age();
  }

  @On("refuse")
  String refuse() {
    throw new EventError("closed", "The shop is closed.");
  }

  @On("ask")
  String ask(Socket socket, String question) {
    return socket.emitWithAck(String.class, "question", question);
  }

  @On("ask-in-vain")
  String askInVain(Socket socket) {
    try {
      return socket.timeout(Duration.ofMillis(100)).emitWithAck(String.class, "question", "?");
    } catch (AckTimeout late) {
      return "no answer";
    }
  }

  @On("ask-room")
  Replies<String> askRoom(String room, String question) {
    return namespace
        .to(room)
        .timeout(Duration.ofMillis(500))
        .emitWithAck(String.class, "question", question);
  }

  @On("join")
  Set<String> join(Socket socket, List<String> rooms) {
    socket.join(rooms.toArray(String[]::new));
    return rooms(socket);
  }

  @On("leave")
  Set<String> leave(Socket socket, String room) {
    socket.leave(room);
    return rooms(socket);
  }

  @On("in-own-room")
  boolean inOwnRoom(Socket socket) {
    return socket.rooms().contains(socket.id());
  }

  @On("say")
  void say(Socket socket, String from, List<String> rooms, List<String> except, String text) {
    BroadcastOperator target =
        switch (from) {
          case "namespace" -> namespace.to(rooms.toArray(String[]::new));
          case "socket" -> socket.to(rooms.toArray(String[]::new));
          case "others" -> socket.broadcast();
          case "volatile" -> socket.broadcast().asVolatile();
          case "local" -> namespace.local().compress(false);
          default -> throw new EventError("unknown", from);
        };
    target.except(except.toArray(String[]::new)).emit("said", text);
  }

  @On("fetch")
  List<Found> fetch(String room) {
    List<Found> found = new ArrayList<>();
    for (RemoteSocket socket : namespace.to(room).fetchSockets()) {
      found.add(new Found(socket.id(), rooms(socket), socket.data().text("name")));
    }
    return found;
  }

  @On("sockets-join")
  void socketsJoin(String from, String room) {
    namespace.to(from).socketsJoin(room);
  }

  @On("sockets-leave")
  void socketsLeave(String room) {
    namespace.to(room).socketsLeave(room);
  }

  @On("disconnect-sockets")
  void disconnectSockets(String room, boolean close) {
    namespace.to(room).disconnectSockets(close);
  }

  @On("disconnect-me")
  void disconnectMe(Socket socket, boolean close) {
    socket.disconnect(close);
  }

  @On("remember")
  void remember(Socket socket, String key, Payload value) {
    socket.data().put(key, value);
  }

  @On("recall")
  @Nullable Payload recall(Socket socket, String key) {
    return socket.data().get(key, Payload.class);
  }

  @On("handshake")
  Map<String, @Nullable Object> handshake(Socket socket) {
    Handshake handshake = socket.handshake();
    Map<String, @Nullable Object> seen = new LinkedHashMap<>();
    seen.put("auth", handshake.auth());
    seen.put("query", handshake.query());
    seen.put("test-header", handshake.header("X-Test"));
    seen.put("headers", handshake.headers());
    seen.put("address", handshake.address());
    seen.put("secure", handshake.secure());
    seen.put("xdomain", handshake.crossOrigin());
    seen.put("url", handshake.url());
    seen.put("issued", handshake.issued().toEpochMilli());
    return seen;
  }

  @On("transport")
  String transport(Socket socket) {
    return socket.transport().toString();
  }

  @On("reverse")
  Blobs reverse(Socket socket, Blobs blobs) {
    List<byte[]> rest = new ArrayList<>(blobs.rest());
    Collections.reverse(rest);
    Blobs reversed = new Blobs(reversed(blobs.first()), rest);
    socket.emit("reversed", reversed, "and text");
    return reversed;
  }

  @On("count")
  void count(Socket socket, int number) {
    Counted before = counted(socket);
    boolean inOrder = before.inOrder() && number == before.last() + 1;
    socket.data().put("counted", new Counted(number, inOrder));
    socket.emit("counted", number);
  }

  @On("count-report")
  Counted countReport(Socket socket) {
    return counted(socket);
  }

  @On("count-to")
  void countTo(Socket socket, int last) {
    for (int number = 1; number <= last; number++) {
      socket.emit("number", number);
    }
  }

  @OnAny
  void any(Socket socket, String event, Arguments arguments) {
    socket.emit("any", event, arguments.size());
  }

  private static Counted counted(Socket socket) {
    Counted counted = socket.data().get("counted", Counted.class);
    return counted == null ? new Counted(0, true) : counted;
  }

  private static Departure departure(Socket socket, DisconnectReason reason) {
    return new Departure(socket.data().text("name"), rooms(socket), reason.toString());
  }

  private static Set<String> rooms(RemoteSocket socket) {
    Set<String> rooms = new TreeSet<>(socket.rooms());
    rooms.remove(socket.id());
    return rooms;
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }
}
