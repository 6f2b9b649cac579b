package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Links on one Redis that stays. */
class LinkTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private RedisProcess redis;

  @BeforeEach
  void startRedis() {
    redis = RedisProcess.start();
  }

  @AfterEach
  void stopRedis() {
    redis.close();
  }

  private LinkPeer peer() {
    return new LinkPeer(redis.url()).awaitJoined();
  }

  private static List<Integer> upTo(int to) {
    return IntStream.range(0, to).boxed().toList();
  }

  private static void awaitAll(LinkPeer peer, int to) {
    await().atMost(PATIENCE).until(() -> peer.numbers().size() >= to);
    assertThat(peer.numbers()).isEqualTo(upTo(to));
  }

  @Test
  void keepsTheOrderOfAHostOverChannels() {
    try (LinkPeer a = peer();
        LinkPeer b = peer();
        LinkPeer c = peer()) {
      a.publish(0, 20_000);
      awaitAll(b, 20_000);
      awaitAll(c, 20_000);
      assertThat(a.numbers()).isEmpty();
      assertThat(b.count("lost")).isZero();
      assertThat(a.count("published")).isGreaterThanOrEqualTo(20_000);
    }
  }

  @Test
  void aRepeatedMessageIsDropped() {
    try (LinkPeer a = peer();
        LinkPeer b = peer()) {
      a.publish(0, 2);
      awaitAll(b, 2);
      int before = b.count("duplicates");
      redis.cli("PUBLISH", "test#/#", "{\"uid\":\"dm-" + a.link().hostId() + "-1\",\"n\":77}");
      await().until(() -> b.count("duplicates") > before);
      a.publish(2, 3);
      awaitAll(b, 3);
    }
  }

  @Test
  void aGapIsFilledFromTheStreamBeforeWhatCameBehindIt() {
    try (LinkPeer a = peer();
        LinkPeer b = peer()) {
      a.publish(0, 10);
      awaitAll(b, 10);
      redis.cli("CLIENT", "KILL", "TYPE", "pubsub");
      a.publish(10, 500);
      awaitAll(b, 500);
      assertThat(b.count("replayed")).isPositive();
      assertThat(b.count("lost")).isZero();
    }
  }

  @Test
  void whatNoStreamHasIsCountedAsLostOnce() {
    BackplaneSettings small = LinkPeer.settings(1 << 24, Duration.ofSeconds(30), 2_000);
    try (LinkPeer a = new LinkPeer(redis.url(), small).awaitJoined();
        LinkPeer b = new LinkPeer(redis.url(), small).awaitJoined()) {
      a.publish(0, 1);
      awaitAll(b, 1);
      CountDownLatch stuck = new CountDownLatch(1);
      b.onMessage(_ -> awaitQuietly(stuck));
      for (int n = 1; n < 3_000; n++) {
        assertThat(a.publish(n, 900, false)).isTrue();
        if (n % 50 == 0) {
          int published = n;
          await().until(() -> a.count("published") > published);
        }
      }
      stuck.countDown();
      a.publish(3_000);
      await().atMost(PATIENCE).until(() -> b.numbers().contains(3_000));
      assertThat(b.numbers()).isSorted().doesNotHaveDuplicates();
      int missing = 3_001 - b.numbers().size();
      // Heartbeats have numbers too.
      assertThat(b.count("lost")).isGreaterThanOrEqualTo(missing);
      if (missing == 0) {
        assertThat(b.count("lost")).isZero();
      }
    }
  }

  @Test
  void aListenerThatThrowsOrIsSlowStopsNothing() {
    try (LinkPeer a = peer();
        LinkPeer b = peer()) {
      CountDownLatch stuck = new CountDownLatch(1);
      b.onMessage(
          _ -> {
            if (b.numbers().size() == 1) {
              awaitQuietly(stuck);
              throw new StackOverflowError();
            }
            if (b.numbers().size() == 2) {
              throw new IllegalStateException("no");
            }
          });
      a.publish(0, 100);
      await().until(() -> b.numbers().size() == 1);
      // Longer than it takes to be called dead.
      await()
          .pollDelay(Duration.ofSeconds(4))
          .atMost(Duration.ofSeconds(6))
          .until(() -> b.link().isJoined());
      stuck.countDown();
      awaitAll(b, 100);
    }
  }

  @Test
  void aMessageThatCannotBeWrittenStopsNothing() {
    try (LinkPeer a = peer();
        LinkPeer b = peer()) {
      a.publish(0, 1);
      a.link()
          .publish(
              new Outgoing(
                  "test#/#",
                  1,
                  _ -> {
                    throw new IllegalStateException("no");
                  },
                  false));
      a.publish(1, 3);
      awaitAll(b, 3);
      assertThat(a.count("dropped", "UNWRITABLE")).isEqualTo(1);
    }
  }

  @Test
  void aMessageThatOthersWouldRefuseIsNotPublished() {
    try (LinkPeer a = peer();
        LinkPeer b = peer()) {
      assertThat(a.publish(0, 200_000, false)).isFalse();
      a.link()
          .publish(
              new Outgoing(
                  "test#/#",
                  1,
                  uid -> ("{\"uid\":\"" + uid + "\"" + " ".repeat(200_000) + "}").getBytes(UTF_8),
                  false));
      a.publish(0, 1);
      awaitAll(b, 1);
      assertThat(a.count("dropped", "TOO_LARGE")).isEqualTo(2);
      redis.cli("PUBLISH", "test#/#", "x".repeat(100_001));
      await().until(() -> b.count("refused") == 1);
    }
  }

  @Test
  void whatOthersPublishComesAsItIs() {
    try (LinkPeer a = peer()) {
      redis.cli("PUBLISH", "test#/#", "garbage");
      redis.cli("PUBLISH", "test-request#/#", "{\"uid\":\"emitter\"}");
      redis.cli("PUBLISH", "test#/#", "");
      redis.cli("PUBLISH", "other#/#", "not ours");
      redis.cli("PUBLISH", "test#/#", "{\"uid\":\"dm-x-99999999999999999999\"}");
      await().until(() -> a.others().size() == 4);
      assertThat(a.others()).extracting(Incoming::hostId).containsOnlyNulls();
      assertThat(a.others().get(1))
          .satisfies(
              message -> {
                assertThat(message.channel()).isEqualTo("test-request#/#");
                assertThat(message.payload()).asString(UTF_8).contains("emitter");
              });
    }
  }

  @Test
  void aNumberThatNoStreamConfirmsIsNotBelieved() {
    try (LinkPeer a = peer();
        LinkPeer b = peer()) {
      a.publish(0, 5);
      awaitAll(b, 5);
      String id = a.link().hostId();
      redis.cli("PUBLISH", "test#/#", "{\"uid\":\"dm-" + id + "-999999999\",\"n\":1}");
      redis.cli("PUBLISH", "test#/#", "{\"uid\":\"dm-abcdefghijkl-999999999\",\"n\":1}");
      a.publish(5, 20);
      awaitAll(b, 20);
      assertThat(b.count("lost")).isZero();
      await().atMost(PATIENCE).until(b.link()::isJoined);
    }
  }

  @Test
  void redisCountsAHostOnTheChannelsThatItAsksFor() {
    try (LinkPeer a = peer();
        LinkPeer b = peer()) {
      String channel = "test-request#/#";
      assertThat(a.link().subscribers(channel)).isZero();
      a.link().count(channel);
      b.link().count(channel);
      await().until(() -> a.link().subscribers(channel) == 2);
      redis.cli("CLIENT", "KILL", "TYPE", "pubsub");
      await().until(() -> a.link().subscribers(channel) == 2);
      b.link().uncount(channel);
      await().until(() -> a.link().subscribers(channel) == 1);
      redis.cli("PUBLISH", channel, "once");
      await().until(() -> !a.others().isEmpty());
      a.publish(0, 1);
      awaitAll(b, 1);
      assertThat(a.others()).hasSize(1);
      redis.kill9();
      assertThatThrownBy(() -> a.link().subscribers(channel))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void whatWaitsIsPublishedWhenAHostStops() {
    try (LinkPeer b = peer()) {
      LinkPeer a = peer();
      a.publish(0, 5_000);
      a.close();
      awaitAll(b, 5_000);
    }
  }

  @Test
  void whatHostsSaidBeforeOneWasThereCanBeAskedFor() {
    try (LinkPeer dead = peer();
        LinkPeer alive = peer()) {
      dead.publish(0, 300);
      dead.close();
      alive.publish(300, 303);
      await().until(() -> alive.count("published") >= 3);
      try (LinkPeer late = peer()) {
        late.link().recall();
        await().atMost(PATIENCE).until(() -> !late.recalled().isEmpty());
        assertThat(late.recalled()).isEqualTo(IntStream.range(0, 303).boxed().toList());
        alive.publish(303, 310);
        await().atMost(PATIENCE).until(() -> late.numbers().size() >= 7);
        assertThat(late.numbers()).isEqualTo(IntStream.range(303, 310).boxed().toList());
      }
    }
  }

  @Test
  void aHostMissesNothingOfWhatItHasToHearItself() {
    try (LinkPeer a = peer()) {
      for (int round = 0; round < 3; round++) {
        a.adopt(10 * round);
        redis.cli("CLIENT", "KILL", "TYPE", "pubsub");
        for (int n = 1; n < 10; n++) {
          a.adopt(10 * round + n);
        }
        int to = 10 * round + 10;
        awaitAll(a, to);
      }
    }
  }

  @Test
  void aNumberThatAHostHasNotGivenIsNotItsOwn() {
    try (LinkPeer a = peer()) {
      String id = a.link().hostId();
      redis.cli("PUBLISH", "test-adopted#/#", "{\"uid\":\"dm-" + id + "-999999999\",\"n\":7}");
      await().until(() -> a.count("refused") == 1);
      a.adopt(0);
      awaitAll(a, 1);
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
