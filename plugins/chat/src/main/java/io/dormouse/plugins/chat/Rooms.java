package io.dormouse.plugins.chat;

import io.dormouse.api.EventError;
import io.dormouse.api.State;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
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
  private final System.Logger logger;
  private final People people;
  private final ChatSettings settings;

  Rooms(State state, System.Logger logger, People people, ChatSettings settings) {
    this.state = state;
    this.logger = logger;
    this.people = people;
    this.settings = settings;
  }

  int peopleAtMost() {
    return settings.people();
  }

  /** What was said in a room last, oldest first; nothing while that cannot be reached. */
  List<Line> history(String room) {
    return reachable(() -> state.list(HISTORY + room, Line.class), List.of());
  }

  /**
   * Remembers a line, which must be done before it is emitted: who joins then misses nothing. When
   * that is impossible the line is said all the same.
   */
  void remember(String room, Line line) {
    try {
      state.append(HISTORY + room, line, settings.history());
    } catch (IllegalStateException unreachable) {
      logger.log(Level.WARNING, "A line is not remembered: {0}", unreachable.getMessage());
    }
  }

  /** State may be away, when it is shared with other hosts; the chat goes on. */
  private <T> T reachable(Supplier<T> read, T otherwise) {
    try {
      return read.get();
    } catch (IllegalStateException unreachable) {
      logger.log(Level.DEBUG, unreachable.getMessage());
      return otherwise;
    }
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
    return reachable(() -> state.keys(HISTORY), Set.<String>of()).stream()
        .map(key -> key.substring(HISTORY.length()))
        .collect(Collectors.toSet());
  }
}
