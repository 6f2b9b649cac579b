package io.dormouse.host.backplane;

import static io.dormouse.host.backplane.RefusalReason.FIELD;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of one message of python-socketio, each with the type that it has to have. */
record PythonFields(Map<?, ?> fields) {
  private static final int MAX_ROOMS = 10_000;

  @Nullable Object value(String name) {
    return fields.get(name);
  }

  String text(String name) throws MessageRefused {
    if (fields.get(name) instanceof String text) {
      return text;
    }
    throw refused(name, "is no text");
  }

  @Nullable String textOrNull(String name) throws MessageRefused {
    return fields.get(name) == null ? null : text(name);
  }

  long number(String name) throws MessageRefused {
    return switch (fields.get(name)) {
      case Integer number -> number;
      case Long number -> number;
      case null, default -> throw refused(name, "is no number");
    };
  }

  String namespace() throws MessageRefused {
    String namespace = text("namespace");
    if (namespace.isEmpty() || namespace.length() > 255) {
      throw refused("namespace", "has " + namespace.length() + " characters");
    }
    return namespace;
  }

  String sid() throws MessageRefused {
    return name("sid", fields.get("sid"));
  }

  String room() throws MessageRefused {
    return name("room", fields.get("room"));
  }

  /** Null for everyone. An empty list means nobody, and is refused. */
  @Nullable Set<String> rooms() throws MessageRefused {
    Set<String> rooms = names("room");
    if (rooms.isEmpty() && fields.get("room") != null) {
      throw refused("room", "is an empty list");
    }
    return rooms.isEmpty() ? null : rooms;
  }

  Set<String> skipped() throws MessageRefused {
    return names("skip_sid");
  }

  private Set<String> names(String field) throws MessageRefused {
    Object value = fields.get(field);
    if (value == null) {
      return Set.of();
    }
    List<?> list = listOrEmpty(value);
    if (list.isEmpty() && !(value instanceof List) && !(value instanceof Object[])) {
      return Set.of(name(field, value));
    }
    if (list.size() > MAX_ROOMS) {
      throw refused(field, "has more than " + MAX_ROOMS + " elements");
    }
    Set<String> names = new LinkedHashSet<>();
    for (Object element : list) {
      names.add(name(field, element));
    }
    return names;
  }

  /** A room of Python is anything that can be compared; here rooms are text. */
  private static String name(String field, @Nullable Object value) throws MessageRefused {
    return switch (value) {
      case String text -> text;
      case Integer number -> number.toString();
      case Long number -> number.toString();
      case BigInteger number -> number.toString();
      case null, default -> throw refused(field, "is neither text nor a whole number");
    };
  }

  /** The elements of a list or a tuple; none for anything else. */
  static List<?> listOrEmpty(Object value) {
    return switch (value) {
      case List<?> list -> list;
      case Object[] tuple -> Arrays.asList(tuple);
      default -> List.of();
    };
  }

  private static MessageRefused refused(String field, String what) {
    return new MessageRefused(FIELD, "The message's field '" + field + "' " + what);
  }
}
