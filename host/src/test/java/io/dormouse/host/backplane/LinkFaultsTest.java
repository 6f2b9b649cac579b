package io.dormouse.host.backplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dormouse.host.plugin.LogLines;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Links on a Redis that fails. All messages are numbered; none may be lost, doubled or late. */
class LinkFaultsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Publishes about 2,000 messages a second while something happens. */
  private static int during(LinkPeer peer, Runnable fault) throws InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    int[] published = {0};
    Thread load =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!over.get() || published[0] % 1_000 != 0) {
                    peer.publish(published[0], published[0] + 10);
                    published[0] += 10;
                    java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
                  }
                });
    await().until(() -> published[0] > 500);
    fault.run();
    over.set(true);
    load.join();
    return published[0];
  }

  private static void assertNothingIsMissing(LinkPeer peer, int published) {
    await("all " + published)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> peer.numbers().size() >= published);
    assertThat(peer.numbers()).isEqualTo(IntStream.range(0, published).boxed().toList());
    assertThat(peer.count("lost")).isZero();
  }

  private static void pause(Duration duration) {
    await().pollDelay(duration).atMost(duration.plusSeconds(5)).until(() -> true);
  }

  private static void underLoad(RedisProcess redis, Runnable fault) throws InterruptedException {
    try (LinkPeer a = new LinkPeer(redis.url()).awaitJoined();
        LinkPeer b = new LinkPeer(redis.url()).awaitJoined();
        LinkPeer c = new LinkPeer(redis.url()).awaitJoined()) {
      int published = during(a, fault);
      assertNothingIsMissing(b, published);
      assertNothingIsMissing(c, published);
      assertThat(a.count("dropped") - a.count("dropped", "VOLATILE")).isZero();
      a.awaitJoined();
      b.awaitJoined();
    }
  }

  @Test
  void redisIsKilledAndComesBackEmpty() throws Exception {
    try (RedisProcess redis = RedisProcess.start()) {
      underLoad(
          redis,
          () -> {
            redis.kill9();
            pause(Duration.ofSeconds(5));
            redis.restart();
            pause(Duration.ofSeconds(1));
          });
    }
  }

  @Test
  void redisIsKilledAndComesBackWithWhatItHad() throws Exception {
    try (RedisProcess redis = RedisProcess.startPersistent()) {
      underLoad(
          redis,
          () -> {
            redis.kill9();
            pause(Duration.ofSeconds(2));
            redis.restart();
            pause(Duration.ofSeconds(1));
          });
    }
  }

  @Test
  void redisIsRestartedAtOnceAgainAndAgain() throws Exception {
    try (RedisProcess redis = RedisProcess.start()) {
      underLoad(
          redis,
          () -> {
            for (int i = 0; i < 5; i++) {
              redis.restart();
              pause(Duration.ofMillis(300));
            }
          });
    }
  }

  @Test
  void subscribersAreKilledAgainAndAgain() throws Exception {
    try (RedisProcess redis = RedisProcess.start()) {
      underLoad(
          redis,
          () -> {
            for (int i = 0; i < 20; i++) {
              redis.cli("CLIENT", "KILL", "TYPE", "pubsub");
              pause(Duration.ofMillis(100));
            }
          });
    }
  }

  @Test
  void allConnectionsAreKilledAgainAndAgain() throws Exception {
    try (RedisProcess redis = RedisProcess.start()) {
      underLoad(
          redis,
          () -> {
            for (int i = 0; i < 20; i++) {
              redis.cli("CLIENT", "KILL", "TYPE", "normal");
              redis.cli("CLIENT", "KILL", "TYPE", "pubsub");
              pause(Duration.ofMillis(100));
            }
          });
    }
  }

  @Test
  void redisHangsForFiveSeconds() throws Exception {
    try (RedisProcess redis = RedisProcess.start()) {
      underLoad(
          redis,
          () -> {
            redis.pause();
            pause(Duration.ofSeconds(5));
            redis.resume();
            pause(Duration.ofSeconds(1));
          });
    }
  }

  @Test
  void redisLosesAllItsDataWhileItRuns() throws Exception {
    try (RedisProcess redis = RedisProcess.start()) {
      underLoad(
          redis,
          () -> {
            redis.cli("FLUSHALL");
            redis.cli("CLIENT", "KILL", "TYPE", "pubsub");
            pause(Duration.ofMillis(500));
          });
    }
  }

  @Test
  void hostsThatStartWithoutRedisJoinWhenItComes() {
    try (RedisProcess redis = RedisProcess.start()) {
      redis.kill9();
      try (LinkPeer a = new LinkPeer(redis.url());
          LinkPeer b = new LinkPeer(redis.url())) {
        a.publish(0, 1_000);
        pause(Duration.ofSeconds(1));
        assertThat(a.link().isJoined()).isFalse();
        redis.restart();
        assertNothingIsMissing(b, 1_000);
        a.awaitJoined();
        b.awaitJoined();
      }
    }
  }

  @Test
  void aHostThatComesLaterGetsNothingOld() {
    try (RedisProcess redis = RedisProcess.start();
        LinkPeer a = new LinkPeer(redis.url()).awaitJoined()) {
      a.publish(0, 1_000);
      await().until(() -> a.count("published") >= 1_000);
      pause(Duration.ofMillis(50));
      try (LinkPeer b = new LinkPeer(redis.url()).awaitJoined()) {
        a.publish(1_000, 1_010);
        await().until(() -> b.numbers().size() >= 10);
        assertThat(b.numbers()).isEqualTo(IntStream.range(1_000, 1_010).boxed().toList());
        assertThat(b.count("lost")).isZero();
      }
    }
  }

  @Test
  void aHostThatWasPausedCatchesUp() throws Exception {
    try (RedisProcess redis = RedisProcess.start("--client-output-buffer-limit", "pubsub 1 1 0")) {
      // No subscriber keeps its connection for as much as one message that waits.
      underLoad(redis, () -> pause(Duration.ofSeconds(2)));
    }
  }

  @Test
  void whatDoesNotFitOrIsTooOldOrVolatileIsDroppedAndCounted() {
    BackplaneSettings small = LinkPeer.settings(20_000, Duration.ofSeconds(2), 1 << 20);
    try (RedisProcess redis = RedisProcess.start();
        LogLines log = LogLines.of(Publisher.class);
        LinkPeer a = new LinkPeer(redis.url(), small).awaitJoined();
        LinkPeer b = new LinkPeer(redis.url(), small).awaitJoined()) {
      redis.kill9();
      a.publish(0);
      await().until(() -> !a.link().isJoined());
      assertThat(a.publish(1, 0, true)).isFalse();
      int held = 0;
      for (int n = 2; a.publish(n, 900, false); n++) {
        held++;
      }
      assertThat(held).isBetween(10, 20);
      int dropped = a.count("dropped");
      // Then all of it becomes too old.
      int all = dropped + held;
      pause(Duration.ofSeconds(3));
      redis.restart();
      await().atMost(PATIENCE).until(() -> a.count("dropped") >= all - 1);
      a.awaitJoined();
      b.awaitJoined();
      a.publish(100, 110);
      List<Integer> last = IntStream.range(100, 110).boxed().toList();
      await().atMost(PATIENCE).until(() -> b.numbers().containsAll(last));
      assertThat(b.numbers()).endsWith(last.toArray(Integer[]::new)).isSorted();
      assertThat(b.numbers()).hasSizeLessThan(14);
      assertThat(log.texts()).hasSize(1);
      assertThat(log.texts().getFirst()).startsWith("WARN").contains("BACKPLANE_GIVEN_UP");
    }
  }
}
