package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.plugin.LeakFixture.Retired;
import io.dormouse.host.plugin.LeakWatch.State;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As the runtime does it, without sockets. */
class ReloadLoopTest {
  private static final int WARM_UP = 200;
  private static final int ROUNDS = 2_000;

  @TempDir Path folder;

  /** A plugin that does what plugins may, and cleans up behind itself. */
  private static final String HONEST =
      """
      try { throw new IllegalStateException("caught"); } catch (IllegalStateException e) { }
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        threads.submit(() -> { throw new IllegalStateException("of a thread"); });
      }
      CompletableFuture.runAsync(Value::new).join();
      record Line(String text, List<Value> values) { }
      new Line("a", List.of(new Value())).toString();
      """;

  @Test
  void twoThousandReloadsLeaveNothingBehind() {
    try (var plugins = new LeakFixture(folder)) {
      VerifiedJar jar = plugins.jar(HONEST);
      reload(plugins, jar, WARM_UP);
      int classes = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
      long metaspace = metaspace();

      List<Retired> retired = reload(plugins, jar, ROUNDS);

      assertThat(retired).hasSize(ROUNDS);
      assertThat(retired).allMatch(one -> one.last().state() == State.COLLECTED);
      assertThat(ManagementFactory.getClassLoadingMXBean().getLoadedClassCount() - classes)
          .isLessThan(50);
      assertThat(metaspace() - metaspace).isLessThan(1_000_000);
    }
  }

  private static List<Retired> reload(LeakFixture plugins, VerifiedJar jar, int rounds) {
    List<Retired> retired = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      retired.add(plugins.retire(jar));
    }
    plugins.watch.checkNow();
    return retired;
  }

  private static long metaspace() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getName().equals("Metaspace"))
        .map(MemoryPoolMXBean::getUsage)
        .mapToLong(usage -> usage.getUsed())
        .sum();
  }
}
