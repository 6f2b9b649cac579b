package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.plugin.LeakWatch.Verdict;
import io.dormouse.host.plugin.Staging.StagedJar;
import io.dormouse.host.testing.PluginJars;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Plugins of one class {@code lair.Main}, loaded, constructed, and retired with a watch on them.
 */
final class LeakFixture implements AutoCloseable {
  final LeakWatch watch;
  private final Path folder;
  private int generations;

  LeakFixture(Path folder) {
    this(folder, Optional.empty());
  }

  LeakFixture(Path folder, Optional<Duration> leakCheck) {
    this.folder = folder;
    this.watch = new LeakWatch(leakCheck);
  }

  /**
   * A plugin's JAR.
   *
   * @param constructor what its constructor does; threads may {@code park} or {@code sleep} until
   *     interrupted, or {@code parkForever}, and are there when {@code PARKED}; {@code host()} is
   *     what a supplier in the system property {@code lair.host} has for it
   */
  VerifiedJar jar(String constructor) {
    String source =
        """
        package lair;
        import java.util.*;
        import java.util.concurrent.*;
        import java.util.concurrent.locks.LockSupport;
        import java.util.function.*;
        public class Main implements io.dormouse.api.Plugin {
          static final CountDownLatch PARKED = new CountDownLatch(1);
          static void park() { PARKED.countDown(); while (!Thread.interrupted()) LockSupport.park(); }
          static void parkForever() {
            PARKED.countDown(); while (true) { LockSupport.park(); Thread.interrupted(); }
          }
          @SuppressWarnings("unchecked")
          static <T> T host() { return ((Supplier<T>) System.getProperties().get("lair.host")).get(); }
          static void sleep() {
            PARKED.countDown(); try { Thread.sleep(86400000); } catch (InterruptedException ended) { }
          }
          public static class Value { }
          @Override public void start(io.dormouse.api.PluginContext context) { }
          public Main() throws Exception { %s }
        }
        """
            .formatted(constructor);
    Path jar =
        PluginJars.plugin(
            folder.resolve("lair.jar"),
            "lair",
            "1.4.0",
            "lair.Main",
            PluginJars.compile(Map.of("lair.Main", source)));
    return VerifiedJar.of(new StagedJar(jar, "digest", "lair.jar"));
  }

  /**
   * What was retired.
   *
   * @param verdicts told since
   */
  record Retired(GenerationName name, WeakReference<ClassLoader> loader, List<Verdict> verdicts) {
    Verdict last() {
      return verdicts.getLast();
    }

    /** As at retirement, if that left it out. */
    List<String> undo() {
      return Undo.of(loader.get(), name, List.of());
    }
  }

  /** Loads, constructs and retires, undoing what is left behind. */
  Retired retire(VerifiedJar jar) {
    return load(jar, true);
  }

  /** Loads, constructs and retires, undoing nothing. */
  Retired abandon(VerifiedJar jar) {
    return load(jar, false);
  }

  private Retired load(VerifiedJar jar, boolean undo) {
    var name = new GenerationName("lair", "1.4.0", ++generations);
    LoadedJar loaded = LoadedJar.load(jar, name, false);
    construct(loaded, name);
    if (undo) {
      Undo.of(loaded.loader(), name, List.of());
    }
    List<Verdict> verdicts = new CopyOnWriteArrayList<>();
    watch.watch(name, loaded.loader(), verdicts::add);
    var loader = new WeakReference<>(loaded.loader());
    loaded.close();
    return new Retired(name, loader, verdicts);
  }

  /** On a thread of its own, as the host does. */
  private static void construct(LoadedJar loaded, GenerationName name) {
    try {
      Deadline.call(
          name + " its constructor",
          loaded.loader(),
          Duration.ofSeconds(20),
          () -> assertThat(loaded.create()).isNotNull());
    } catch (Throwable thrown) {
      throw new AssertionError(Failure.text(thrown));
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
