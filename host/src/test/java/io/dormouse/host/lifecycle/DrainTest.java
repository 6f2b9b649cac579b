package io.dormouse.host.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
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
  void stopsAHostThatHasNotStarted() {
    assertThat(drain.stop(System.nanoTime(), "SIGTERM").moved()).isEqualTo(20);
    assertThat(lifecycle.state()).isEqualTo(HostState.DRAINING);
  }
}
