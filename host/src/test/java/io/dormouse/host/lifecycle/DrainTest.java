package io.dormouse.host.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class DrainTest {
  private final Lifecycle lifecycle = new Lifecycle();
  private final FakeClients clients = new FakeClients(20);
  private final Drain drain =
      new Drain(lifecycle, new DrainSettings("1/s", Duration.ofSeconds(25)), clients);

  @Test
  void closesTheDoorAndOpensItAgain() {
    lifecycle.started();
    assertThat(drain.cancel()).isFalse();
    assertThat(drain.start(null, null, "test")).isTrue();
    assertThat(clients.lettingIn).isFalse();
    assertThat(drain.start(null, null, "test")).isFalse();
    assertThat(drain.status().pace()).isEqualTo("1/s");
    assertThat(drain.cancel()).isTrue();
    assertThat(clients.lettingIn).isTrue();
    assertThat(lifecycle.state()).isEqualTo(HostState.READY);
    assertThat(drain.status().pace()).isNull();
    assertThat(drain.start(null, null, "test")).isTrue();
    drain.hurry();
  }

  @Test
  void aPlanChangesNothing() {
    lifecycle.started();
    clients.all.getFirst().busy = true;
    DrainStatus plan = drain.plan(Pace.parse("10/s"), Duration.ofSeconds(1));
    assertThat(plan.sessions()).isEqualTo(20);
    assertThat(plan.perSecond()).isEqualTo(10);
    assertThat(plan.busy()).isEqualTo(1);
    assertThat(plan.fits()).isFalse();
    assertThat(plan.state()).isEqualTo(HostState.READY);
    assertThat(clients.lettingIn).isTrue();
    assertThat(clients.movedCount()).isZero();
  }

  @Test
  void isDoneWhenAllHaveGoneAndTheHostGoesOn() {
    lifecycle.started();
    assertThat(drain.start(Pace.parse("1000/s"), null, "test")).isTrue();
    await().until(() -> drain.status().done());
    assertThat(clients.movedCount()).isEqualTo(20);
    assertThat(lifecycle.state()).isEqualTo(HostState.DRAINING);
  }

  @Test
  void aStopTakesOverTheDrainThatIsUnderWay() {
    lifecycle.started();
    assertThat(drain.start(Pace.parse("0.1/s"), Duration.ofHours(1), "test")).isTrue();
    DrainStatus last = drain.stop(System.nanoTime(), "SIGTERM");
    assertThat(last.moved()).isEqualTo(20);
    assertThat(last.cutShort()).isGreaterThanOrEqualTo(19);
    assertThat(last.pace()).isEqualTo("0.1/s");
    assertThat(drain.cancel()).isFalse();
  }

  @Test
  void tellsWhenItBeginsAndOnceWhenItIsDone() {
    List<String> told = new CopyOnWriteArrayList<>();
    drain.addListener(
        new DrainListener() {
          @Override
          public void began(String why, DrainStatus status) {
            told.add("began " + why + " " + status.sessions());
          }

          @Override
          public void ended(DrainStatus status) {
            told.add("ended " + status.moved());
          }
        });
    lifecycle.started();
    assertThat(drain.start(Pace.parse("0.1/s"), null, "test")).isTrue();
    assertThat(drain.cancel()).isTrue();
    assertThat(drain.start(Pace.parse("1000/s"), null, "again")).isTrue();
    await().until(() -> told.size() == 3);
    assertThat(drain.stop(System.nanoTime(), "SIGTERM").done()).isTrue();
    assertThat(told).element(1).asString().startsWith("began again ");
    assertThat(told.getFirst()).isEqualTo("began test 20");
    assertThat(told.getLast()).startsWith("ended ");
    assertThat(told).hasSize(3);
  }

  @Test
  void stopsAHostThatHasNotStarted() {
    assertThat(drain.stop(System.nanoTime(), "SIGTERM").moved()).isEqualTo(20);
    assertThat(lifecycle.state()).isEqualTo(HostState.DRAINING);
  }
}
