package io.dormouse.host.protocol;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import org.jspecify.annotations.Nullable;

/** A value that cannot be emitted, as an exception that says what can. */
final class Unwritable extends RuntimeException {
  private Unwritable(String message) {
    super(message, null, false, false);
  }

  /** Thrown by serializers that know the culprit's class. */
  static Unwritable because(Class<?> type, String reason) {
    return new Unwritable("A " + type.getName() + " cannot be written: " + reason);
  }

  static IllegalArgumentException of(@Nullable Object value, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof Unwritable known) {
        return new IllegalArgumentException(known.getMessage(), failure);
      }
    }
    String reason =
        failure instanceof StreamConstraintsException || failure instanceof StackOverflowError
            ? "it contains itself or is nested deeper than " + Json.MAX_WRITTEN_NESTING + "."
            : CAN;
    return new IllegalArgumentException(
        "A "
            + (value == null ? "null" : value.getClass().getName())
            + " cannot be written: "
            + reason,
        failure);
  }

  static final String CAN =
      "what can be is null, text, numbers, booleans, records, maps with text keys, lists, arrays,"
          + " enums, payloads, byte[] and ByteBuffer.";
}
