package io.dormouse.host.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DrainRunTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;

  /** Near the end of the range of {@link System#nanoTime}, which wraps. */
  private static final long START = Math.subtractExact(Long.MAX_VALUE, 3 * SECOND);

  private final Random random = new Random(7);

  private DrainRun run(FakeClients clients, String pace, Duration deadline) {
    clients.now = START;
    return new DrainRun(clients, Objects.requireNonNull(Pace.parse(pace)), deadline, START, random);
  }

  /** Lets time go by until a moment after the start, as a thread that sleeps does. */
  private static void until(DrainRun run, FakeClients clients, long after) {
    while (!run.isDone() && clients.now - START < after) {
      clients.now += run.step(clients.now);
    }
  }

  private static int[] movedEachSecond(FakeClients clients, int seconds) {
    int[] moved = new int[seconds];
    clients.movedAt.forEach(at -> moved[(int) ((at - START) / SECOND)]++);
    return moved;
  }

  @Test
  void keepsThePaceInEachSecond() {
    FakeClients clients = new FakeClients(5_000);
    DrainRun run = run(clients, "500/s", Duration.ofSeconds(30));
    until(run, clients, 11 * SECOND);
    assertThat(run.isDone()).isTrue();
    assertThat(clients.movedCount()).isEqualTo(5_000);
    for (int moved : movedEachSecond(clients, 10)) {
      assertThat(moved).isBetween(498, 502);
    }
    assertThat(run.status(HostState.DRAINING).cutShort()).isZero();
  }

  @Test
  void spreadsTheTurnsOverTheSecondButNotLikeAClock() {
    FakeClients clients = new FakeClients(100);
    until(run(clients, "100/s", Duration.ofSeconds(30)), clients, 2 * SECOND);
    long shortest = Long.MAX_VALUE;
    long longest = 0;
    for (int i = 1; i < clients.movedAt.size(); i++) {
      long gap = clients.movedAt.get(i) - clients.movedAt.get(i - 1);
      shortest = Math.min(shortest, gap);
      longest = Math.max(longest, gap);
    }
    assertThat(shortest).isBetween(5 * MILLI, 8 * MILLI);
    assertThat(longest).isBetween(12 * MILLI, 15 * MILLI);
  }

  @Test
  void movesAShareOfThoseThatWereThereAtTheStart() {
    FakeClients clients = new FakeClients(4_000);
    until(run(clients, "10%/s", Duration.ofSeconds(30)), clients, SECOND);
    assertThat(clients.movedCount()).isBetween(398L, 402L);
  }

  @Test
  void isNotSlowerThanFiftyWhenAShareIsAskedFor() {
    FakeClients clients = new FakeClients(3);
    DrainRun run = run(clients, "10%/s", Duration.ofSeconds(30));
    until(run, clients, SECOND / 5);
    assertThat(run.isDone()).isTrue();
    assertThat(clients.movedCount()).isEqualTo(3);
  }

  @Test
  void doesNotCatchUpWithAPause() {
    FakeClients clients = new FakeClients(5_000);
    DrainRun run = run(clients, "500/s", Duration.ofSeconds(60));
    until(run, clients, SECOND);
    long before = clients.movedCount();
    clients.now += 5 * SECOND;
    until(run, clients, clients.now - START + SECOND);
    assertThat(clients.movedCount() - before).isBetween(500L, 600L);
  }

  @Test
  void letsTheBusyWaitForTheirTurn() {
    FakeClients clients = new FakeClients(100);
    FakeClients.One busy = clients.all.getFirst();
    busy.busy = true;
    DrainRun run = run(clients, "100/s", Duration.ofSeconds(10));
    until(run, clients, 5 * SECOND);
    assertThat(clients.movedCount()).isEqualTo(99);
    assertThat(run.status(HostState.DRAINING).busy()).isEqualTo(1);
    busy.busy = false;
    until(run, clients, 5 * SECOND + SECOND / 5);
    assertThat(busy.moved).isTrue();
    assertThat(run.isDone()).isTrue();
    assertThat(run.status(HostState.DRAINING).cutShort()).isZero();
  }

  @Test
  void givesTheBusyTheirTurnBeforeTheDeadlineAtThePace() {
    FakeClients clients = new FakeClients(200);
    clients.all.forEach(one -> one.busy = true);
    DrainRun run = run(clients, "100/s", Duration.ofSeconds(10));
    until(run, clients, 7 * SECOND);
    assertThat(clients.movedCount()).isZero();
    until(run, clients, 11 * SECOND);
    for (int second : new int[] {8, 9}) {
      assertThat(movedEachSecond(clients, 11)[second]).isBetween(90, 120);
    }
    assertThat(clients.movedCount()).isEqualTo(200);
  }

  @Test
  void sendsThoseThatAreLeftAwayAtTheDeadline() {
    FakeClients clients = new FakeClients(1_000);
    clients.calls = 2;
    DrainRun run = run(clients, "100/s", Duration.ofSeconds(2));
    assertThat(run.status(HostState.DRAINING).fits()).isFalse();
    until(run, clients, 3 * SECOND);
    assertThat(run.isDone()).isTrue();
    assertThat(clients.now - START).isBetween(2 * SECOND, 2 * SECOND + 100 * MILLI);
    DrainStatus status = run.status(HostState.DRAINING);
    assertThat(status.moved()).isEqualTo(1_000);
    assertThat(status.cutShort()).isBetween(798, 802);
    assertThat(status.givenUp())
        .isEqualTo(
            "%d sessions were closed without their turn, 2 calls of plugins were not waited for"
                .formatted(status.cutShort()));
  }

  @Test
  void waitsForCallsWhenTheClientsHaveGone() {
    FakeClients clients = new FakeClients(1);
    clients.calls = 1;
    DrainRun run = run(clients, "100/s", Duration.ofSeconds(10));
    until(run, clients, SECOND);
    assertThat(clients.movedCount()).isEqualTo(1);
    assertThat(run.isDone()).isFalse();
    clients.calls = 0;
    until(run, clients, 2 * SECOND);
    assertThat(run.isDone()).isTrue();
    assertThat(run.status(HostState.DRAINING).givenUp()).isNull();
  }

  @Test
  void findsThoseThatSlippedIn() {
    FakeClients clients = new FakeClients(2);
    DrainRun run = run(clients, "10/s", Duration.ofSeconds(10));
    FakeClients.One late = clients.come();
    until(run, clients, 2 * SECOND);
    assertThat(late.moved).isTrue();
    assertThat(run.isDone()).isTrue();
  }

  @Test
  void gaveNoTurnToThoseThatLeftByThemselves() {
    FakeClients clients = new FakeClients(10);
    DrainRun run = run(clients, "10/s", Duration.ofSeconds(10));
    clients.all.subList(0, 9).forEach(one -> one.here = false);
    until(run, clients, SECOND / 5);
    assertThat(run.isDone()).isTrue();
    assertThat(clients.movedCount()).isEqualTo(1);
  }

  @Test
  void hurriesWhenItIsTold() {
    FakeClients clients = new FakeClients(1_000);
    clients.calls = 1;
    DrainRun run = run(clients, "10/s", Duration.ofMinutes(5));
    until(run, clients, SECOND);
    run.hurry();
    until(run, clients, SECOND + 200 * MILLI);
    assertThat(run.isDone()).isTrue();
    assertThat(clients.present()).isEmpty();
    assertThat(run.status(HostState.DRAINING).abandoned()).isEqualTo(1);
  }

  @Test
  void endsEarlierWhenTheProcessDoes() {
    FakeClients clients = new FakeClients(1_000);
    DrainRun run = run(clients, "10/s", Duration.ofMinutes(5));
    run.by(START + 2 * SECOND);
    run.by(START + 9 * SECOND);
    until(run, clients, 3 * SECOND);
    assertThat(clients.present()).isEmpty();
  }
}
