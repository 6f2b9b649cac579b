package io.dormouse.plugins.chat;

import io.dormouse.api.Arguments;
import io.dormouse.api.BroadcastOperator;
import io.dormouse.api.ConnectionRefused;
import io.dormouse.api.EventError;
import io.dormouse.api.Handshake;
import io.dormouse.api.Namespace;
import io.dormouse.api.On;
import io.dormouse.api.OnConnect;
import io.dormouse.api.OnDisconnecting;
import io.dormouse.api.Replies;
import io.dormouse.api.Socket;
import io.dormouse.plugins.chat.People.Present;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What clients of {@code /chat} say, and what they get to hear. */
final class ChatNamespace {
  /** The first event that a client gets: who it is here, and what it may send. */
  record Welcome(Person you, String lobby, int nameLimit, int roomLimit, int textLimit) {}

  record Joined(String room, List<Present> people, List<Line> lines) {}

  /** A line for a room. Its id is the client's, so that a line sent twice is known. */
  record Say(String room, String id, String text) {
    Say {
      id = Limits.lineId(id);
      text = Limits.text(text);
    }
  }

  /**
   * A line for one person.
   *
   * @param to the person's id
   */
  record Whisper(String to, String id, String text) {
    Whisper {
      id = Limits.lineId(id);
      text = Limits.text(text);
    }
  }

  private static final Duration WHISPER_TIMEOUT = Duration.ofSeconds(3);

  private final Namespace chat;
  private final People people;
  private final Rooms rooms;

  ChatNamespace(Namespace chat, People people, Rooms rooms) {
    this.chat = chat;
    this.people = people;
    this.rooms = rooms;
  }

  /** The client's auth: its {@code name}, and a {@code key} that makes it the same person again. */
  @OnConnect
  void connect(Socket socket, Handshake handshake) {
    String name = handshake.auth().text("name");
    String key = handshake.auth().text("key");
    try {
      String id = People.idOf(key == null ? socket.id() : Limits.key(key));
      Person person = new Person(id, Limits.name(name == null ? "" : name));
      people.enter(socket, person);
      socket.emit(
          "welcome", new Welcome(person, Rooms.LOBBY, Limits.NAME, Limits.ROOM, Limits.TEXT));
    } catch (EventError refused) {
      throw new ConnectionRefused(refused.getMessage(), Map.of("code", refused.code()));
    }
  }

  @On("rename")
  Person rename(Socket socket, String name) {
    Person person = people.rename(socket, Limits.name(name));
    everyRoomOf(socket).emit("renamed", person);
    return person;
  }

  @On("rooms")
  List<Rooms.Summary> rooms() {
    return rooms.all();
  }

  /** Joins a room, which is there from now on if it was not. Joining again is how to catch up. */
  @On("join")
  Joined join(Socket socket, String name) {
    String room = Limits.room(name);
    if (!People.roomsOf(socket).contains(room)) {
      enter(socket, room);
    }
    return new Joined(room, people.in(room), rooms.history(room));
  }

  private void enter(Socket socket, String room) {
    if (People.roomsOf(socket).size() >= Limits.ROOMS_PER_SOCKET) {
      throw new EventError(
          "too_many_rooms",
          "You are in " + Limits.ROOMS_PER_SOCKET + " rooms already; leave one of them first.");
    }
    boolean created =
        !room.equals(Rooms.LOBBY)
            && rooms.all().stream().noneMatch(other -> other.name().equals(room));
    if (created) {
      rooms.makeSpace();
    }
    socket.join(People.everySocketIn(room));
    if (people.in(room).size() > rooms.peopleAtMost()) {
      socket.leave(People.everySocketIn(room));
      throw new EventError("room_full", "#" + room + " is full.");
    }
    if (created) {
      socket.broadcast().emit("created", room);
    }
    socket
        .to(People.everySocketIn(room))
        .emit("joined", room, new Present(socket.id(), people.of(socket)));
  }

  @On("leave")
  void leave(Socket socket, String room) {
    requireIn(socket, room);
    socket.leave(People.everySocketIn(room));
    chat.to(People.everySocketIn(room)).emit("left", room, socket.id());
  }

  @On("say")
  Line say(Socket socket, Say say) {
    requireIn(socket, say.room());
    Line line = new Line(say.id(), people.of(socket), say.text(), System.currentTimeMillis());
    rooms.remember(say.room(), line);
    socket.to(People.everySocketIn(say.room())).emit("line", say.room(), line);
    return line;
  }

  /** For a line whose ack did not come: it is said only if it was not. */
  @On("say-again")
  Line sayAgain(Socket socket, Say say) {
    requireIn(socket, say.room());
    return rooms
        .remembered(say.room(), people.of(socket), say.id())
        .orElseGet(() -> say(socket, say));
  }

  /** Private messages are not kept: the ack says that the other one has it. */
  @On("whisper")
  Line whisper(Socket socket, Whisper whisper) {
    Person from = people.of(socket);
    Line line = new Line(whisper.id(), from, whisper.text(), System.currentTimeMillis());
    Person to = people.find(whisper.to()).orElseThrow(ChatNamespace::notHere);
    if (to.id().equals(from.id())) {
      throw new EventError("to_yourself", "That is you.");
    }
    Replies<Arguments> heard =
        chat.to(People.everySocketOf(to.id()))
            .timeout(WHISPER_TIMEOUT)
            .emitWithAck(Arguments.class, "whisper", to, line);
    if (heard.values().isEmpty()) {
      throw notHere();
    }
    socket.to(People.everySocketOf(from.id())).emit("whisper", to, line);
    return line;
  }

  private static EventError notHere() {
    return new EventError(
        "not_here", "That person is not here now; private messages are not kept.");
  }

  @On("typing")
  void typing(Socket socket, String room) {
    requireIn(socket, room);
    socket.to(People.everySocketIn(room)).asVolatile().emit("typing", room, people.of(socket));
  }

  @On("typing-to")
  void typingTo(Socket socket, String personId) {
    chat.to(People.everySocketOf(personId)).asVolatile().emit("typing-to", people.of(socket));
  }

  @OnDisconnecting
  void leaving(Socket socket) {
    for (String room : People.roomsOf(socket)) {
      socket.to(People.everySocketIn(room)).emit("left", room, socket.id());
    }
  }

  private BroadcastOperator everyRoomOf(Socket socket) {
    String[] keys =
        People.roomsOf(socket).stream().map(People::everySocketIn).toArray(String[]::new);
    return chat.to(keys).to(People.everySocketOf(people.of(socket).id()));
  }

  private static void requireIn(Socket socket, String room) {
    if (!People.roomsOf(socket).contains(room)) {
      throw new EventError("not_in_room", "You are not in that room.");
    }
  }
}
