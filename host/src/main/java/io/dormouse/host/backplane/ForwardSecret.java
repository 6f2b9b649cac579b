package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The secret that all hosts have in common: the configured one, or one that the first of them keeps
 * in Redis. A Redis that lost it is given it again; whoever finds another one there takes that, and
 * believes the former one too, for those who have not looked yet.
 */
final class ForwardSecret {
  private static final Logger LOG = LoggerFactory.getLogger(ForwardSecret.class);
  private static final int BYTES = 32;
  private static final String KEEP =
      "if redis.call('SET', KEYS[1], ARGV[1], 'NX') then return ARGV[1] end"
          + " return redis.call('GET', KEYS[1])";

  private final @Nullable RedisCalls calls;
  private final String key;
  private volatile @Nullable ForwardKey current;
  private volatile @Nullable ForwardKey former;

  private ForwardSecret(@Nullable RedisCalls calls, String key, @Nullable ForwardKey current) {
    this.calls = calls;
    this.key = key;
    this.current = current;
  }

  static ForwardSecret of(String configured) {
    return new ForwardSecret(null, "", new ForwardKey(configured.getBytes(UTF_8)));
  }

  /**
   * @param key what all keys begin with
   */
  static ForwardSecret inRedis(RedisCalls calls, String key) {
    return new ForwardSecret(calls, key + ":dormouse:secret", null);
  }

  /** Looks whether it still stands in Redis. Blocks; does nothing while Redis is away. */
  synchronized void refresh() {
    if (calls == null) {
      return;
    }
    ForwardKey mine = current;
    try {
      byte[] kept = calls.bytes(KEEP, key, mine == null ? random() : mine.secret());
      if (kept != null && kept.length > 0 && (mine == null || !mine.is(kept))) {
        former = mine;
        current = new ForwardKey(kept);
      }
    } catch (RedisAway away) {
      LOG.debug("The secret of forwards was not looked up: {}", away.getMessage());
    }
  }

  private static byte[] random() {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encode(random);
  }

  /** To sign with; null while there is none. */
  @Nullable ForwardKey current() {
    if (current == null) {
      refresh();
    }
    return current;
  }

  /** To check with. */
  List<ForwardKey> believed() {
    ForwardKey first = current();
    ForwardKey second = former;
    if (first == null) {
      return List.of();
    }
    return second == null ? List.of(first) : List.of(first, second);
  }
}
