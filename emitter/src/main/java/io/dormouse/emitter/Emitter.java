package io.dormouse.emitter;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/**
 * Emits to the sockets of all servers that are joined by one Redis, from a process that holds none.
 * Hosts of Dormouse and Node servers with {@code @socket.io/redis-adapter} read it alike.
 *
 * <p>Safe for all threads; one for each process is enough. What one thread emits arrives in its
 * order if the Redis client keeps it. Nothing waits for a server unless it says so; a server that
 * is not joined at that moment never gets it, which {@link BroadcastOperator#emitAndConfirm} tells.
 * While Redis is away, everything throws {@link NotPublished}, when the Redis client gives up.
 */
public final class Emitter implements AutoCloseable {
  /** What hosts take that are told nothing else. */
  private static final int MAX_MESSAGE_BYTES = 4 << 20;

  private static final int LONGEST_KEY = 100;

  private final RedisClient redis;
  private final String key;
  private final Values values;
  private final Answers answers;
  private final int maxMessageBytes;

  /** With the key {@code socket.io}, which servers have when they are told no other. */
  public Emitter(RedisClient redis) {
    this(redis, "socket.io");
  }

  /**
   * @param key what the servers' channels begin with: {@code dormouse.backplane.key}, and {@code
   *     key} of Node's redis-adapter
   */
  public Emitter(RedisClient redis, String key) {
    this(redis, key, Values.usualMapper(), MAX_MESSAGE_BYTES);
  }

  /**
   * @param mapper writes arguments and reads what is answered, in the place of one that writes
   *     records, maps, lists, {@code byte[]}, {@link java.nio.ByteBuffer} and times as ISO text
   * @param maxMessageBytes a larger message is refused here, since hosts would drop it without a
   *     word: their {@code dormouse.backplane.max-message}, which is 4 MB unless they are told
   */
  public Emitter(RedisClient redis, String key, ObjectMapper mapper, int maxMessageBytes) {
    if (key.isEmpty() || key.length() > LONGEST_KEY) {
      throw new IllegalArgumentException(
          "A key must have 1 to " + LONGEST_KEY + " characters, was '" + key + "'.");
    }
    this.redis = redis;
    this.key = key;
    this.values = new Values(mapper);
    this.answers = new Answers(redis, key);
    this.maxMessageBytes = maxMessageBytes;
  }

  /** Everyone in a namespace; {@code chat} and {@code /chat} are the same. */
  public BroadcastOperator of(String namespace) {
    return new BroadcastOperator(this, Target.everyone(namespace));
  }

  /** Sockets of the namespace {@code /} that are in any of these rooms. */
  public BroadcastOperator to(String... rooms) {
    return of("/").to(rooms);
  }

  /** Sockets of the namespace {@code /} that are in none of these rooms. */
  public BroadcastOperator except(String... rooms) {
    return of("/").except(rooms);
  }

  /** Emits an event to everyone in the namespace {@code /}. */
  public void emit(String event, @Nullable Object... arguments) {
    of("/").emit(event, arguments);
  }

  /** Ends its subscriptions. The Redis client stays open: whoever made it closes it. */
  @Override
  public void close() {
    answers.close();
  }

  void publish(String channel, byte[] message) {
    if (message.length > maxMessageBytes) {
      throw new IllegalArgumentException(
          "A message for '%s' has %,d bytes, but hosts take only %,d (dormouse.backplane.max-message)."
              .formatted(channel, message.length, maxMessageBytes));
    }
    try {
      redis.publish(channel, message);
    } catch (RuntimeException failed) {
      throw new NotPublished(
          "Redis did not take a message for '" + channel + "': " + failed, failed);
    }
  }

  String key() {
    return key;
  }

  Values values() {
    return values;
  }

  Answers answers() {
    return answers;
  }
}
