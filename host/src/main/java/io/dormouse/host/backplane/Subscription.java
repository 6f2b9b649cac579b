package io.dormouse.host.backplane;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.redisson.api.RPatternTopic;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.api.listener.MessageListener;
import org.redisson.api.listener.PatternMessageListener;
import org.redisson.api.listener.PatternStatusListener;
import org.redisson.client.codec.ByteArrayCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this host listens to: one pattern for all channels of the key, since only within one
 * subscription the order of channels is kept; and, without listening, the channels on which Node
 * counts members.
 *
 * <p>Redisson subscribes again by itself after a reconnect, but nobody does so for the first time;
 * that, and whatever else may wait for Redis, is done on one virtual thread.
 */
final class Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);
  private static final MessageListener<byte[]> NOBODY = (_, _) -> {};

  private final RedisClients clients;
  private final String pattern;
  private final BiConsumer<String, byte[]> listener;
  private final Runnable subscribed;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<String> wanted = new HashSet<>();
  private final Map<String, Integer> counted = new HashMap<>();
  private final Thread thread;
  private boolean listens;
  private boolean again;
  private boolean changes;
  private volatile boolean stopped;
  private volatile boolean active;

  /**
   * @param listener is called on Redisson's threads
   * @param subscribed is called there too, each time that Redis confirms the pattern: from the
   *     second time on, something may have been missed
   */
  Subscription(
      RedisClients clients,
      String pattern,
      BiConsumer<String, byte[]> listener,
      Runnable subscribed) {
    this.clients = clients;
    this.pattern = pattern;
    this.listener = listener;
    this.subscribed = subscribed;
    this.thread = Thread.ofVirtual().name("backplane-subscribe").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Does not wait; what is subscribed ends with the client. */
  void stop() {
    stopped = true;
    thread.interrupt();
  }

  /** Lets Redis count this host on a channel. */
  void count(String channel) {
    change(() -> wanted.add(channel));
  }

  void uncount(String channel) {
    change(() -> wanted.remove(channel));
  }

  /** Gives up what is subscribed and begins anew: it is there, but nothing comes. */
  void renew() {
    change(() -> again = true);
  }

  /** Whether all of it was subscribed once; from then on it comes back by itself. */
  boolean isActive() {
    return active;
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changes = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    Backoff backoff = new Backoff();
    try {
      while (!stopped) {
        try {
          reconcile();
          backoff.reset();
          awaitChange();
        } catch (RuntimeException e) {
          LOG.debug("Redis takes no subscription", e);
          Thread.sleep(backoff.next());
        }
      }
    } catch (InterruptedException _) {
      // The host stops.
    }
  }

  private void awaitChange() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!changes) {
        changed.await();
      }
      changes = false;
    } finally {
      lock.unlock();
    }
  }

  private void reconcile() {
    Set<String> toCount;
    boolean renew;
    lock.lock();
    try {
      toCount = Set.copyOf(wanted);
      renew = again;
      again = false;
    } finally {
      lock.unlock();
    }
    RedissonClient client = clients.publishing();
    if (renew) {
      unsubscribe(client);
    }
    if (!listens) {
      listen(client);
    }
    for (String channel : toCount) {
      if (!counted.containsKey(channel)) {
        counted.put(channel, topic(client, channel).addListener(byte[].class, NOBODY));
      }
    }
    for (String channel : Set.copyOf(counted.keySet())) {
      if (!toCount.contains(channel)) {
        topic(client, channel).removeListener(counted.get(channel));
        counted.remove(channel);
      }
    }
    active = true;
  }

  private void listen(RedissonClient client) {
    RPatternTopic topic = client.getPatternTopic(pattern, ByteArrayCodec.INSTANCE);
    try {
      topic.addListener(
          new PatternStatusListener() {
            @Override
            public void onPSubscribe(String confirmed) {
              subscribed.run();
            }

            @Override
            public void onPUnsubscribe(String confirmed) {}
          });
      PatternMessageListener<byte[]> messages =
          (_, channel, payload) -> take(channel.toString(), payload);
      topic.addListener(byte[].class, messages);
      listens = true;
    } catch (RuntimeException e) {
      forgetQuietly(topic);
      throw e;
    }
  }

  private void take(String channel, byte[] payload) {
    try {
      listener.accept(channel, payload);
    } catch (RuntimeException | Error e) {
      LOG.error("A message from Redis could not be taken over", e);
    }
  }

  private void unsubscribe(RedissonClient client) {
    active = false;
    listens = false;
    forgetQuietly(client.getPatternTopic(pattern, ByteArrayCodec.INSTANCE));
    counted.forEach((channel, id) -> topic(client, channel).removeListener(id));
    counted.clear();
  }

  private static void forgetQuietly(RPatternTopic topic) {
    try {
      topic.removeAllListeners();
    } catch (RuntimeException e) {
      LOG.debug("Redis takes no end of a subscription", e);
    }
  }

  private static RTopic topic(RedissonClient client, String channel) {
    return client.getTopic(channel, ByteArrayCodec.INSTANCE);
  }
}
