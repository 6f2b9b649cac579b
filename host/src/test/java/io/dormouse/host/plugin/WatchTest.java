package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dormouse.host.namespace.Owner;
import io.dormouse.host.protocol.ValueCodec;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WatchTest {
  private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final Owner owner = new Owner("chat", ValueCodec.HOST, WatchTest.class.getClassLoader());

  private Watch watch(Duration window, Runnable probe) {
    return new Watch("chat@2", owner, probe, window, 20, told::add);
  }

  private void fail(Watch watch, int times) {
    for (int i = 0; i < times; i++) {
      owner.failed();
      watch.failed();
    }
  }

  @Test
  void tellsOnceWhenTooManyCallsFail() throws InterruptedException {
    Watch watch = watch(Duration.ofMinutes(1), () -> {});
    fail(watch, 4);
    assertThat(watch.isOpen()).isTrue();

    fail(watch, 5);

    assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("5 of 5 calls of its handlers failed");
    assertThat(watch.isOpen()).isFalse();
    assertThat(told).isEmpty();
  }

  @Test
  void saysNothingAfterTheWindow() {
    var probes = new AtomicInteger();
    Watch watch = watch(Duration.ofMillis(2), probes::incrementAndGet);
    watch.start();
    await().until(() -> !watch.isOpen());

    fail(watch, 100);

    assertThat(probes).hasValue(2);
    assertThat(told).isEmpty();
  }

  @Test
  void tellsWhyAProbeFailed() throws InterruptedException {
    Watch watch =
        watch(
            Duration.ofMillis(2),
            () -> {
              throw new PluginRefused(PluginErrorCode.PLUGIN_PROBE_FAILED, "no database");
            });
    watch.start();

    assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("no database");
  }
}
