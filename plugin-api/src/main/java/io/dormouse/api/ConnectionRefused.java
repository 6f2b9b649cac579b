package io.dormouse.api;

import org.jspecify.annotations.Nullable;

/**
 * Refuses a connection to a namespace: the client's {@code connect_error} event has the message,
 * and the data under {@code error.data}.
 *
 * {@snippet class="NamespaceExample" region="connect-handler"}
 */
public class ConnectionRefused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient @Nullable Object data;

  /** A refusal without data. */
  public ConnectionRefused(String message) {
    this(message, null);
  }

  /**
   * @param data any value that can be emitted, without binary; null for none
   */
  public ConnectionRefused(String message, @Nullable Object data) {
    super(message, null, false, false);
    this.data = data;
  }

  /** What the client gets with the message; null for nothing. */
  public @Nullable Object data() {
    return data;
  }

  /** The message for the client; never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
