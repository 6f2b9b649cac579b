package io.dormouse.host;

/** The host cannot start for a reason that its user can remove; the message says how. */
final class CannotStart extends RuntimeException {
  CannotStart(HostErrorCode code, String message) {
    super(message + " [" + code + "]");
  }
}
