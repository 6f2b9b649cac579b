package io.dormouse.plugins.chat;

/**
 * {@code dormouse.plugin.chat.*}. Zero, as when left out, is the default.
 *
 * @param history lines that a room remembers; 100
 * @param rooms rooms in all; 100
 * @param people sockets in one room; 200
 */
record ChatSettings(int history, int rooms, int people) {
  ChatSettings {
    history = checked("history", history, 100);
    rooms = checked("rooms", rooms, 100);
    people = checked("people", people, 200);
  }

  private static int checked(String key, int value, int whenZero) {
    if (value < 0 || value > 1_000) {
      throw new IllegalArgumentException(key + " must be 1 to 1,000, was " + value);
    }
    return value == 0 ? whenZero : value;
  }
}
