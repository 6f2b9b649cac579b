package io.dormouse.host.engine;

/**
 * Why a session closed: what the log and the metrics say, and the WebSocket close code that the
 * client sees (RFC 6455, section 7.4.1).
 */
public enum CloseReason {
  /** The client closed its connection, by a close frame, a close packet or FIN. */
  TRANSPORT_CLOSE("transport close", 1000),
  /** The connection broke, or the client broke HTTP's or the transport's rules. */
  TRANSPORT_ERROR("transport error", 1002),
  /** No pong came in time. */
  PING_TIMEOUT("ping timeout", 1001),
  /** A packet that is none (protocol, "Packet types"). */
  PARSE_ERROR("parse error", 1002),
  /** Text that is not UTF-8. */
  BAD_TEXT("text is not UTF-8", 1007),
  /** A message beyond {@code dormouse.engine.max-payload}. */
  TOO_LARGE("message too large", 1009),
  /** The client read more slowly than it was sent to: its outbound queue was full. */
  SLOW_CONSUMER("slow consumer", 1008),
  /** The client sent more than its handlers could take for too long. */
  INBOX_FULL("inbox full", 1008),
  /** The client joined no namespace in time. */
  NO_CONNECT("no namespace joined", 1008),
  /** The host's side asked for it. */
  SERVER_CLOSE("server close", 1000),
  /** The host shuts down. */
  SHUTDOWN("server shutting down", 1001);

  private final String text;
  private final int webSocketCode;

  CloseReason(String text, int webSocketCode) {
    this.text = text;
    this.webSocketCode = webSocketCode;
  }

  /** Whether what was sent before still reaches a polling client, with its next poll. */
  boolean lingers() {
    return this == SERVER_CLOSE || this == NO_CONNECT || this == SHUTDOWN;
  }

  /**
   * Whether the client is still heard until it has learnt of the end, since it sends on till then.
   */
  boolean hearsOn() {
    return this == SHUTDOWN;
  }

  int webSocketCode() {
    return webSocketCode;
  }

  @Override
  public String toString() {
    return text;
  }
}
