package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.redisson.api.RScript;
import org.redisson.api.RStream;
import org.redisson.api.RedissonClient;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.stream.StreamRangeArgs;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * A host's last messages in Redis: one entry for each batch, its id the number of the batch's last
 * message. The id makes adding repeatable: what stands there already is not published again.
 */
final class MessageStream {
  /** A host that is gone leaves its stream for so long. */
  private static final Duration KEPT = Duration.ofMinutes(10);

  private static final String ADD =
      """
      local add = {'XADD', KEYS[1], 'MINID', '~', ARGV[1], ARGV[2]}
      for i = 5, #ARGV do add[#add + 1] = ARGV[i] end
      local added = redis.pcall(unpack(add))
      if type(added) == 'table' and added.err then
        if string.find(added.err, 'equal or smaller', 1, true) then return 0 end
        return redis.error_reply(added.err)
      end
      redis.call('PEXPIRE', KEYS[1], ARGV[3])
      if ARGV[4] == '1' then
        for i = 5, #ARGV, 2 do redis.call('PUBLISH', ARGV[i], ARGV[i + 1]) end
      end
      return 1
      """;

  private final RedissonClient redis;
  private final String name;

  /**
   * @param key what the host's keys begin with
   */
  MessageStream(RedissonClient redis, String key, String hostId) {
    this.redis = redis;
    this.name = key + ":dormouse:log:" + hostId;
  }

  /**
   * Adds a batch and publishes its messages, both or neither, unless it is there already. Throws
   * Redisson's exceptions when Redis does not answer; then it may have been done or not.
   *
   * @param oldest id of the first batch that is still of use
   */
  void publish(ReplayLog.Batch batch, long oldest) {
    add(batch, oldest, "1");
  }

  /** Adds a batch that was published before. */
  void restore(ReplayLog.Batch batch, long oldest) {
    add(batch, oldest, "0");
  }

  private void add(ReplayLog.Batch batch, long oldest, String publish) {
    List<Object> arguments = new ArrayList<>(4 + batch.messages().size());
    arguments.add(text(oldest + "-0"));
    arguments.add(text(batch.last() + "-0"));
    arguments.add(text(Long.toString(KEPT.toMillis())));
    arguments.add(text(publish));
    arguments.addAll(batch.messages());
    redis
        .getScript(ByteArrayCodec.INSTANCE)
        .eval(
            RScript.Mode.READ_WRITE,
            ADD,
            RScript.ReturnType.LONG,
            List.of((Object) name),
            arguments.toArray());
  }

  private static byte[] text(String text) {
    return text.getBytes(US_ASCII);
  }

  /** Number of the last message that is there; 0 when none is. */
  long last() {
    var newest =
        stream()
            .rangeReversed(
                StreamRangeArgs.startId(StreamMessageId.MAX).endId(StreamMessageId.MIN).count(1));
    return newest.isEmpty() ? 0 : newest.keySet().iterator().next().getId0();
  }

  /**
   * Messages in order, channels and payloads by turns, from a batch on that has a number or more.
   */
  List<byte[]> from(long number, int batches) {
    List<byte[]> messages = new ArrayList<>();
    for (Map<byte[], byte[]> entry :
        stream()
            .range(
                StreamRangeArgs.startId(new StreamMessageId(number, 0))
                    .endId(StreamMessageId.MAX)
                    .count(batches))
            .values()) {
      // Channels come more than once: the map holds arrays, each equal to itself alone.
      entry.forEach(
          (channel, payload) -> {
            messages.add(channel);
            messages.add(payload);
          });
    }
    return messages;
  }

  private RStream<byte[], byte[]> stream() {
    return redis.getStream(name, ByteArrayCodec.INSTANCE);
  }
}
