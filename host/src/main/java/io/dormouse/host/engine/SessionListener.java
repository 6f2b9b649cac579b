package io.dormouse.host.engine;

/**
 * Hears what one session's client sends.
 *
 * <p>Messages come one at a time and in order, on a virtual thread that may block: while it does,
 * nothing more is read from this client, and its ping deadline rests.
 */
public interface SessionListener {
  /**
   * A text message: {@code length} bytes of valid UTF-8 from {@code offset} on, the listener's to
   * keep.
   */
  void onText(byte[] bytes, int offset, int length);

  /** A binary message, the listener's to keep. */
  void onBinary(byte[] bytes);

  /** The client has moved from polling to WebSocket. Must not block. */
  default void onUpgrade() {}

  /** Whether something of the client's is under way that should not be cut off. */
  default boolean isBusy() {
    return false;
  }

  /** Called once, on any thread, after which no message comes. Must not block. */
  void onClose(CloseReason reason);
}
