package io.dormouse.plugins.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dormouse.api.EventError;
import io.dormouse.api.Namespace;
import io.dormouse.api.RemoteSocket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is here, as the sockets themselves know it: each remembers its person and is in one room for
 * the person, one for the name and one for each room of the chat. Asking the sockets is right on
 * every host, and after this plugin was replaced.
 */
final class People {
  /** A socket in a room. A person with two tabs is there twice. */
  record Present(String socket, Person person) {}

  private static final String PERSON = "person";
  private static final String ROOM_PREFIX = "room:";

  private final Namespace chat;

  People(Namespace chat) {
    this.chat = chat;
  }

  /** A person's id for a secret that only the person's browser knows. */
  static String idOf(String key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The room of all sockets of a person. */
  static String everySocketOf(String personId) {
    return "person:" + personId;
  }

  /** The room of all sockets that are in a room of the chat. */
  static String everySocketIn(String room) {
    return ROOM_PREFIX + room;
  }

  /** The rooms of the chat that a socket is in. */
  static List<String> roomsOf(RemoteSocket socket) {
    return socket.rooms().stream()
        .filter(room -> room.startsWith(ROOM_PREFIX))
        .map(room -> room.substring(ROOM_PREFIX.length()))
        .sorted()
        .toList();
  }

  Person of(RemoteSocket socket) {
    return Objects.requireNonNull(personOf(socket), "every socket gets a person when it connects");
  }

  /** The person with this id, if one of its sockets is here. */
  Optional<Person> find(String personId) {
    return chat.to(everySocketOf(personId)).fetchSockets().stream()
        .findFirst()
        .map(People::personOf);
  }

  List<Present> in(String room) {
    return chat.to(everySocketIn(room)).fetchSockets().stream()
        .map(socket -> new Present(socket.id(), of(socket)))
        .toList();
  }

  /** How many people are in each room that is not empty. */
  Map<String, Integer> counts() {
    Map<String, Set<String>> ids = new HashMap<>();
    for (RemoteSocket socket : chat.fetchSockets()) {
      Person person = personOf(socket);
      if (person != null) {
        roomsOf(socket)
            .forEach(room -> ids.computeIfAbsent(room, none -> new HashSet<>()).add(person.id()));
      }
    }
    Map<String, Integer> counts = new HashMap<>();
    ids.forEach((room, present) -> counts.put(room, present.size()));
    return counts;
  }

  /**
   * Makes a socket this person's.
   *
   * @throws EventError when somebody else has the name
   */
  void enter(RemoteSocket socket, Person person) {
    claim(socket, person);
    socket.data().put(PERSON, person);
    socket.join(everySocketOf(person.id()));
  }

  /**
   * Gives all sockets of a person another name.
   *
   * @throws EventError when somebody else has the name
   */
  Person rename(RemoteSocket socket, String name) {
    Person before = of(socket);
    Person after = new Person(before.id(), name);
    if (!everySocketNamed(name).equals(everySocketNamed(before.name()))) {
      claim(socket, after);
    }
    for (RemoteSocket own : chat.to(everySocketOf(after.id())).fetchSockets()) {
      own.leave(everySocketNamed(before.name()));
      own.join(everySocketNamed(name));
      own.data().put(PERSON, after);
    }
    return after;
  }

  /** Joins first and looks then, so that of two who want a name at once never both get it. */
  private void claim(RemoteSocket socket, Person person) {
    String named = everySocketNamed(person.name());
    socket.join(named);
    boolean taken =
        chat.to(named).fetchSockets().stream()
            .filter(other -> !other.id().equals(socket.id()))
            .map(People::personOf)
            .anyMatch(other -> other == null || !other.id().equals(person.id()));
    if (taken) {
      socket.leave(named);
      throw new EventError("name_taken", "Somebody here is called " + person.name() + " already.");
    }
  }

  private static String everySocketNamed(String name) {
    return "name:" + name.toLowerCase(Locale.ROOT);
  }

  private static @Nullable Person personOf(RemoteSocket socket) {
    return socket.data().get(PERSON, Person.class);
  }
}
