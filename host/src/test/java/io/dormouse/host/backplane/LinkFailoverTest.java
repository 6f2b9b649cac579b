package io.dormouse.host.backplane;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import io.dormouse.host.plugin.LogLines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links whose Redis dies for good, and is succeeded by its replica. All messages are numbered. */
class LinkFailoverTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private RedisTrio redis;

  @BeforeEach
  void startRedis() {
    redis = RedisTrio.start(folder);
  }

  @AfterEach
  void stopRedis() {
    redis.close();
  }

  private LinkPeer peer(BackplaneSettings settings) {
    return new LinkPeer(redis.settings(), settings).awaitJoined();
  }

  /** Lets both publish about 1,000 messages a second while something happens. */
  private static int during(LinkPeer a, LinkPeer b, Runnable fault) throws InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger published = new AtomicInteger();
    Thread load =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!over.get()) {
                    int from = published.get();
                    a.publish(from, from + 5);
                    b.publish(from, from + 5);
                    published.addAndGet(5);
                    LockSupport.parkNanos(5_000_000);
                  }
                });
    try {
      await().until(() -> b.numbers().size() > 500);
      fault.run();
      int then = published.get();
      await("messages to flow again")
          .atMost(PATIENCE)
          .until(() -> List.of(a, b).stream().allMatch(peer -> peer.numbers().contains(then)));
    } finally {
      over.set(true);
      load.join();
    }
    return published.get();
  }

  private static void assertNothingIsMissing(LinkPeer peer, int published) {
    await("all " + published).atMost(PATIENCE).until(() -> peer.numbers().size() >= published);
    assertThat(peer.numbers()).isEqualTo(IntStream.range(0, published).boxed().toList());
    assertThat(peer.count("lost")).isZero();
    assertThat(peer.count("dropped") - peer.count("dropped", "VOLATILE")).isZero();
    peer.awaitJoined();
  }

  private void losesNothing(Consumer<LinkPeer> fault) throws InterruptedException {
    try (LinkPeer a = peer(LinkPeer.settings());
        LinkPeer b = peer(LinkPeer.settings())) {
      int published = during(a, b, () -> fault.accept(b));
      assertNothingIsMissing(a, published);
      assertNothingIsMissing(b, published);
    }
  }

  @Test
  void aReplicaThatTakesOverLosesNothing() throws Exception {
    losesNothing(_ -> redis.failOver());
  }

  @Test
  void whatNobodyHeardAndTheReplicaLacksComesFromTheHosts() throws Exception {
    losesNothing(
        peer -> {
          redis.cutReplica();
          redis.deafenAll();
          int published = peer.count("published");
          await().until(() -> peer.count("published") > published + 200);
          redis.failOver();
        });
  }

  @Test
  void whatNeitherTheReplicaNorItsHostHasIsCountedAsLostByHostAndRange() {
    BackplaneSettings small = LinkPeer.settings(1 << 24, PATIENCE, 2_000);
    try (LogLines log = LogLines.of(Receiver.class);
        LinkPeer a = peer(small);
        LinkPeer b = peer(small)) {
      CountDownLatch stuck = new CountDownLatch(1);
      b.onMessage(_ -> awaitQuietly(stuck));
      a.publish(0, 1);
      await().until(() -> b.numbers().size() == 1);
      redis.cutReplica();
      // More than b takes over while it is stuck.
      for (int n = 1; n <= 2_000; n++) {
        assertThat(a.publish(n, 900, false)).isTrue();
      }
      await().atMost(PATIENCE).until(() -> a.count("published") > 2_000);
      redis.failOver();
      stuck.countDown();
      await().atMost(PATIENCE).until(a.link()::isJoined);
      a.publish(2_001, 2_011);
      await().atMost(PATIENCE).until(() -> b.numbers().contains(2_010));
      assertThat(b.numbers()).isSorted().doesNotHaveDuplicates();
      int missing = 2_011 - b.numbers().size();
      assertThat(missing).isPositive();
      // Heartbeats have numbers too.
      assertThat(b.count("lost")).isBetween(missing, missing + 100);
      assertThat(log.texts())
          .singleElement(as(STRING))
          .containsPattern("WARN Messages \\d+ to \\d+ of host " + a.link().hostId());
      b.awaitJoined();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
