package io.dormouse.host.backplane;

/** Why a message was not published, or was not read: the counter's label. */
enum DropReason {
  /** Too much waits for Redis already. */
  FULL,
  /** Redis was away for too long. */
  AGE,
  /** It is volatile, and Redis is away. */
  VOLATILE,
  /** It is larger than what is read from Redis. */
  TOO_LARGE,
  /** It could not be written. */
  UNWRITABLE,
  /** More came from Redis than was acted on; what hosts of ours published is fetched again. */
  OVERFLOW
}
