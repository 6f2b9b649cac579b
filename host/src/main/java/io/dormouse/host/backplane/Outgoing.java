package io.dormouse.host.backplane;

import java.util.function.Function;

/**
 * What is to be published.
 *
 * @param size about how many bytes it has
 * @param payload of the uid that it gets when it is published
 * @param isVolatile whether it is dropped rather than held while Redis is away
 */
record Outgoing(String channel, int size, Function<String, byte[]> payload, boolean isVolatile) {
  /** Of which nothing is dropped before it has to be. */
  static Outgoing of(String channel, Body body) {
    return of(channel, body, false);
  }

  static Outgoing of(String channel, Body body, boolean isVolatile) {
    return new Outgoing(channel, body.size(), body, isVolatile);
  }
}
