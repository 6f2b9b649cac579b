package io.dormouse.host.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LifecycleTest {
  private final Lifecycle lifecycle = new Lifecycle();
  private @Nullable String missing;

  @Test
  void isReadyOnceItHasStarted() {
    assertThat(lifecycle.state()).isEqualTo(HostState.STARTING);
    assertThat(lifecycle.isReady()).isFalse();
    lifecycle.started();
    assertThat(lifecycle.state()).isEqualTo(HostState.READY);
    assertThat(lifecycle.isReady()).isTrue();
  }

  @Test
  void isDegradedWhileSomethingIsMissing() {
    lifecycle.dependOn(() -> missing, true);
    missing = "Redis";
    assertThat(lifecycle.state()).isEqualTo(HostState.STARTING);
    lifecycle.started();
    assertThat(lifecycle.state()).isEqualTo(HostState.DEGRADED);
    assertThat(lifecycle.isReady()).isTrue();
    missing = null;
    assertThat(lifecycle.state()).isEqualTo(HostState.READY);
    missing = "Redis";
    assertThat(lifecycle.state()).isEqualTo(HostState.DEGRADED);
    assertThat(lifecycle.lacks()).isEqualTo("Redis");
  }

  @Test
  void wantsNobodyWhileDegradedWhenToldSo() {
    lifecycle.dependOn(() -> missing, false);
    lifecycle.started();
    assertThat(lifecycle.isReady()).isTrue();
    missing = "Redis";
    assertThat(lifecycle.isReady()).isFalse();
  }

  @Test
  void drainsOnceAndComesBackToWhatItIs() {
    lifecycle.dependOn(() -> missing, true);
    assertThat(lifecycle.drain("early")).isFalse();
    lifecycle.started();
    assertThat(lifecycle.drain("test")).isTrue();
    assertThat(lifecycle.state()).isEqualTo(HostState.DRAINING);
    assertThat(lifecycle.isReady()).isFalse();
    assertThat(lifecycle.drain("again")).isFalse();
    missing = "Redis";
    assertThat(lifecycle.state()).isEqualTo(HostState.DRAINING);
    lifecycle.serveAgain();
    assertThat(lifecycle.state()).isEqualTo(HostState.DEGRADED);
    assertThat(lifecycle.hasStarted()).isTrue();
  }

  @Test
  void staysStopped() {
    lifecycle.drainForGood("test");
    lifecycle.stopped(null);
    lifecycle.started();
    lifecycle.serveAgain();
    lifecycle.drainForGood("again");
    assertThat(lifecycle.drain("again")).isFalse();
    assertThat(lifecycle.state()).isEqualTo(HostState.STOPPED);
    assertThat(lifecycle.hasStarted()).isFalse();
  }
}
