package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.dormouse.host.plugin.LeakFixture.Retired;
import io.dormouse.host.plugin.LeakWatch.State;
import io.dormouse.host.plugin.LeakWatch.Verdict;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeakWatchTest {
  private static final String THREAD =
      "new Thread(Main::park, \"poller\").start(); PARKED.await();";
  private static final Verdict COLLECTED = new Verdict(State.COLLECTED, List.of());

  @TempDir Path folder;
  private LeakFixture plugins;

  @BeforeEach
  void open() {
    plugins = new LeakFixture(folder);
  }

  @AfterEach
  void close() {
    plugins.close();
  }

  /** Another one, that forces a verdict by itself. */
  private LeakFixture checking(Duration leakCheck) {
    plugins.close();
    plugins = new LeakFixture(folder, Optional.of(leakCheck));
    return plugins;
  }

  @Test
  void tellsOnceThatAnHonestPluginIsCollected() {
    Retired retired = plugins.retire(plugins.jar(""));

    plugins.watch.checkNow();
    plugins.watch.checkNow();

    assertThat(retired.verdicts()).containsExactly(COLLECTED);
  }

  @Test
  void noticesACollectionThatNobodyAskedFor() {
    Retired retired = plugins.retire(plugins.jar(""));
    assertThat(retired.verdicts()).isEmpty();

    System.gc();

    await().untilAsserted(() -> assertThat(retired.verdicts()).containsExactly(COLLECTED));
  }

  @Test
  void forcesAVerdictWhenNoneCameInTime() {
    Retired leaked = checking(Duration.ofMillis(50)).abandon(plugins.jar(THREAD));

    await().untilAsserted(() -> assertThat(leaked.verdicts()).hasSize(1));
    assertThat(leaked.last().state()).isEqualTo(State.LEAKED);
    assertThat(leaked.undo()).hasSize(1);
  }

  @Test
  void stopsTheProgramForAFullCollectionOnlyWhenALighterOneDoesNotDo() {
    assumeThat(collections("G1 Old Generation")).isNotNegative();
    long before = collections("G1 Old Generation");

    Retired retired = checking(Duration.ofMillis(50)).retire(plugins.jar(""));

    await().untilAsserted(() -> assertThat(retired.verdicts()).containsExactly(COLLECTED));
    assertThat(collections("G1 Old Generation")).isEqualTo(before);
  }

  private static long collections(String collector) {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .filter(one -> one.getName().equals(collector))
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .findFirst()
        .orElse(-1);
  }

  @Test
  void neverForcesOneByItselfWhenToldSo() {
    Retired leaked = plugins.abandon(plugins.jar(THREAD));

    System.gc();
    await().during(Duration.ofMillis(300)).until(leaked.verdicts()::isEmpty);
    assertThat(leaked.undo()).hasSize(1);
  }

  @Test
  void tellsThatALeakedOneWasCollectedAfterAll() {
    Retired retired = plugins.abandon(plugins.jar(THREAD));
    plugins.watch.checkNow();
    plugins.watch.checkNow();
    assertThat(retired.verdicts()).hasSize(1);

    retired.undo();
    await()
        .untilAsserted(
            () -> {
              System.gc();
              assertThat(retired.last()).isEqualTo(COLLECTED);
            });
    assertThat(retired.verdicts()).hasSize(2);
  }

  @Test
  void judgesAllByTheSameCollections() {
    VerifiedJar jar = plugins.jar(THREAD);
    List<Retired> leaked = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      leaked.add(plugins.abandon(jar));
    }

    long before = fullCollections();
    plugins.watch.checkNow();

    assertThat(leaked).allMatch(one -> one.last().state() == State.LEAKED);
    assertThat(fullCollections() - before).isLessThanOrEqualTo(8);
    assertThat(leaked).allMatch(one -> one.undo().size() == 1);
  }

  private static long fullCollections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .filter(collector -> !collector.getName().contains("Young"))
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }

  @Test
  void goesOnWhenAListenerFails() {
    List<Verdict> told = new CopyOnWriteArrayList<>();
    watchNothing(
        verdict -> {
          throw new IllegalStateException("of a listener");
        });
    watchNothing(told::add);

    plugins.watch.checkNow();

    assertThat(told).containsExactly(COLLECTED);
  }

  private void watchNothing(Consumer<Verdict> told) {
    plugins.watch.watch(
        new GenerationName("nothing", "1", 1), new ClassLoader("nothing@1", null) {}, told);
  }

  @Test
  void expectsNoPluginOnTheClassPathToLeave() {
    List<Verdict> told = new CopyOnWriteArrayList<>();
    ClassLoader own = getClass().getClassLoader();

    plugins.watch.watch(new GenerationName("own", "1", 1), own, told::add);
    plugins.watch.checkNow();

    assertThat(told).isEmpty();
    assertThat(Undo.of(own, new GenerationName("own", "1", 1), List.of())).isEmpty();
  }

  @Test
  void asksForNothingOnceClosed() {
    Retired retired = plugins.retire(plugins.jar(""));
    plugins.watch.close();

    plugins.watch.checkNow();

    assertThat(retired.verdicts()).isEmpty();
  }

  @Test
  void hasAThreadOnlyWhileSomethingIsWatched() {
    plugins.retire(plugins.jar(""));
    assertThat(threads()).isEqualTo(1);

    plugins.watch.checkNow();

    await().untilAsserted(() -> assertThat(threads()).isZero());
    plugins.watch.checkNow();
    Retired next = plugins.retire(plugins.jar(""));
    plugins.watch.checkNow();
    assertThat(next.verdicts()).containsExactly(COLLECTED);
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("leak-watch"))
        .count();
  }
}
