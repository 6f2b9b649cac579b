package io.dormouse.emitter;

/**
 * Redis did not say that it has taken an event or a request: it is away, too slow, or refuses. The
 * cause is what the Redis client threw. Whether servers got it all the same is not known.
 */
public final class NotPublished extends RuntimeException {
  NotPublished(String message, RuntimeException cause) {
    super(message, cause);
  }
}
