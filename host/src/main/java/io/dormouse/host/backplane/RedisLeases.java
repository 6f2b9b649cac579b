package io.dormouse.host.backplane;

import io.dormouse.host.plugin.TaskLeases;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Which host runs a task that runs once: the one that has set {@code
 * <key>:dormouse:once:<plugin>:<task>}. The key ends by itself; while the task runs, it is
 * prolonged.
 */
final class RedisLeases implements TaskLeases {
  private static final Duration HELD = Duration.ofSeconds(30);
  private static final Duration MOST_MARGIN = Duration.ofSeconds(1);

  private static final String TAKE =
      "return redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0";

  private static final String PROLONG =
      """
      if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
      return redis.call('PEXPIRE', KEYS[1], ARGV[2])
      """;

  private final RedisCalls redis;
  private final String prefix;
  private final String hostId;
  private final AtomicLong numbers = new AtomicLong();

  /**
   * @param key what all keys begin with
   * @param hostId of this host
   */
  RedisLeases(RedisCalls redis, String key, String hostId) {
    this.redis = redis;
    this.prefix = key + ":dormouse:once:";
    this.hostId = hostId;
  }

  @Override
  public @Nullable Lease take(String pluginId, String task) {
    String key = prefix + pluginId + ":" + task;
    String token = hostId + "-" + numbers.incrementAndGet();
    try {
      return redis.number(TAKE, key, token, HELD.toMillis()) == 1 ? new Held(key, token) : null;
    } catch (RedisAway away) {
      throw new IllegalStateException(
          "Task '%s' of plugin '%s' runs on no host now: %s"
              .formatted(task, pluginId, away.getMessage()));
    }
  }

  private final class Held implements Lease {
    private final String key;
    private final String token;
    private final CountDownLatch ended = new CountDownLatch(1);

    Held(String key, String token) {
      this.key = key;
      this.token = token;
      Thread.ofVirtual()
          .name("lease of a task")
          .inheritInheritableThreadLocals(false)
          .start(this::keep);
    }

    private void keep() {
      try {
        while (!ended.await(HELD.toMillis() / 3, TimeUnit.MILLISECONDS)) {
          prolong(HELD);
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }

    /** A little less than until the next run, so that the host that ran it finds it free again. */
    @Override
    public void end(Duration pause) {
      ended.countDown();
      Duration margin = pause.dividedBy(10);
      prolong(pause.minus(margin.compareTo(MOST_MARGIN) < 0 ? margin : MOST_MARGIN));
    }

    private void prolong(Duration time) {
      try {
        long _ = redis.number(PROLONG, key, token, Math.max(1, time.toMillis()));
      } catch (RedisAway away) {
        // It ends by itself, at the latest when it would have without this.
      }
    }
  }
}
