package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dormouse.dist.Cluster.Client;
import io.dormouse.dist.NumberReceiver.Tally;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What goes wrong with Redis and with hosts, while both hosts broadcast 500 numbers a second and
 * clients of both count them. How long a fault lasts is told by what a host counts meanwhile for
 * its own clients, whom it goes on serving.
 */
class RedisFaultsIT {
  private static final int SECOND = 500;
  private static final int ALL = 12 * SECOND;
  private static final int CLIENTS = 3;

  private Cluster cluster;
  private final List<NumberReceiver> first = new ArrayList<>();
  private final List<NumberReceiver> second = new ArrayList<>();

  @AfterEach
  void stop() throws IOException {
    for (NumberReceiver receiver : everybody()) {
      receiver.close();
    }
    cluster.close();
  }

  private List<NumberReceiver> everybody() {
    List<NumberReceiver> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private void start(Redis redis) throws IOException {
    start(new Cluster(redis, 2));
  }

  private void start(Cluster joined) throws IOException {
    cluster = joined;
    for (int i = 0; i < CLIENTS; i++) {
      first.add(new NumberReceiver(cluster.host(0)));
      second.add(new NumberReceiver(cluster.host(1)));
    }
    cluster.connect(0, "ada").call("count", "a", ALL, SECOND / 100);
    cluster.connect(1, "bob").call("count", "b", ALL, SECOND / 100);
    await("numbers to flow")
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                everybody().stream()
                    .allMatch(one -> one.last("a") > SECOND && one.last("b") > SECOND));
  }

  /** Waits until the first host has counted on for its own clients. */
  private void count(int more) {
    count("a", first.getFirst(), more);
  }

  private static void count(String from, NumberReceiver near, int more) {
    int until = Math.min(near.last(from) + more, ALL);
    await("the host to count on for its own clients")
        .atMost(Duration.ofSeconds(30))
        .until(() -> near.last(from) >= until);
  }

  private void nothingIsMissing() {
    for (NumberReceiver receiver : everybody()) {
      for (String from : List.of("a", "b")) {
        await("the last number of " + from)
            .atMost(Duration.ofSeconds(40))
            .until(() -> receiver.last(from) == ALL);
        assertThat(receiver.tally(from, ALL))
            .as("%s of %s", from, receiver)
            .isEqualTo(Tally.PERFECT);
      }
    }
  }

  private void loses(Redis redis, Consumer<Redis> fault) throws IOException {
    start(redis);
    fault.accept(redis);
    nothingIsMissing();
  }

  @Test
  void aRedisThatIsKilledAndComesBackEmptyLosesNothing() throws IOException {
    loses(Redis.start(), this::killForFiveSeconds);
  }

  @Test
  void aRedisThatIsKilledAndRemembersLosesNothing() throws IOException {
    loses(Redis.startPersistent(), this::killForFiveSeconds);
  }

  private void killForFiveSeconds(Redis redis) {
    redis.kill();
    count(5 * SECOND);
    redis.startAgain();
  }

  @Test
  void subscribersThatAreCutOffAgainAndAgainLoseNothing() throws IOException {
    loses(Redis.start(), redis -> cutOff(redis, "pubsub"));
  }

  @Test
  void publishersThatAreCutOffAgainAndAgainLoseNothing() throws IOException {
    loses(Redis.start(), redis -> cutOff(redis, "normal"));
  }

  private void cutOff(Redis redis, String type) {
    for (int i = 0; i < 20; i++) {
      String killed = redis.cli("CLIENT", "KILL", "TYPE", type);
      assertThat(killed).as("clients killed").matches("\\d+");
      count(SECOND / 3);
    }
  }

  @Test
  void aRedisThatHangsForFiveSecondsLosesNothing() throws IOException {
    loses(
        Redis.start(),
        redis -> {
          redis.pause();
          count(5 * SECOND);
          redis.resume();
        });
  }

  @Test
  void aHostThatIsPausedPastItsHeartbeatMissesNothing() throws IOException {
    start(Redis.start());
    Client bob = cluster.connect(1, "bob");
    cluster.host(0).pause();
    count("b", second.getFirst(), 3 * SECOND);
    assertThat(bob.found("even")).as("found without the paused host").hasSize(CLIENTS);
    cluster.host(0).resume();
    nothingIsMissing();
    await().until(() -> bob.found("even").size() == 2 * CLIENTS);
  }

  @Test
  void aHostThatIsCutOffWhileItReadsNothingMissesNothing() throws IOException {
    Redis redis = Redis.start();
    start(redis);
    cluster.host(0).pause();
    redis.cli("CLIENT", "KILL", "TYPE", "pubsub");
    count("b", second.getFirst(), 3 * SECOND);
    cluster.host(0).resume();
    nothingIsMissing();
  }

  @Test
  void whatIsNotKeptLongEnoughIsCounted() throws Exception {
    Redis redis = Redis.start();
    start(new Cluster(redis, 2, "replay-bytes: 0"));
    cluster.host(0).pause();
    redis.cli("CLIENT", "KILL", "TYPE", "pubsub");
    count("b", second.getFirst(), 4 * SECOND);
    cluster.host(0).resume();
    for (NumberReceiver receiver : first) {
      await("the last number of b")
          .atMost(Duration.ofSeconds(40))
          .until(() -> receiver.last("b") == ALL);
      Tally tally = receiver.tally("b", ALL);
      assertThat(tally.lost()).isPositive();
      assertThat(tally).isEqualTo(new Tally(tally.lost(), 0, 0));
      assertThat(new Admin(cluster.host(0)).metric("dormouse_backplane_lost_total"))
          .as("counted, heartbeats among them")
          .isGreaterThanOrEqualTo(tally.lost());
    }
    assertThat(cluster.host(0).log()).contains("are lost");
  }

  @Test
  void hostsThatStartWithoutRedisJoinWhenItComes() throws IOException {
    Redis redis = Redis.start();
    cluster = new Cluster(redis, 0);
    redis.kill();
    for (String name : List.of("ada", "bob")) {
      DormouseProcess host = cluster.start();
      Client client = cluster.connect(host.url(), name, "websocket");
      client.call("say", List.of(), "alone");
      assertThat(client.said()).isEqualTo("alone");
      assertThat(host.log()).contains("Redis");
    }
    redis.startAgain();
    cluster.awaitJoined();
  }

  @Test
  void aHostThatIsKilledIsNotWaitedForAndNothingThatItPublishedIsDoubled() throws IOException {
    start(Redis.start());
    Client bob = cluster.connect(1, "bob");
    cluster.host(0).kill();
    await("the dead host to be noticed")
        .atMost(Duration.ofSeconds(10))
        .until(() -> bob.found("even").size() == CLIENTS);
    await("the rest of b")
        .atMost(Duration.ofSeconds(40))
        .until(() -> second.stream().allMatch(one -> one.last("b") == ALL));
    for (NumberReceiver receiver : second) {
      assertThat(receiver.tally("b", ALL)).isEqualTo(Tally.PERFECT);
      int last = receiver.last("a");
      assertThat(receiver.tally("a", last)).as("a, up to its last number").isEqualTo(Tally.PERFECT);
    }
    cluster.start();
    cluster.awaitJoined();
  }
}
