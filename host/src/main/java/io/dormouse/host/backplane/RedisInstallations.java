package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dormouse.host.plugin.PluginOrigin;
import io.dormouse.host.plugin.SharedInstallations;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins that all hosts want, in Redis: the hash {@code <key>:dormouse:plugins} of JSON by id,
 * whose field {@code #revision} counts the changes, and the bytes of JARs at {@code
 * <key>:dormouse:jar:<digest>}, written and read in pieces, since nothing else should wait for a
 * large one.
 */
final class RedisInstallations implements SharedInstallations {
  private static final Logger LOG = LoggerFactory.getLogger(RedisInstallations.class);
  private static final String COUNTER = "#revision";
  private static final int PIECE = 512 * 1024;
  private static final int MOST_TEXT = 255;
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

  /** Another host may still be about to read it. */
  private static final Duration KEPT = Duration.ofHours(1);

  /** No counter comes so far; beyond, doubles skip numbers. */
  private static final long MOST_CHANGES = 1L << 50;

  /** All fields and values; empty for a value that is too long, and for what is no such hash. */
  private static final String ALL =
      """
      local kind = redis.call('TYPE', KEYS[1])['ok']
      if kind == 'none' then return {} end
      if kind ~= 'hash' or redis.call('HLEN', KEYS[1]) > 2000 then return {'', ''} end
      local all = {}
      for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
        local fits = #name <= 64 and redis.call('HSTRLEN', KEYS[1], name) <= 16384
        all[#all + 1] = string.sub(name, 1, 65)
        all[#all + 1] = fits and redis.call('HGET', KEYS[1], name) or ''
      end
      return all
      """;

  /** The revision of the entry that is there, and the last one; 0 for what is none. */
  private static final String SEEN =
      """
      if redis.call('TYPE', KEYS[1])['ok'] ~= 'hash' then redis.call('DEL', KEYS[1]) end
      local seen = 0
      local ok, there = pcall(cjson.decode, redis.call('HGET', KEYS[1], ARGV[1]) or '')
      if ok and type(there) == 'table' and type(there.revision) == 'number'
          and there.revision >= 1 and there.revision < 2 ^ 50
          and (there.removed == true or type(there.digest) == 'string' and #there.digest == 64) then
        seen = there.revision
      end
      local last = tonumber(redis.call('HGET', KEYS[1], '#revision') or '0') or 0
      if not (last >= 0 and last < 2 ^ 50) then last = 0 end
      """;

  /** Puts ARGV[2] under ARGV[1], behind ARGV[3]; with ARGV[4] only if there is nothing. */
  private static final String PUT =
      SEEN
          + """
      if ARGV[4] == 'first' and seen > 0 then return 0 end
      last = math.max(last, seen)
      local next = math.max(last, tonumber(ARGV[3])) + 1
      local text = string.format('%.0f', next)
      local json = '{"revision":' .. text .. ',' .. string.sub(ARGV[2], 2)
      redis.call('HSET', KEYS[1], '#revision', text, ARGV[1], json)
      return next
      """;

  /** Puts ARGV[2] of revision ARGV[3] under ARGV[1], unless there is one as new. */
  private static final String RESTORE =
      SEEN
          + """
      if seen >= tonumber(ARGV[3]) then return 0 end
      local text = string.format('%.0f', math.max(last, tonumber(ARGV[3])))
      redis.call('HSET', KEYS[1], '#revision', text, ARGV[1], ARGV[2])
      return 1
      """;

  private static final String SIZE =
      "return redis.call('TYPE', KEYS[1])['ok'] == 'string' and redis.call('STRLEN', KEYS[1]) or 0";
  private static final String KEEP =
      """
      if redis.call('TYPE', KEYS[1])['ok'] ~= 'string' then redis.call('DEL', KEYS[1]) end
      redis.call('PERSIST', KEYS[1])
      return redis.call('STRLEN', KEYS[1])
      """;
  private static final String WRITE = "return redis.call('SETRANGE', KEYS[1], ARGV[1], ARGV[2])";
  private static final String READ = "return redis.call('GETRANGE', KEYS[1], ARGV[1], ARGV[2])";
  private static final String DELETE = "return redis.call('DEL', KEYS[1])";
  private static final String EXPIRE = "return redis.call('PEXPIRE', KEYS[1], ARGV[1])";

  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** As it is stored; the revision comes first. */
  private record Stored(
      long revision,
      @Nullable String digest,
      @Nullable String version,
      @Nullable String jar,
      @Nullable String formerDigest,
      @Nullable PluginOrigin origin,
      boolean enabled,
      boolean removed) {}

  /** The same without, since Redis counts. */
  private record Change(
      @Nullable String digest,
      @Nullable String version,
      @Nullable String jar,
      @Nullable String formerDigest,
      PluginOrigin origin,
      boolean enabled,
      boolean removed) {}

  private final RedisCalls redis;
  private final String hash;
  private final String jars;
  private final BackplaneMeters meters;
  private final Runnable tell;

  /** What was refused and said already: a hash of the bytes by id. */
  private final Map<String, Integer> refused = new ConcurrentHashMap<>();

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param key what all keys begin with
   * @param tell tells the other hosts that something has changed
   */
  RedisInstallations(RedisCalls redis, String key, BackplaneMeters meters, Runnable tell) {
    this.redis = redis;
    this.meters = meters;
    this.hash = key + ":dormouse:plugins";
    this.jars = key + ":dormouse:jar:";
    this.tell = tell;
  }

  /** Something may have changed. */
  void changed() {
    listeners.forEach(Runnable::run);
  }

  @Override
  public void onChange(Runnable changed) {
    listeners.add(changed);
  }

  @Override
  public List<Wanted> all() {
    List<byte[]> fields = reached(() -> redis.list(ALL, hash));
    List<Wanted> all = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      String id = new String(fields.get(i), UTF_8);
      if (!id.equals(COUNTER)) {
        ids.add(id);
        Wanted wanted = read(id, fields.get(i + 1));
        if (wanted != null) {
          all.add(wanted);
        }
      }
    }
    refused.keySet().retainAll(ids);
    return all;
  }

  private @Nullable Wanted read(String id, byte[] json) {
    if (json.length == 0) {
      return refuse(id, json, RefusalReason.TOO_LARGE);
    }
    try {
      Stored it = JSON.readValue(json, Stored.class);
      if (!ID.matcher(id).matches()
          || it.revision < 1
          || it.revision >= MOST_CHANGES
          || isUnfit(it.jar)
          || isUnfit(it.version)) {
        return refuse(id, json, RefusalReason.FIELD);
      }
      refused.remove(id);
      return new Wanted(
          id,
          it.revision,
          it.digest,
          it.version,
          it.jar,
          it.formerDigest,
          it.origin == null ? PluginOrigin.UPLOAD : it.origin,
          it.enabled,
          it.removed);
    } catch (IOException malformed) {
      return refuse(id, json, RefusalReason.MALFORMED);
    } catch (RuntimeException wrong) {
      return refuse(id, json, RefusalReason.FIELD);
    }
  }

  private static boolean isUnfit(@Nullable String text) {
    return text != null
        && (text.length() > MOST_TEXT || text.codePoints().anyMatch(Character::isISOControl));
  }

  /** Counts and says it once, however often it is seen. */
  private @Nullable Wanted refuse(String id, byte[] json, RefusalReason reason) {
    Integer hash = Arrays.hashCode(json);
    if (!hash.equals(refused.put(id, hash))) {
      meters.refused(reason);
      LOG.warn(
          "What Redis has of plugin '{}' is not used. [{}]",
          ID.matcher(id).matches() ? id : "?",
          reason);
    }
    return null;
  }

  @Override
  public long put(Wanted change, long seen) {
    long revision = put(change, seen, "always");
    tell.run();
    return revision;
  }

  @Override
  public long putFirst(Wanted first) {
    long revision = put(first, 0, "first");
    if (revision > 0) {
      tell.run();
    }
    return revision;
  }

  private long put(Wanted it, long seen, String when) {
    byte[] json =
        bytes(
            new Change(
                it.digest(),
                it.version(),
                it.jar(),
                it.formerDigest(),
                it.origin(),
                it.enabled(),
                it.removed()));
    return reached(() -> redis.number(PUT, hash, it.id(), json, seen, when));
  }

  @Override
  public void restore(Wanted it) {
    byte[] json =
        bytes(
            new Stored(
                it.revision(),
                it.digest(),
                it.version(),
                it.jar(),
                it.formerDigest(),
                it.origin(),
                it.enabled(),
                it.removed()));
    long _ = reached(() -> redis.number(RESTORE, hash, it.id(), json, it.revision()));
  }

  private static byte[] bytes(Object stored) {
    try {
      return JSON.writeValueAsBytes(stored);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible); // into memory
    }
  }

  @Override
  public void putJar(String digest, Path file) {
    String key = jars + digest;
    try (FileChannel channel = FileChannel.open(file);
        InputStream in = Files.newInputStream(file)) {
      long there = reached(() -> redis.number(KEEP, key));
      if (there == channel.size()) {
        return;
      }
      if (there > channel.size()) {
        long _ = reached(() -> redis.number(DELETE, key));
      }
      long offset = 0;
      while (offset < channel.size()) {
        byte[] piece = in.readNBytes(PIECE);
        if (piece.length == 0) {
          throw new EOFException();
        }
        long at = offset;
        long _ = reached(() -> redis.number(WRITE, key, at, piece));
        offset += piece.length;
      }
    } catch (IOException gone) {
      throw new IllegalStateException("A JAR of this host cannot be read", gone);
    }
  }

  @Override
  public @Nullable InputStream jar(String digest) {
    String key = jars + digest;
    long size = reached(() -> redis.number(SIZE, key));
    return size == 0 ? null : new Pieces(key);
  }

  @Override
  public void dropJar(String digest, boolean spoilt) {
    String key = jars + digest;
    if (spoilt) {
      meters.refused(RefusalReason.DIGEST);
      LOG.warn("A JAR in Redis is not the one that its name says, and is deleted. [DIGEST]");
    }
    long _ =
        spoilt
            ? reached(() -> redis.number(DELETE, key))
            : reached(() -> redis.number(EXPIRE, key, KEPT.toMillis()));
  }

  private static <T> T reached(Supplier<T> call) {
    try {
      return call.get();
    } catch (RedisAway away) {
      throw new IllegalStateException(away.getMessage(), away);
    }
  }

  /** Reads a value to its end. */
  private final class Pieces extends InputStream {
    private final String key;
    private long offset;
    private byte[] piece = {};
    private int next;
    private boolean ended;

    Pieces(String key) {
      this.key = key;
    }

    @Override
    public int read() {
      return fill() ? piece[next++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int from, int length) {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int count = Math.min(length, piece.length - next);
      System.arraycopy(piece, next, into, from, count);
      next += count;
      return count;
    }

    private boolean fill() {
      if (next == piece.length && !ended) {
        byte[] read = reached(() -> bytesOf(offset));
        piece = read;
        next = 0;
        offset += read.length;
        ended = read.length == 0;
      }
      return !ended;
    }

    private byte[] bytesOf(long from) {
      byte[] bytes = redis.bytes(READ, key, from, from + PIECE - 1);
      return bytes == null ? new byte[0] : bytes;
    }
  }
}
