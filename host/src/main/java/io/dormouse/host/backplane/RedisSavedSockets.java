package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dormouse.host.namespace.SavedSocket;
import io.dormouse.host.namespace.SavedSockets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RScript;
import org.redisson.client.codec.ByteArrayCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all hosts keep of sockets in Redis: the hash {@code <key>:dormouse:socket:<pid>}, with the
 * host that has it and what it has. It ends by itself; while its socket is there, it is prolonged.
 *
 * <p>One virtual thread writes what has changed, some milliseconds later and many at a time. What a
 * host that dies had not written yet is lost. What another host has taken is not written any more.
 */
final class RedisSavedSockets implements SavedSockets {
  private static final Logger LOG = LoggerFactory.getLogger(RedisSavedSockets.class);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(500);
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);
  private static final int BATCH = 500;

  private static final String SAVE =
      """
      local owner = redis.call('HGET', KEYS[1], 'owner')
      if owner and owner ~= ARGV[1] then return 0 end
      redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'socket', ARGV[2])
      redis.call('PEXPIRE', KEYS[1], ARGV[3])
      return 1
      """;

  private static final String FORGET =
      """
      if redis.call('HGET', KEYS[1], 'owner') == ARGV[1] then redis.call('DEL', KEYS[1]) end
      return 1
      """;

  private static final String TAKE =
      """
      local socket = redis.call('HGET', KEYS[1], 'socket')
      if socket then
        redis.call('HSET', KEYS[1], 'owner', ARGV[1])
        redis.call('HDEL', KEYS[1], 'socket')
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
      end
      return socket
      """;

  /** A socket that is to be written; null when it is to be forgotten. */
  private record Change(@Nullable Supplier<SavedSocket> now) {}

  private static final Change FORGOTTEN = new Change(null);

  private final RedisClients redis;
  private final RedisCalls calls;
  private final String prefix;
  private final String hostId;
  private final Duration kept;
  private final Map<String, Supplier<SavedSocket>> present = new ConcurrentHashMap<>();
  private final Map<String, Change> changes = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean stopping;

  /**
   * @param key what all keys begin with
   * @param hostId of this host
   * @param kept how long
   */
  RedisSavedSockets(
      RedisClients redis, RedisCalls calls, String key, String hostId, Duration kept) {
    this.redis = redis;
    this.calls = calls;
    this.prefix = key + ":dormouse:socket:";
    this.hostId = hostId;
    this.kept = kept;
    this.thread = Thread.ofVirtual().name("backplane-sockets").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Writes what is left, if Redis takes it within moments. */
  void stop() {
    stopping = true;
    LockSupport.unpark(thread);
    try {
      if (!thread.join(LAST_WORDS)) {
        thread.interrupt();
        boolean _ = thread.join(LAST_WORDS);
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void joined(String pid, Supplier<SavedSocket> now) {
    present.put(pid, now);
    changed(pid, new Change(now));
  }

  @Override
  public void changed(String pid) {
    Supplier<SavedSocket> now = present.get(pid);
    if (now != null) {
      changed(pid, new Change(now));
    }
  }

  @Override
  public void left(String pid, SavedSocket last) {
    present.remove(pid);
    changed(pid, new Change(() -> last));
  }

  @Override
  public void forget(String pid) {
    present.remove(pid);
    changed(pid, FORGOTTEN);
  }

  private void changed(String pid, Change change) {
    if (changes.put(pid, change) == null && changes.size() == 1) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public @Nullable SavedSocket take(String pid) {
    present.remove(pid);
    Change unwritten = changes.remove(pid);
    byte[] stored = null;
    try {
      stored = calls.bytes(TAKE, prefix + pid, hostId, kept.toMillis());
    } catch (RedisAway away) {
      LOG.debug("What is kept of a socket cannot be read", away);
    }
    if (unwritten != null) {
      return unwritten.now() == null ? null : unwritten.now().get();
    }
    return stored == null ? null : SavedSocket.of(stored);
  }

  private void run() {
    long refreshed = System.nanoTime();
    while (!stopping || !changes.isEmpty()) {
      if (changes.isEmpty()) {
        LockSupport.parkNanos(this, TimeUnit.SECONDS.toNanos(1));
      } else {
        LockSupport.parkNanos(this, PAUSE_NANOS); // more may come meanwhile
      }
      if (Thread.interrupted()) {
        return;
      }
      long now = System.nanoTime();
      if (now - refreshed > kept.toNanos() / 3) {
        refreshed = now;
        present.forEach((pid, socket) -> changes.putIfAbsent(pid, new Change(socket)));
      }
      if (!write()) {
        if (stopping) {
          return;
        }
        LockSupport.parkNanos(this, AFTER_FAILURE.toNanos());
      }
    }
  }

  /** False when Redis did not take it; then it is tried again. */
  private boolean write() {
    while (!changes.isEmpty()) {
      List<String> pids = new ArrayList<>();
      List<Change> taken = new ArrayList<>();
      for (String pid : changes.keySet().stream().limit(BATCH).toList()) {
        Change change = changes.remove(pid);
        if (change != null) {
          pids.add(pid);
          taken.add(change);
        }
      }
      try {
        write(pids, taken);
      } catch (RuntimeException away) {
        LOG.debug("Redis does not answer; what sockets have is written later", away);
        for (int i = 0; i < pids.size(); i++) {
          changes.putIfAbsent(pids.get(i), taken.get(i));
        }
        return false;
      }
    }
    return true;
  }

  private void write(List<String> pids, List<Change> taken) {
    RBatch batch = redis.commands().createBatch();
    for (int i = 0; i < pids.size(); i++) {
      Supplier<SavedSocket> now = taken.get(i).now();
      List<Object> key = List.of(prefix + pids.get(i));
      byte[] owner = hostId.getBytes(UTF_8);
      var script = batch.getScript(ByteArrayCodec.INSTANCE);
      var _ =
          now == null
              ? script.evalAsync(
                  RScript.Mode.READ_WRITE, FORGET, RScript.ReturnType.LONG, key, owner)
              : script.evalAsync(
                  RScript.Mode.READ_WRITE,
                  SAVE,
                  RScript.ReturnType.LONG,
                  key,
                  owner,
                  now.get().json(),
                  Long.toString(kept.toMillis()).getBytes(UTF_8));
    }
    List<?> answers = batch.execute().getResponses();
    for (int i = 0; i < pids.size(); i++) {
      if (answers.get(i) instanceof Long done && done == 0) {
        present.remove(pids.get(i)); // its client is at another host
      }
    }
  }
}
