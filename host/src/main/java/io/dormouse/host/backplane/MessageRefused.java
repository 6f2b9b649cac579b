package io.dormouse.host.backplane;

/**
 * What stood on a channel is nothing that this host acts on; it is counted and dropped. The message
 * never has any of the payload. Has no stack trace, since anybody on that Redis can make many of
 * them.
 */
final class MessageRefused extends Exception {
  private final RefusalReason reason;

  MessageRefused(RefusalReason reason, String message) {
    super(message + " [" + reason + "]", null, false, false);
    this.reason = reason;
  }

  RefusalReason reason() {
    return reason;
  }
}
