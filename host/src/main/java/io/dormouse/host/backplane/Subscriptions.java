package io.dormouse.host.backplane;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.redisson.api.RPatternTopic;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.api.listener.PatternStatusListener;
import org.redisson.api.listener.StatusListener;
import org.redisson.client.codec.ByteArrayCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps subscribed: to one pattern, which brings all messages in their order, and to single
 * channels that bring nothing and only let Node's servers count this host. One virtual thread does
 * it, again and again until Redis is there; later Redisson subscribes again by itself.
 */
final class Subscriptions {
  private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);
  private static final StatusListener NOTHING =
      new StatusListener() {
        @Override
        public void onSubscribe(String channel) {}

        @Override
        public void onUnsubscribe(String channel) {}
      };

  private final RedissonClient redis;
  private final String pattern;
  private final Receiver receiver;
  private final Runnable onSubscribed;
  private final Set<String> wanted = new HashSet<>();
  private final Map<String, Integer> counted = new HashMap<>();
  private final Thread thread = Thread.ofVirtual().name("backplane subscribe").unstarted(this::run);
  private boolean patternWanted = true;
  private boolean stopped;

  /**
   * @param onSubscribed called each time that the pattern's messages begin to come; must not block
   */
  Subscriptions(RedissonClient redis, String pattern, Receiver receiver, Runnable onSubscribed) {
    this.redis = redis;
    this.pattern = pattern;
    this.receiver = receiver;
    this.onSubscribed = onSubscribed;
  }

  void start() {
    thread.start();
  }

  synchronized void stop() {
    stopped = true;
    thread.interrupt();
  }

  synchronized void add(String channel) {
    wanted.add(channel);
    notifyAll();
  }

  synchronized void remove(String channel) {
    wanted.remove(channel);
    notifyAll();
  }

  /** Nothing comes though Redis answers: subscribes anew. */
  synchronized void renew() {
    patternWanted = true;
    notifyAll();
  }

  private record Change(boolean pattern, Set<String> added, Set<String> removed) {}

  private synchronized Change next() throws InterruptedException {
    while (true) {
      Set<String> added = new HashSet<>(wanted);
      added.removeAll(counted.keySet());
      Set<String> removed = new HashSet<>(counted.keySet());
      removed.removeAll(wanted);
      if (patternWanted || !added.isEmpty() || !removed.isEmpty()) {
        return new Change(patternWanted, added, removed);
      }
      wait();
    }
  }

  private void run() {
    Backoff backoff = new Backoff();
    try {
      while (true) {
        Change change = next();
        try {
          apply(change);
          backoff.reset();
        } catch (RuntimeException away) {
          LOG.debug("Not subscribed yet: {}", away.getMessage());
          synchronized (this) {
            if (stopped) {
              return;
            }
          }
          Thread.sleep(backoff.next());
        }
      }
    } catch (InterruptedException ended) {
      LOG.debug("Subscribing has ended");
    }
  }

  private void apply(Change change) {
    if (change.pattern) {
      subscribe();
      synchronized (this) {
        patternWanted = false;
      }
    }
    for (String channel : change.added) {
      int id = redis.getTopic(channel, ByteArrayCodec.INSTANCE).addListener(NOTHING);
      counted.put(channel, id);
    }
    for (String channel : change.removed) {
      RTopic topic = redis.getTopic(channel, ByteArrayCodec.INSTANCE);
      topic.removeListener(counted.get(channel));
      synchronized (this) {
        counted.remove(channel);
      }
    }
  }

  private void subscribe() {
    RPatternTopic topic = redis.getPatternTopic(pattern, ByteArrayCodec.INSTANCE);
    topic.removeAllListeners();
    // First, so that it hears of the first subscription too.
    topic.addListener(
        new PatternStatusListener() {
          @Override
          public void onPSubscribe(String subscribed) {
            receiver.subscribed();
            onSubscribed.run();
          }

          @Override
          public void onPUnsubscribe(String unsubscribed) {}
        });
    topic.addListener(
        byte[].class, (_, channel, payload) -> receiver.offer(channel.toString(), payload));
  }
}
