package io.dormouse.plugins.chat;

import io.dormouse.api.EventError;
import io.dormouse.api.State;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The rooms and their last lines. A room is there while somebody is in it or something was said in
 * it; the lobby always is.
 */
final class Rooms {
  /** A room as others see it; {@code people} counts persons, not sockets. */
  record Summary(String name, int people) {}

  static final String LOBBY = "lobby";

  private static final String HISTORY = "history/";

  private final State state;
  private final People people;
  private final ChatSettings settings;

  Rooms(State state, People people, ChatSettings settings) {
    this.state = state;
    this.people = people;
    this.settings = settings;
  }

  int peopleAtMost() {
    return settings.people();
  }

  /** What was said in a room last, oldest first. */
  List<Line> history(String room) {
    return state.list(HISTORY + room, Line.class);
  }

  /** Remembers a line, which must be done before it is emitted: who joins then misses nothing. */
  void remember(String room, Line line) {
    state.append(HISTORY + room, line, settings.history());
  }

  /** The line as it was remembered, when a client sends it again because it got no answer. */
  Optional<Line> remembered(String room, Person from, String lineId) {
    return history(room).stream()
        .filter(line -> line.id().equals(lineId) && line.from().id().equals(from.id()))
        .findFirst();
  }

  List<Summary> all() {
    Map<String, Integer> counts = people.counts();
    Set<String> names = new TreeSet<>(counts.keySet());
    names.addAll(withHistory());
    names.add(LOBBY);
    return names.stream().map(name -> new Summary(name, counts.getOrDefault(name, 0))).toList();
  }

  /**
   * Makes space for one more room: past the limit the empty room that was quiet for longest is
   * forgotten.
   *
   * @throws EventError when there is somebody in every room
   */
  void makeSpace() {
    List<Summary> all = all();
    if (all.size() < settings.rooms()) {
      return;
    }
    String quietest =
        all.stream()
            .filter(room -> room.people() == 0 && !room.name().equals(LOBBY))
            .map(Summary::name)
            .min(Comparator.comparingLong(this::lastSaid))
            .orElseThrow(
                () ->
                    new EventError(
                        "too_many_rooms",
                        "There are " + all.size() + " rooms already; join one of them."));
    state.remove(HISTORY + quietest);
  }

  private long lastSaid(String room) {
    List<Line> lines = history(room);
    return lines.isEmpty() ? 0 : lines.getLast().at();
  }

  private Set<String> withHistory() {
    return state.keys(HISTORY).stream()
        .map(key -> key.substring(HISTORY.length()))
        .collect(Collectors.toSet());
  }
}
