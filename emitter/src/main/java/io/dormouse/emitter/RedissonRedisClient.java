package io.dormouse.emitter;

import java.util.function.Consumer;
import org.redisson.api.RPatternTopic;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;

/** By a Redisson client, whatever its codec; closing stays with whoever made that. */
public final class RedissonRedisClient implements RedisClient {
  private final RedissonClient redisson;

  public RedissonRedisClient(RedissonClient redisson) {
    this.redisson = redisson;
  }

  @Override
  public void publish(String channel, byte[] message) {
    redisson.getTopic(channel, ByteArrayCodec.INSTANCE).publish(message);
  }

  @Override
  public Subscription subscribe(String pattern, Consumer<byte[]> listener) {
    RPatternTopic topic = redisson.getPatternTopic(pattern, ByteArrayCodec.INSTANCE);
    int id =
        topic.addListener(byte[].class, (matched, channel, message) -> listener.accept(message));
    return () -> topic.removeListener(id);
  }
}
