package io.dormouse.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrainCommandTest {
  private static final String STATUS =
      "{'state':'%s','done':%s,'pace':'500/s','deadline':'2026-03-04T12:00:30.123Z','fits':%s,"
          + "'perSecond':500.0,'measured':498,'sessions':%s,'moved':7,'busy':1,'cutShort':2,'abandoned':3}";

  private final FakeHost host = new FakeHost();

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void beginsAndReturns() {
    host.on("POST /drain", STATUS.formatted("draining", false, true, 5000));
    FakeHost.Outcome outcome = host.run("drain", "--pace", "500/s", "--deadline", "30s");
    assertThat(host.request(0).text()).isEqualTo("{\"pace\":\"500/s\",\"deadline\":\"30s\"}");
    assertThat(outcome.output())
        .isEqualTo(
            "Drains 5000 sessions at 500/s (500 a second), of which 1 are busy; until"
                + " 2026-03-04T12:00:30Z\n");
    assertThat(outcome.exitCode()).isZero();
  }

  @Test
  void tellsOfADryRunThatItDidNothing() {
    host.on("POST /drain", STATUS.formatted("ready", false, false, 5000));
    FakeHost.Outcome outcome = host.run("drain", "--dry-run");
    assertThat(host.request(0).text()).isEqualTo("{\"dryRun\":true}");
    assertThat(outcome.output())
        .startsWith("Would drain 5000 sessions")
        .endsWith("which is too early for the last ones\n");
  }

  @Test
  void waitsUntilNobodyIsLeft() {
    host.on("POST /drain", STATUS.formatted("draining", false, true, 5000));
    host.on("GET /drain", STATUS.formatted("draining", true, true, 0));
    FakeHost.Outcome outcome = host.run("drain", "--wait");
    assertThat(outcome.output())
        .isEqualTo(
            "Drained: 7 sessions moved, 2 of them without their turn; 3 calls of plugins were not"
                + " waited for\n");
    assertThat(host.requestLines()).containsExactly("POST /drain", "GET /drain");
  }

  @Test
  void failsWhenSomebodyCancelsMeanwhile() {
    host.on("POST /drain", STATUS.formatted("draining", false, true, 5000));
    host.on("GET /drain", STATUS.formatted("ready", false, true, 4000));
    FakeHost.Outcome outcome = host.run("drain", "--wait");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.errors()).contains("The drain was cancelled before all clients had gone");
  }

  @Test
  void cancels() {
    host.on("DELETE /drain", STATUS.formatted("ready", false, true, 12));
    assertThat(host.run("drain", "--cancel").output())
        .isEqualTo("The host is ready and lets clients in again; 12 sessions are still here\n");
  }

  @Test
  void cancelsWithNothingBesides() {
    FakeHost.Outcome outcome = host.run("drain", "--cancel", "--pace", "1/s");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(host.requests).isEmpty();
  }
}
