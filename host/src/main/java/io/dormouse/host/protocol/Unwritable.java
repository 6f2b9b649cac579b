package io.dormouse.host.protocol;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;

/** A value that cannot be written, thrown where its class is known. */
final class Unwritable extends RuntimeException {
  private static final String ALLOWED =
      "what can be emitted is null, text, numbers, booleans, records, maps with text keys, lists,"
          + " arrays, enums, payloads, byte[] and ByteBuffer.";

  private Unwritable(String message) {
    super(message, null, false, false);
  }

  static Unwritable type(Class<?> type) {
    return new Unwritable("A " + type.getName() + " cannot be written; " + ALLOWED);
  }

  static Unwritable binary(Class<?> type) {
    return new Unwritable(
        "A "
            + type.getName()
            + " cannot be written here: binary can be emitted, not stored or sent with a refusal.");
  }

  /** What writing threw, as the exception that the plugin gets. */
  static IllegalArgumentException refusal(Throwable thrown) {
    Throwable cause = thrown;
    // Jackson's own exceptions have keys and values in their messages.
    while (cause instanceof JacksonException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof Unwritable known) {
      return new IllegalArgumentException(known.getMessage());
    }
    String at = FieldPath.of(thrown, "");
    if (cause instanceof StreamConstraintsException) {
      return new IllegalArgumentException(
          "A value cannot be written: it contains itself or is nested deeper than "
              + Json.MAX_WRITTEN_NESTING
              + ".");
    }
    if (cause instanceof JacksonException) {
      return new IllegalArgumentException("A value cannot be written" + at + "; " + ALLOWED);
    }
    return new IllegalArgumentException(
        "A value cannot be written" + at + ": " + cause.getClass().getName() + " was thrown.",
        cause);
  }
}
