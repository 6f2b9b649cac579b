package io.dormouse.api;

/**
 * How a client is connected.
 *
 * {@snippet class="SocketExample" region="transport"}
 */
public enum Transport {
  POLLING("polling"),
  WEBSOCKET("websocket");

  private final String text;

  Transport(String text) {
    this.text = text;
  }

  /** Engine.IO's word for it, as in the {@code transport} query parameter. */
  @Override
  public String toString() {
    return text;
  }
}
