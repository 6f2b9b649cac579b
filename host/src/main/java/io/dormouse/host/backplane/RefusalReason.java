package io.dormouse.host.backplane;

/** Why a message from Redis was refused: in the exception, the log line and the counter's label. */
enum RefusalReason {
  /** It is larger than {@code dormouse.backplane.max-message}, or would become so. */
  TOO_LARGE,
  /** It is not what its first byte says: no JSON, no MessagePack, no pickle. */
  MALFORMED,
  /** It passes a limit: nesting, number of values, length of a number or a key. */
  LIMIT,
  /** It asks for objects where plain data belongs. */
  NOT_DATA,
  /** It is of a type or a method that is not known here. */
  UNKNOWN_TYPE,
  /** A field is missing, or has a value of another type than it has to have. */
  FIELD,
  /** Placeholders and attachments do not fit. */
  PLACEHOLDER,
  /** The bytes of a JAR are not those that its name says. */
  DIGEST,
  /** The event has a name that Socket.IO keeps for itself. */
  RESERVED_EVENT
}
