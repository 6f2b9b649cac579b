package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dormouse.api.Task;
import io.dormouse.host.namespace.Owner;
import io.dormouse.host.protocol.ValueCodec;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TasksTest {
  private static final Duration SOON = Duration.ofMillis(1);
  private static final Duration LATE = Duration.ofDays(1);

  private final ClassLoader loader = new ClassLoader("chat", null) {};
  private final Tasks tasks =
      new Tasks(
          new GenerationName("chat", "1.0.0", 7),
          new Owner("chat", ValueCodec.of(loader), loader),
          new TaskTimes(),
          this::lease);
  private final BlockingQueue<String> runs = new LinkedBlockingQueue<>();

  /** What another host leaves; null when it takes all. */
  private volatile TaskLeases leases = TaskLeases.ALONE;

  private TaskLeases.Lease lease(String plugin, String task) {
    return leases.take(plugin, task);
  }

  @AfterEach
  void close() {
    tasks.close();
  }

  private String nextRun() throws InterruptedException {
    return runs.poll(10, TimeUnit.SECONDS);
  }

  @Test
  void runsAgainAndAgainAlsoAfterAFailure() throws InterruptedException {
    tasks.open();
    tasks.every(
        "tick",
        SOON,
        () -> {
          runs.add("run");
          Thread.currentThread().interrupt();
          throw new IllegalStateException("fails");
        });

    assertThat(nextRun()).isEqualTo("run");
    assertThat(nextRun()).isEqualTo("run");
    assertThat(nextRun()).isEqualTo("run");
  }

  @Test
  void runsOnceOnANamedVirtualThreadWithThePluginsLoader() throws InterruptedException {
    tasks.open();
    tasks.after(
        "once",
        Duration.ZERO,
        () -> {
          Thread thread = Thread.currentThread();
          runs.add(
              thread.getName() + thread.isVirtual() + (thread.getContextClassLoader() == loader));
        });

    assertThat(nextRun()).isEqualTo("chat@7 task oncetruetrue");
  }

  @Test
  void whatIsHeldGoesOnWhereItWas() throws InterruptedException {
    tasks.every("tick", SOON, () -> runs.add("tick"));
    tasks.after("once", Duration.ZERO, () -> runs.add("once"));
    Task cancelled = tasks.every("cancelled", Duration.ofMillis(200), () -> runs.add("cancelled"));
    tasks.open();
    while (!"once".equals(nextRun())) {
      assertThat(runs).doesNotContain("cancelled");
    }

    tasks.hold();
    tasks.resume();
    cancelled.cancel();
    runs.clear();

    for (int i = 0; i < 50; i++) {
      assertThat(nextRun()).isEqualTo("tick");
    }
  }

  @Test
  void waitsUntilThePluginIsLive() throws InterruptedException {
    tasks.after("once", Duration.ZERO, () -> runs.add("run"));

    assertThat(runs.poll(50, TimeUnit.MILLISECONDS)).isNull();
    tasks.open();
    assertThat(nextRun()).isEqualTo("run");
  }

  @Test
  void replacesATaskOfTheSameName() throws InterruptedException {
    Task former = tasks.after("a", Duration.ofMillis(50), () -> runs.add("former"));
    tasks.open();
    tasks.after("a", Duration.ofMillis(100), () -> runs.add("latter"));

    assertThat(former.name()).isEqualTo("a");
    assertThat(nextRun()).isEqualTo("latter");
    assertThat(runs).isEmpty();
  }

  @Test
  void plansNoFurtherRunOnceCancelledButLetsOneEnd() throws InterruptedException {
    var entered = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    tasks.open();
    Task task =
        tasks.every(
            "a",
            SOON,
            () -> {
              entered.countDown();
              try {
                leave.await();
                runs.add("ended");
              } catch (InterruptedException e) {
                runs.add("interrupted");
              }
            });
    entered.await();
    task.cancel();
    task.cancel();
    leave.countDown();

    assertThat(nextRun()).isEqualTo("ended");
    assertThat(runs.poll(50, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void interruptsWhatRunsWhenClosedAndPlansNothingAfterwards() throws InterruptedException {
    var entered = new CountDownLatch(1);
    tasks.open();
    tasks.after(
        "a",
        Duration.ZERO,
        () -> {
          entered.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            runs.add("interrupted");
          }
        });
    tasks.after("late", LATE, () -> runs.add("late"));
    entered.await();

    tasks.close();

    assertThat(runs).containsExactly("interrupted");
    assertThatThrownBy(() -> tasks.after("b", LATE, () -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Plugin 'chat' 1.0.0 cannot plan task 'b': it has stopped");
  }

  @Test
  void doesNotWaitForARunThatIgnoresItsInterrupt() {
    var spinning = new AtomicInteger();
    var end = new CountDownLatch(1);
    tasks.open();
    tasks.after(
        "spin",
        Duration.ZERO,
        () -> {
          spinning.incrementAndGet();
          while (end.getCount() > 0) {
            Thread.onSpinWait();
          }
        });
    await().until(() -> spinning.get() == 1);

    tasks.close();
    end.countDown();

    assertThat(spinning.get()).isEqualTo(1);
  }

  @Test
  void runsOnceOnlyWhereTheLeaseIsGiven() throws InterruptedException {
    var asked = new LinkedBlockingQueue<String>();
    var ended = new LinkedBlockingQueue<Duration>();
    leases =
        (plugin, task) -> {
          asked.add(plugin + " " + task);
          return asked.size() % 2 == 0 ? ended::add : null;
        };
    Task task = tasks.every("tick", SOON, () -> runs.add("run")).once();
    tasks.open();

    assertThat(nextRun()).isEqualTo("run");
    assertThat(nextRun()).isEqualTo("run");
    task.cancel();
    assertThat(asked).hasSizeGreaterThanOrEqualTo(4).contains("chat tick");
    assertThat(ended.poll(10, TimeUnit.SECONDS)).isEqualTo(SOON);
  }

  @Test
  void aSingleRunIsNotRepeatedByAHostThatPlansItALittleLater() throws InterruptedException {
    var ended = new LinkedBlockingQueue<Duration>();
    leases = (plugin, task) -> ended::add;
    tasks.after("once", Duration.ZERO, () -> runs.add("run")).once();
    tasks.open();

    assertThat(nextRun()).isEqualTo("run");
    assertThat(ended.poll(10, TimeUnit.SECONDS)).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void asksAgainWhenNobodyCanTellWhoRunsIt() throws InterruptedException {
    var asked = new AtomicInteger();
    leases =
        (plugin, task) -> {
          if (asked.incrementAndGet() < 3) {
            throw new IllegalStateException("nobody knows");
          }
          return pause -> {};
        };
    tasks.every("tick", SOON, () -> runs.add("run")).once();
    tasks.open();

    assertThat(nextRun()).isEqualTo("run");
  }

  @Test
  void refusesAPeriodThatIsNotPositive() {
    assertThatThrownBy(() -> tasks.every("a", Duration.ZERO, () -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("period of task 'a' must be positive, was PT0S");
  }
}
