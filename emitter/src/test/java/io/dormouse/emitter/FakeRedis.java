package io.dormouse.emitter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Keeps what was published, and lets a test answer. */
final class FakeRedis implements RedisClient {
  record Published(String channel, byte[] message) {}

  final List<Published> published = new ArrayList<>();
  final Map<String, Consumer<byte[]>> listeners = new ConcurrentHashMap<>();

  /** Called after each message with its channel; answers by {@link #answer}. */
  BiConsumer<String, byte[]> servers = (channel, message) -> {};

  @Override
  public void publish(String channel, byte[] message) {
    published.add(new Published(channel, message));
    servers.accept(channel, message);
  }

  @Override
  public Subscription subscribe(String pattern, Consumer<byte[]> listener) {
    listeners.put(pattern, listener);
    return () -> listeners.remove(pattern);
  }

  void answer(byte[] message) {
    listeners.values().forEach(listener -> listener.accept(message));
  }

  Published last() {
    return published.get(published.size() - 1);
  }
}
