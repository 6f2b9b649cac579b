package io.dormouse.host.plugin;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The virtual threads that one generation starts for itself, so that they end with it. */
final class PluginThreads implements ThreadFactory {
  private static final Logger LOG = LoggerFactory.getLogger(PluginThreads.class);

  /** How long all threads together are waited for when they have been interrupted. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final GenerationName generation;
  private final ClassLoader loader;
  private final AtomicInteger made = new AtomicInteger();

  /** Those that run, and what they run. */
  private final Map<Thread, Runnable> running = new ConcurrentHashMap<>();

  private volatile boolean ended;

  PluginThreads(GenerationName generation, ClassLoader loader) {
    this.generation = generation;
    this.loader = loader;
  }

  @Override
  public Thread newThread(Runnable body) {
    if (ended) {
      throw new IllegalStateException(
          generation.title() + " cannot start a thread: it has stopped");
    }
    Thread thread =
        Thread.ofVirtual()
            .name(generation + " thread " + made.incrementAndGet())
            .inheritInheritableThreadLocals(false)
            .uncaughtExceptionHandler(this::failed)
            .unstarted(() -> run(body));
    thread.setContextClassLoader(loader);
    return thread;
  }

  private void run(Runnable body) {
    Thread own = Thread.currentThread();
    running.put(own, body);
    try {
      if (!ended) {
        body.run();
      }
    } finally {
      running.remove(own);
    }
  }

  private void failed(Thread thread, Throwable thrown) {
    LOG.atWarn()
        .addKeyValue("plugin", generation.id())
        .log(
            "{}: thread '{}' ended with {}",
            generation.title(),
            thread.getName(),
            Failure.text(thrown));
  }

  /**
   * Interrupts all, ends the pools that they work for, since a pool outlives an interrupt, and
   * waits a moment. From now on no thread of this generation begins.
   *
   * @return those that have not ended
   */
  List<Thread> end() {
    ended = true;
    Map<Thread, Runnable> all = Map.copyOf(running);
    all.forEach(PluginThreads::interrupt);
    Instant limit = Instant.now().plus(PATIENCE);
    return all.keySet().stream()
        .filter(thread -> !ends(thread, limit))
        .sorted(Comparator.comparing(Thread::getName))
        .toList();
  }

  private static void interrupt(Thread thread, Runnable body) {
    Optional<ThreadPoolExecutor> pool = JdkInternals.pool(body);
    if (pool.isPresent()) {
      pool.get().shutdownNow();
    } else {
      thread.interrupt();
    }
  }

  private static boolean ends(Thread thread, Instant limit) {
    try {
      return thread.join(Duration.between(Instant.now(), limit));
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
