package io.dormouse.api;

/**
 * No ack came in time, or the client went away before it answered.
 *
 * {@snippet class="SocketExample" region="ack-timeout"}
 */
public class AckTimeout extends RuntimeException {
  private static final long serialVersionUID = 1;

  public AckTimeout(String message) {
    super(message);
  }
}
