package io.dormouse.api;

/**
 * An event's error as an answer: the client's ack is {@code {"error": {"code", "message"}}}. Not
 * logged as a failure, since it is none. Nothing is sent when the client asked for no ack.
 *
 * {@snippet class="NamespaceExample" region="event-error"}
 */
public class EventError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String code;

  /**
   * @param code for programs, such as {@code too_long}
   * @param message for people; the client sees it
   */
  public EventError(String code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  /** The code for programs. */
  public String code() {
    return code;
  }

  /** The message for people; never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
