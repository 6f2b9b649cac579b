package io.dormouse.api;

/**
 * Why a socket left, in Socket.IO's words.
 *
 * {@snippet class="NamespaceExample" region="disconnect-handler"}
 */
public enum DisconnectReason {
  /** The client left this namespace. */
  CLIENT_NAMESPACE_DISCONNECT("client namespace disconnect"),
  /** A plugin called {@link Socket#disconnect()}, or the namespace is served no longer. */
  SERVER_NAMESPACE_DISCONNECT("server namespace disconnect"),
  /** The connection was closed by the client's side. */
  TRANSPORT_CLOSE("transport close"),
  /** The connection broke, or the client broke the transport's rules or read too slowly. */
  TRANSPORT_ERROR("transport error"),
  /** The client did not answer a ping in time. */
  PING_TIMEOUT("ping timeout"),
  /** The client sent what is no packet. */
  PARSE_ERROR("parse error"),
  /** The client's side asked for the end of the whole connection. */
  FORCED_CLOSE("forced close"),
  /** The host closed the whole connection. */
  FORCED_SERVER_CLOSE("forced server close"),
  /** The host shuts down. */
  SERVER_SHUTTING_DOWN("server shutting down");

  private final String text;

  DisconnectReason(String text) {
    this.text = text;
  }

  /** Socket.IO's words, such as {@code transport close}. */
  @Override
  public String toString() {
    return text;
  }
}
