package io.dormouse.dist;

import io.dormouse.emitter.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.function.Consumer;

/** By Lettuce; closing stays with whoever made that. */
final class LettuceRedisClient implements RedisClient {
  private static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

  private final StatefulRedisConnection<String, byte[]> publisher;
  private final StatefulRedisPubSubConnection<String, byte[]> subscriber;

  LettuceRedisClient(io.lettuce.core.RedisClient lettuce) {
    publisher = lettuce.connect(CODEC);
    subscriber = lettuce.connectPubSub(CODEC);
  }

  @Override
  public void publish(String channel, byte[] message) {
    publisher.sync().publish(channel, message);
  }

  @Override
  public Subscription subscribe(String pattern, Consumer<byte[]> listener) {
    var heard =
        new RedisPubSubAdapter<String, byte[]>() {
          @Override
          public void message(String matched, String channel, byte[] message) {
            if (matched.equals(pattern)) {
              listener.accept(message);
            }
          }
        };
    subscriber.addListener(heard);
    subscriber.sync().psubscribe(pattern);
    return () -> {
      subscriber.removeListener(heard);
      subscriber.sync().punsubscribe(pattern);
    };
  }
}
