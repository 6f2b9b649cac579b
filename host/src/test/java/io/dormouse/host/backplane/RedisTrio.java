package io.dormouse.host.backplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** A real master, its replica, and a sentinel that promotes the replica when the master is gone. */
final class RedisTrio implements AutoCloseable {
  private static final String NAME = "mymaster";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final RedisProcess master;
  private final RedisProcess replica;
  private final RedisProcess sentinel;

  private RedisTrio(RedisProcess master, RedisProcess replica, RedisProcess sentinel) {
    this.master = master;
    this.replica = replica;
    this.sentinel = sentinel;
  }

  /**
   * One whose replica has caught up, and is known to the sentinel.
   *
   * @param folder for the sentinel's configuration
   */
  static RedisTrio start(Path folder) {
    // A master waits for five seconds otherwise, for more replicas.
    RedisProcess master = RedisProcess.start("--repl-diskless-sync-delay", "0");
    RedisProcess replica = RedisProcess.start("--replicaof", "127.0.0.1", "" + master.port());
    await("the replica's copy", replica, "master_link_status:up", "INFO", "replication");
    RedisProcess sentinel = RedisProcess.startSentinel(configuration(folder, master));
    await("the sentinel", sentinel, ":" + replica.port(), "SENTINEL", "replicas", NAME);
    return new RedisTrio(master, replica, sentinel);
  }

  private static Path configuration(Path folder, RedisProcess master) {
    try {
      return Files.writeString(
          folder.resolve("sentinel.conf"),
          """
          sentinel monitor %1$s 127.0.0.1 %2$d 1
          sentinel down-after-milliseconds %1$s 500
          sentinel failover-timeout %1$s 5000
          """
              .formatted(NAME, master.port()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(String what, RedisProcess redis, String said, String... command) {
    Awaitility.await(what).atMost(PATIENCE).until(() -> redis.cli(command).contains(said));
  }

  /** For a client that asks the sentinel. */
  RedisSettings settings() {
    return new RedisSettings(
        sentinel.url(),
        RedisSettings.Mode.SENTINEL,
        List.of(),
        null,
        null,
        NAME,
        null,
        null,
        null,
        true,
        Duration.ofSeconds(2));
  }

  /** What is written from now on is the master's alone, and dies with it. */
  void cutReplica() {
    replica.cli("REPLICAOF", "NO", "ONE");
  }

  /** Nobody hears the master any more, which goes on taking messages. */
  void deafenAll() {
    master.cli("ACL", "SETUSER", "default", "-subscribe", "-psubscribe");
    master.cli("CLIENT", "KILL", "TYPE", "pubsub");
  }

  /** Kills the master, and returns when the sentinel names the replica in its place. */
  void failOver() {
    master.kill9();
    await(
        "the failover", sentinel, "" + replica.port(), "SENTINEL", "get-master-addr-by-name", NAME);
  }

  @Override
  public void close() {
    sentinel.close();
    replica.close();
    master.close();
  }
}
