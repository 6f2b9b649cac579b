package io.dormouse.plugins.chat;

import io.dormouse.api.EventError;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a client may send. Each check returns the text as it is to be used from then on. */
final class Limits {
  static final int NAME = 24;
  static final int ROOM = 32;
  static final int TEXT = 2_000;
  static final int ROOMS_PER_SOCKET = 10;
  static final int LINE_ID = 40;
  static final int KEY_AT_LEAST = 16;
  static final int KEY_AT_MOST = 64;

  private static final Pattern SPACES = Pattern.compile("\\s+");
  private static final Pattern NAMES = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N} ._'’-]*");
  private static final Pattern ROOMS = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}_-]*");
  private static final Pattern LINE_IDS = Pattern.compile("[A-Za-z0-9_-]+");

  private Limits() {}

  static String name(String name) {
    String tidy =
        SPACES.matcher(Normalizer.normalize(name, Normalizer.Form.NFKC).strip()).replaceAll(" ");
    if (tidy.length() > NAME || !NAMES.matcher(tidy).matches()) {
      throw new EventError(
          "bad_name",
          "A name has 1 to "
              + NAME
              + " letters, digits, spaces or . _ ' - and begins with a letter or digit.");
    }
    return tidy;
  }

  static String room(String room) {
    String tidy = Normalizer.normalize(room, Normalizer.Form.NFKC).strip().toLowerCase(Locale.ROOT);
    if (tidy.length() > ROOM || !ROOMS.matcher(tidy).matches()) {
      throw new EventError(
          "bad_room",
          "A room's name has 1 to "
              + ROOM
              + " letters, digits, _ or - and begins with a letter or digit.");
    }
    return tidy;
  }

  static String text(String text) {
    String tidy = text.strip();
    if (tidy.isEmpty()) {
      throw new EventError("empty_text", "A message needs some text.");
    }
    if (tidy.length() > TEXT) {
      throw new EventError(
          "too_long",
          "A message has at most " + TEXT + " characters, this one has " + tidy.length() + ".");
    }
    return tidy;
  }

  static String lineId(String id) {
    if (id.length() > LINE_ID || !LINE_IDS.matcher(id).matches()) {
      throw new EventError("bad_id", "A message's id has 1 to " + LINE_ID + " of A-Z a-z 0-9 _ -.");
    }
    return id;
  }

  static String key(String key) {
    if (key.length() < KEY_AT_LEAST || key.length() > KEY_AT_MOST) {
      throw new EventError(
          "bad_key", "A key has " + KEY_AT_LEAST + " to " + KEY_AT_MOST + " characters.");
    }
    return key;
  }
}
