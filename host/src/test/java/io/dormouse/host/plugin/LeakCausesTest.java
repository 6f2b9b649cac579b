package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.plugin.LeakFixture.Retired;
import io.dormouse.host.plugin.LeakWatch.State;
import io.dormouse.host.plugin.LeakWatch.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be undone is named. */
class LeakCausesTest {
  private static final String HOST = "lair.host";

  @TempDir Path folder;
  private LeakFixture plugins;

  @BeforeEach
  void open() {
    plugins = new LeakFixture(folder);
  }

  @AfterEach
  void close() {
    System.getProperties().remove(HOST);
    plugins.close();
  }

  private Retired leaked(String constructor, String... causes) {
    Retired retired = plugins.retire(plugins.jar(constructor));
    plugins.watch.checkNow();
    assertThat(retired.verdicts())
        .map(LeakCausesTest::countingNoDelays)
        .containsExactly(new Verdict(State.LEAKED, List.of(causes)));
    return retired;
  }

  /** Delays cannot be taken back: those of other tests are counted too. */
  private static Verdict countingNoDelays(Verdict verdict) {
    return new Verdict(
        verdict.state(),
        verdict.causes().stream()
            .map(c -> c.replaceAll("of the \\d+ time", "of the N time"))
            .toList());
  }

  /** Each lives on until the virtual machine of the tests ends. */
  @Test
  void namesAThreadThatIgnoresInterrupts() {
    leaked(
        "new Thread(Main::parkForever, \"deaf\") {{ setDaemon(true); }}.start(); PARKED.await();",
        "thread 'deaf' is still running, at lair.Main.parkForever(Main.java:10)");
  }

  @Test
  void namesAVirtualThreadThatIgnoresInterrupts() {
    leaked(
        "Thread.ofVirtual().name(\"deaf\").start(Main::parkForever); PARKED.await();",
        "virtual thread 'deaf' is still running, at lair.Main.parkForever(Main.java:10)");
  }

  @Test
  void namesAThreadLocalOfAThreadOfTheHost() throws Exception {
    withWorker(
        """
        var local = new ThreadLocal<List<Value>>();
        Main.<Executor>host().execute(() -> { local.set(List.of(new Value())); PARKED.countDown(); });
        PARKED.await();
        """,
        "thread local of thread 'worker' with a lair.Main$Value");
  }

  @Test
  void namesWorkThatAThreadOfTheHostHasForIt() throws Exception {
    withWorker(
        "Main.<ScheduledExecutorService>host().schedule(Main::park, 1, TimeUnit.DAYS);",
        "thread 'worker' has work of it to do");
  }

  /** The plugin leaks by the host's thread, and no longer when that has ended. */
  private void withWorker(String constructor, String cause) throws Exception {
    ScheduledExecutorService worker =
        Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "worker"));
    try {
      worker.submit(() -> {}).get();
      System.getProperties().put(HOST, (Supplier<Executor>) () -> worker);
      Retired retired = leaked(constructor, cause);
      worker.shutdownNow();
      assertThat(worker.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

      plugins.watch.checkNow();
      assertThat(retired.last().state()).isEqualTo(State.COLLECTED);
    } finally {
      worker.shutdownNow();
    }
  }

  /** They live in a local variable of the JDK's. */
  @Test
  void mentionsTimeoutsThatItCannotSeeInto() {
    var future = new CompletableFuture<Object>();
    System.getProperties().put(HOST, (Supplier<Object>) () -> future);
    Retired retired =
        leaked(
            """
            CompletableFuture.delayedExecutor(1, TimeUnit.DAYS).execute(Main::park);
            """,
            "unknown, perhaps one of the N timeouts and delays of CompletableFuture that are pending;"
                + " take a heap dump and look for the loader 'lair@1'");
    assertThat(retired).isNotNull();
  }

  @Test
  void saysWhereToLookWhenItFindsNothing() {
    Retired[] kept = new Retired[1];
    Object object = keep(kept);
    plugins.watch.checkNow();

    assertThat(kept[0].last().state()).isEqualTo(State.LEAKED);
    // Another test may have left a delay that nobody can take back.
    assertThat(kept[0].last().causes())
        .singleElement()
        .asString()
        .matches("unknown.*; take a heap dump and look for the loader 'lair@1'");
    assertThat(object).isNotNull();
  }

  /** Its own method, so that only the object is kept. */
  private Object keep(Retired[] retired) {
    retired[0] = plugins.retire(plugins.jar(""));
    return retired[0].loader().get();
  }

  @Test
  void tellsTenOfMany() {
    assertThat(LeakCauses.atMost(10, IntStream.range(0, 12).mapToObj(String::valueOf).toList()))
        .hasSize(11)
        .endsWith("9", "and 2 more");
  }
}
