package io.dormouse.host.backplane;

import java.time.Duration;
import java.util.List;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * Messages between hosts over Redis: numbered by their sender, in order, each once, and fetched
 * again when Redis lost them on their way, as far as streams and memory reach back.
 *
 * <p>Redis need not be there. All methods but {@link #subscribers} return at once.
 */
final class Link {
  /** Gets messages of others on one virtual thread, those of each sender in order. */
  interface Listener {
    void received(Incoming message);

    /** Whether messages of a channel from before this host heard them are wanted now. */
    default boolean wantsPast(String channel) {
      return false;
    }

    /**
     * What was asked for by {@link Link#recall}.
     *
     * @param messages by time, and those of each host in its order
     */
    default void recalled(List<PastMessage> messages) {}
  }

  private final String hostId = Stamp.newHostId();
  private final RedisClients redis;
  private final Duration deafAfter;
  private final Publisher publisher;
  private final Receiver receiver;
  private final Subscription subscription;

  /**
   * @param kept how long what a host published stays in Redis after its end, at least
   */
  Link(
      BackplaneSettings settings,
      RedisClients redis,
      Duration kept,
      BackplaneMeters meters,
      Listener listener) {
    this.redis = redis;
    this.deafAfter = settings.deadAfter();
    String key = settings.key();
    RedisLog log = new RedisLog(redis, key, kept);
    publisher = new Publisher(hostId, settings, log, meters);
    receiver =
        new Receiver(
            hostId,
            settings,
            log,
            meters,
            new Channels(key)::isAdopted,
            publisher::lastNumber,
            listener);
    subscription =
        new Subscription(redis, new Channels(key).pattern(), receiver::arrived, this::confirmed);
    meters.gauge("joined", () -> isJoined() ? 1 : 0);
    meters.gauge("held.bytes", publisher::heldBytes);
    meters.gauge("received.waiting.bytes", receiver::waitingBytes);
  }

  String hostId() {
    return hostId;
  }

  void start() {
    receiver.start();
    publisher.start();
    subscription.start();
  }

  /** Publishes what waits, for a moment. */
  void stop() {
    publisher.stop();
    subscription.stop();
    receiver.stop();
  }

  /**
   * Has the listener told what it wants of what other hosts published before, as far as streams
   * have it: once, and when Redis is there. What comes next comes after it.
   */
  void recall() {
    receiver.recall();
  }

  /** False when it is dropped: too much waits already, or it is volatile and Redis is away. */
  boolean publish(Outgoing message) {
    receiver.published(message.channel());
    return publisher.publish(message);
  }

  /** Lets Node's servers count this host on a channel, whose messages come anyway. */
  void count(String channel) {
    subscription.count(channel);
  }

  void uncount(String channel) {
    subscription.uncount(channel);
  }

  /**
   * How many servers have subscribed to a channel by its name. Blocks until Redis answers.
   *
   * @throws IllegalStateException when it does not
   */
  int subscribers(String channel) {
    try {
      return (int) redis.commands().getTopic(channel, ByteArrayCodec.INSTANCE).countSubscribers();
    } catch (RuntimeException away) {
      throw new IllegalStateException("Redis does not answer: " + Outage.reason(away), away);
    }
  }

  /** Whether what this host publishes comes to others, and back to itself. */
  boolean isJoined() {
    Duration since = receiver.sinceOwn();
    return publisher.isSynced()
        && subscription.isActive()
        && receiver.isInSync()
        && since != null
        && since.compareTo(deafAfter) < 0;
  }

  /** Redis has confirmed the subscription, again perhaps: what came meanwhile may be missing. */
  private void confirmed() {
    receiver.missedSome();
    publisher.doubt();
  }

  /** To be called now and then: a subscription that brings nothing is made anew. */
  void checkHearing() {
    Duration since = receiver.sinceOwn();
    if (publisher.isSynced() && since != null && since.compareTo(deafAfter.multipliedBy(2)) > 0) {
      subscription.renew();
    }
  }
}
