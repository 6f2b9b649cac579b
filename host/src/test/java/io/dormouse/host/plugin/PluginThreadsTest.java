package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads of the context end with the generation that started them. */
class PluginThreadsTest {
  private final RuntimeFixture host =
      new RuntimeFixture(ReplaceSettings.defaults(), SleepSettings.defaults());
  private final AtomicReference<PluginContext> context = new AtomicReference<>();

  @AfterEach
  void stop() {
    host.close();
  }

  private ThreadFactory threadsOf(String version) {
    host.serve(version, context::set);
    return context.get().threads();
  }

  private void replaceAndAwaitRetirement() {
    host.serve("2", other -> {});
    await()
        .until(
            () -> {
              List<GenerationStatus> all = host.runtime.plugin("chat").orElseThrow().generations();
              return all.getLast().state() == GenerationState.RETIRED;
            });
  }

  @Test
  void aThreadIsVirtualNamedAndHasTheLoaderOfThePlugin() throws InterruptedException {
    ThreadFactory threads = threadsOf("1");
    var ran = new CountDownLatch(1);

    Thread first = threads.newThread(ran::countDown);
    Thread second = threads.newThread(() -> {});

    assertThat(first.isVirtual()).isTrue();
    assertThat(first.getName()).isEqualTo("chat@1 thread 1");
    assertThat(second.getName()).isEqualTo("chat@1 thread 2");
    assertThat(first.getContextClassLoader()).isSameAs(getClass().getClassLoader());
    first.start();
    assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void threadsAndPoolsEndWhenTheGenerationRetires() throws InterruptedException {
    ThreadFactory threads = threadsOf("1");
    var running = new CountDownLatch(3);
    Thread polling =
        threads.newThread(
            () -> {
              running.countDown();
              while (!Thread.interrupted()) {
                LockSupport.park();
              }
            });
    polling.start();
    ExecutorService pool = Executors.newFixedThreadPool(2, threads);
    pool.execute(running::countDown);
    ExecutorService perTask = Executors.newThreadPerTaskExecutor(threads);
    perTask.execute(running::countDown);
    assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

    try (LogLines log = LogLines.of(Undo.class)) {
      replaceAndAwaitRetirement();

      assertThat(polling.isAlive()).isFalse();
      assertThat(pool.isTerminated()).isTrue();
      assertThat(log.texts()).isEmpty();
    }
  }

  @Test
  void theyRunUntilStopHasReturned() throws InterruptedException {
    var lastWork = new CountDownLatch(1);
    var stopped = new CountDownLatch(1);
    host.runtime.startFrom(
        "chat",
        "1",
        () ->
            new Plugin() {
              private ExecutorService writer;

              @Override
              public void start(PluginContext context) {
                writer = Executors.newSingleThreadExecutor(context.threads());
              }

              @Override
              public void stop() throws InterruptedException {
                writer.execute(lastWork::countDown);
                lastWork.await();
                stopped.countDown();
              }
            },
        Map.of());

    replaceAndAwaitRetirement();

    assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void oneThatDoesNotEndIsNamedInOneLine() throws InterruptedException {
    ThreadFactory threads = threadsOf("1");
    var running = new CountDownLatch(2);
    var end = new CountDownLatch(1);
    Runnable stubborn =
        () -> {
          running.countDown();
          while (end.getCount() > 0) {
            LockSupport.park();
            boolean _ = Thread.interrupted();
          }
        };
    List<Thread> both = List.of(threads.newThread(stubborn), threads.newThread(stubborn));
    both.forEach(Thread::start);
    assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

    try (LogLines log = LogLines.of(Undo.class)) {
      replaceAndAwaitRetirement();

      assertThat(log.texts())
          .singleElement()
          .asString()
          .startsWith("WARN Plugin 'chat' 1 left behind: ")
          .contains(
              "virtual thread 'chat@1 thread 1' is still running, at " + getClass().getName(),
              "virtual thread 'chat@1 thread 2' is still running, at ")
          .endsWith("; the host cannot undo that");
    } finally {
      end.countDown();
      both.forEach(LockSupport::unpark);
    }
  }

  @Test
  void noneBeginsAfterwards() {
    ThreadFactory threads = threadsOf("1");
    var begun = new CountDownLatch(1);
    Thread made = threads.newThread(begun::countDown);

    replaceAndAwaitRetirement();

    assertThatThrownBy(() -> threads.newThread(() -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Plugin 'chat' 1 cannot start a thread: it has stopped");
    made.start();
    await().until(() -> !made.isAlive());
    assertThat(begun.getCount()).isEqualTo(1);
  }

  @Test
  void whatOneThrowsIsLoggedInOneLine() {
    ThreadFactory threads = threadsOf("1");
    try (LogLines log = LogLines.of(PluginThreads.class)) {
      threads
          .newThread(
              () -> {
                throw new IllegalStateException("boom");
              })
          .start();

      await().until(() -> !log.texts().isEmpty());
      assertThat(log.texts().getFirst())
          .startsWith(
              "WARN Plugin 'chat' 1: thread 'chat@1 thread 1' ended with IllegalStateException"
                  + " 'boom'");
    }
  }
}
