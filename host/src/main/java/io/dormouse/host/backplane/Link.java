package io.dormouse.host.backplane;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * Messages between hosts over Redis: numbered by their sender, in order, each once, and fetched
 * again when Redis lost them on their way, as far as streams and memory reach back.
 *
 * <p>Redis need not be there. All methods but {@link #subscribers} return at once.
 */
final class Link {
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  /** Gets messages of others on one virtual thread, those of each sender in order. */
  interface Listener {
    void received(Incoming message);
  }

  private final String hostId = Stamp.newHostId();
  private final RedisClients redis;
  private final Duration deafAfter;
  private final Publisher publisher;
  private final Receiver receiver;
  private final Subscriptions subscriptions;

  Link(BackplaneSettings settings, RedisClients redis, BackplaneMeters meters, Listener listener) {
    this.redis = redis;
    this.deafAfter = settings.deadAfter();
    String key = settings.key();
    ConcurrentHashMap<String, MessageStream> streams = new ConcurrentHashMap<>();
    publisher =
        new Publisher(hostId, new MessageStream(redis.publishing(), key, hostId), settings, meters);
    receiver =
        new Receiver(
            hostId,
            id ->
                streams.computeIfAbsent(id, host -> new MessageStream(redis.commands(), key, host)),
            settings.maxMessage(),
            settings.deadAfter(),
            meters,
            listener);
    subscriptions =
        new Subscriptions(
            redis.publishing(), new Channels(key).pattern(), receiver, publisher::doubt);
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
    subscriptions.start();
  }

  /** Publishes what waits, for a moment. */
  void stop() {
    publisher.stop(FAREWELL);
    subscriptions.stop();
    receiver.stop();
  }

  /** False when it is dropped: too much waits already. */
  boolean publish(Outgoing message) {
    return publisher.offer(message);
  }

  /** Lets Node's servers count this host on a channel, whose messages come anyway. */
  void count(String channel) {
    subscriptions.add(channel);
  }

  void uncount(String channel) {
    subscriptions.remove(channel);
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
      throw new IllegalStateException("Redis does not answer", away);
    }
  }

  /** Whether what this host publishes comes to others, and back to itself. */
  boolean isJoined() {
    Duration since = receiver.sinceOwn();
    return !publisher.isAway() && since != null && since.compareTo(deafAfter) < 0;
  }

  /** To be called now and then: a subscription that brings nothing is made anew. */
  void checkHearing() {
    Duration since = receiver.sinceOwn();
    if (!publisher.isAway() && since != null && since.compareTo(deafAfter.multipliedBy(2)) > 0) {
      subscriptions.renew();
    }
  }
}
