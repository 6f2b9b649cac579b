package io.dormouse.emitter;

import java.util.function.Consumer;

/**
 * What an emitter needs of a Redis client: two commands. {@link RedissonRedisClient} is one; of any
 * other client it takes a few lines.
 */
public interface RedisClient {
  /**
   * PUBLISH. Returns when Redis has taken it, or throws what the client throws. Messages that one
   * thread publishes one after the other must reach Redis in this order.
   */
  void publish(String channel, byte[] message);

  /**
   * PSUBSCRIBE. Returns when Redis has confirmed it, and subscribes again by itself after a
   * connection was lost. Used only for acks and receipts.
   *
   * @param pattern of channel names, as Redis has them
   * @param listener never throws and never blocks
   */
  Subscription subscribe(String pattern, Consumer<byte[]> listener);

  /** Ends when it is closed. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
