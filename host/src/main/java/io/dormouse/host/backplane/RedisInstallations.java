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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
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
  private static final int MOST_JSON = 16 * 1024;

  /** Another host may still be about to read it. */
  private static final Duration KEPT = Duration.ofHours(1);

  private static final String ALL = "return redis.call('HGETALL', KEYS[1])";

  /** Puts ARGV[2] under ARGV[1], behind ARGV[3]; with ARGV[4] only if there is nothing. */
  private static final String PUT =
      """
      if ARGV[4] == 'first' and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then return 0 end
      local last = tonumber(redis.call('HGET', KEYS[1], '#revision') or '0')
      local next = math.max(last, tonumber(ARGV[3])) + 1
      local text = string.format('%.0f', next)
      local json = '{"revision":' .. text .. ',' .. string.sub(ARGV[2], 2)
      redis.call('HSET', KEYS[1], '#revision', text, ARGV[1], json)
      return next
      """;

  /** Puts ARGV[2] of revision ARGV[3] under ARGV[1], unless there is one as new. */
  private static final String RESTORE =
      """
      local seen = redis.call('HGET', KEYS[1], ARGV[1])
      if seen then
        local ok, there = pcall(cjson.decode, seen)
        if ok and type(there) == 'table' and tonumber(there.revision)
            and tonumber(there.revision) >= tonumber(ARGV[3]) then
          return 0
        end
      end
      local last = tonumber(redis.call('HGET', KEYS[1], '#revision') or '0')
      local text = string.format('%.0f', math.max(last, tonumber(ARGV[3])))
      redis.call('HSET', KEYS[1], '#revision', text, ARGV[1], ARGV[2])
      return 1
      """;

  private static final String SIZE = "return redis.call('STRLEN', KEYS[1])";
  private static final String KEEP =
      "redis.call('PERSIST', KEYS[1]) return redis.call('STRLEN', KEYS[1])";
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
  private final Runnable tell;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param key what all keys begin with
   * @param tell tells the other hosts that something has changed
   */
  RedisInstallations(RedisCalls redis, String key, Runnable tell) {
    this.redis = redis;
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
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      String id = new String(fields.get(i), UTF_8);
      if (!id.equals(COUNTER)) {
        Wanted wanted = read(id, fields.get(i + 1));
        if (wanted != null) {
          all.add(wanted);
        }
      }
    }
    return all;
  }

  private static @Nullable Wanted read(String id, byte[] json) {
    try {
      if (json.length > MOST_JSON || !id.matches("[a-z0-9][a-z0-9-]{0,63}")) {
        throw new IllegalArgumentException("it is too long");
      }
      Stored it = JSON.readValue(json, Stored.class);
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
    } catch (IOException | RuntimeException malformed) {
      LOG.debug("An entry of the plugins in Redis is no plugin and is not used");
      return null;
    }
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
