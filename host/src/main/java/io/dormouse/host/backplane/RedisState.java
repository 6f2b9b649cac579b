package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dormouse.host.plugin.StateStore;
import io.dormouse.host.plugin.StateUnreachable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One plugin's state in Redis, shared by all hosts: the hash {@code <key>:dormouse:state:<plugin>},
 * with a field {@code =name} for each value and {@code bytes} for how many all of them have.
 */
final class RedisState implements StateStore {
  private static final String GET = "return redis.call('HGET', KEYS[1], ARGV[1])";
  private static final String KEYS = "return redis.call('HKEYS', KEYS[1])";
  private static final String ALL = "return redis.call('HGETALL', KEYS[1])";
  private static final String CLEAR = "return redis.call('DEL', KEYS[1])";

  /**
   * Stores ARGV[2] under ARGV[1], or removes it when ARGV[3] is not 1, within ARGV[4] bytes; when
   * ARGV[5] is "absent" or "equal" only if there is nothing, or ARGV[6]. Returns 1 when it was
   * done, 0 when not, and what it would have been, negative, when that is too much.
   */
  private static final String PUT =
      """
      local seen = redis.call('HGET', KEYS[1], ARGV[1])
      if ARGV[5] == 'absent' and seen then return 0 end
      if ARGV[5] == 'equal' and seen ~= ARGV[6] then return 0 end
      local name = #ARGV[1] - 1
      local bytes = tonumber(redis.call('HGET', KEYS[1], 'bytes') or '0')
      if seen then bytes = bytes - name - #seen end
      if ARGV[3] == '1' then
        bytes = bytes + name + #ARGV[2]
        if bytes > tonumber(ARGV[4]) then return -bytes end
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
      else
        redis.call('HDEL', KEYS[1], ARGV[1])
      end
      if bytes > 0 then
        redis.call('HSET', KEYS[1], 'bytes', string.format('%.0f', bytes))
      else
        redis.call('DEL', KEYS[1])
      end
      return 1
      """;

  private static final byte[] NOTHING = {};

  private final RedisCalls redis;
  private final String hash;
  private final String pluginId;
  private final long limitBytes;

  /** While a snapshot is open: what this host wrote last, by name; empty bytes for removed. */
  private volatile @Nullable Map<String, byte[]> written;

  /**
   * @param key what all keys begin with
   */
  RedisState(RedisCalls redis, String key, String pluginId, long limitBytes) {
    this.redis = redis;
    this.hash = key + ":dormouse:state:" + pluginId;
    this.pluginId = pluginId;
    this.limitBytes = limitBytes;
  }

  @Override
  public byte @Nullable [] get(String key) {
    return reached(() -> redis.bytes(GET, hash, field(key)));
  }

  @Override
  public void put(String key, byte @Nullable [] value) {
    boolean _ = write(key, value, "always", NOTHING);
  }

  @Override
  public boolean replace(String key, byte @Nullable [] seen, byte @Nullable [] next) {
    return write(key, next, seen == null ? "absent" : "equal", seen == null ? NOTHING : seen);
  }

  private boolean write(String key, byte @Nullable [] value, String condition, byte[] seen) {
    byte[] bytes = value == null ? NOTHING : value;
    String stores = value == null ? "0" : "1";
    Long done =
        reached(
            () -> redis.number(PUT, hash, field(key), bytes, stores, limitBytes, condition, seen));
    if (done < 0) {
      throw StateStore.full(pluginId, -done, key, limitBytes);
    }
    Map<String, byte[]> journal = written;
    if (done == 1 && journal != null) {
      journal.put(key, bytes);
    }
    return done == 1;
  }

  @Override
  public Set<String> keys(String prefix) {
    Set<String> keys = new TreeSet<>();
    for (byte[] field : reached(() -> redis.list(KEYS, hash))) {
      String name = new String(field, UTF_8);
      if (name.startsWith("=" + prefix)) {
        keys.add(name.substring(1));
      }
    }
    return keys;
  }

  @Override
  public void clear() {
    long _ = reached(() -> redis.number(CLEAR, hash));
  }

  @Override
  public Snapshot snapshot() {
    Map<String, byte[]> values = new HashMap<>();
    List<byte[]> all = reached(() -> redis.list(ALL, hash));
    for (int i = 0; i < all.size(); i += 2) {
      String name = new String(all.get(i), UTF_8);
      if (name.startsWith("=")) {
        values.put(name.substring(1), all.get(i + 1));
      }
    }
    Map<String, byte[]> journal = new ConcurrentHashMap<>();
    written = journal;
    return new Snapshot() {
      @Override
      public void restore() {
        written = null;
        journal.forEach((key, last) -> RedisState.this.restore(key, last, values.get(key)));
      }

      @Override
      public void close() {
        written = null;
      }
    };
  }

  /** Unless another host has written meanwhile. */
  private void restore(String key, byte[] last, byte @Nullable [] before) {
    byte[] present = get(key);
    if (Arrays.equals(present == null ? NOTHING : present, last)) {
      boolean _ = replace(key, present, before);
    }
  }

  private static String field(String key) {
    return "=" + key;
  }

  private <T> T reached(Supplier<T> call) {
    try {
      return call.get();
    } catch (RedisAway away) {
      throw new StateUnreachable(pluginId, String.valueOf(away.getMessage()));
    }
  }
}
