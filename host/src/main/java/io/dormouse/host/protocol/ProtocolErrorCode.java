package io.dormouse.host.protocol;

/** Why a client's packet was refused: in the exception, the log line and the metric's label. */
public enum ProtocolErrorCode {
  /** No packet type, or one that clients do not send. */
  PROTOCOL_TYPE,
  /** The namespace is too long or has control characters. */
  PROTOCOL_NAMESPACE,
  /** The ack id is missing, too long or where none belongs. */
  PROTOCOL_ACK_ID,
  /** The number of attachments is no number, zero or too large. */
  PROTOCOL_ATTACHMENTS,
  /** The placeholders do not fit the attachments. */
  PROTOCOL_PLACEHOLDER,
  /** Text came while attachments were awaited. */
  PROTOCOL_UNEXPECTED_TEXT,
  /** Binary came while none was awaited. */
  PROTOCOL_UNEXPECTED_BINARY,
  /** The data is absent, or not what this type of packet carries. */
  PROTOCOL_DATA,
  /** An event has a name that Socket.IO keeps for itself. */
  PROTOCOL_RESERVED_EVENT,
  /** The data is no JSON. */
  PROTOCOL_JSON,
  /** The data passes a limit: nesting, length of a number or a key. */
  PROTOCOL_LIMIT,
  /** The text is no UTF-8. */
  PROTOCOL_UTF8
}
