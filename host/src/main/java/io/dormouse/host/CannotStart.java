package io.dormouse.host;

/** The host cannot start for a reason outside of it; the message says what to do. */
final class CannotStart extends RuntimeException {
  CannotStart(String message) {
    super(message);
  }
}
