package io.dormouse.host.plugin;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether the classes of retired generations have left the memory.
 *
 * <p>Mostly the garbage collector tells by itself. A generation that it has not taken within {@code
 * leakCheck} is judged, together with all others that wait for a verdict, at most once per {@code
 * leakCheck}: by a collection that runs beside the program if that will do, else by a few full
 * ones. One thread does all this, and is there only while something is watched. It refers to
 * loaders weakly.
 *
 * <p>All methods may be called from any thread.
 */
final class LeakWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeakWatch.class);

  /** A younger one may still be held by a thread that is just ending. */
  private static final Duration SETTLED = Duration.ofSeconds(5);

  private static final String SOFT =
      "perhaps a SoftReference only; start the JVM with -XX:SoftRefLRUPolicyMSPerMB=0 to be sure";

  private final @Nullable Duration leakCheck;
  private final ReferenceQueue<Object> collected = new ReferenceQueue<>();
  private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
  private final Queue<CompletableFuture<Void>> asked = new ConcurrentLinkedQueue<>();
  private @Nullable Thread thread;
  private boolean closed;
  private long lastRound = System.nanoTime() - Duration.ofDays(1).toNanos();

  /**
   * @param leakCheck how long the garbage collector is waited for; empty: no collection is forced
   *     but by {@link #checkNow}
   */
  LeakWatch(Optional<Duration> leakCheck) {
    this.leakCheck = leakCheck.orElse(null);
    GlobalLeftovers.remember();
  }

  /** How it ended with the classes of a generation. */
  enum State {
    COLLECTED,
    /** Still in memory after full collections. */
    LEAKED,
    /** Still in memory, but this JVM gives no certainty. */
    UNKNOWN
  }

  /**
   * @param causes what keeps the classes, or why nobody knows; empty when collected
   */
  record Verdict(State state, List<String> causes) {
    Verdict {
      causes = List.copyOf(causes);
    }
  }

  /** Weak, and dropped when collected; its fields belong to the watch's thread. */
  private static final class Watched extends WeakReference<ClassLoader> {
    final Consumer<Verdict> told;
    final long since = System.nanoTime();
    @Nullable Verdict last;

    Watched(ClassLoader loader, ReferenceQueue<Object> queue, Consumer<Verdict> told) {
      super(loader, queue);
      this.told = told;
    }

    boolean isOpen() {
      return last == null;
    }

    boolean olderThan(Duration age) {
      return System.nanoTime() - since >= age.toNanos();
    }
  }

  /**
   * Watches the loader of a generation that was just retired. A loader of the host's own class path
   * is not watched, since it stays.
   *
   * @param told each new verdict, on the watch's thread; must not block nor hold the loader. After
   *     LEAKED or UNKNOWN comes COLLECTED, if the classes do leave later.
   */
  synchronized void watch(GenerationName name, ClassLoader loader, Consumer<Verdict> told) {
    if (LeakCauses.isOfTheHost(loader)) {
      LOG.debug("{} is on the class path and stays in memory", name.title());
      return;
    }
    if (!closed) {
      watched.add(new Watched(loader, collected, told));
      wake();
    }
  }

  /**
   * Forces the verdict on all that have not been collected, and returns when each was told. Not to
   * be called by who is told, nor while holding a lock that is taken there.
   */
  void checkNow() {
    var done = new CompletableFuture<Void>();
    synchronized (this) {
      if (watched.isEmpty()) {
        return;
      }
      asked.add(done);
      wake();
    }
    done.join();
  }

  /** Watches no longer. */
  @Override
  public synchronized void close() {
    closed = true;
    watched.clear();
    if (thread != null) {
      thread.interrupt();
    }
  }

  private synchronized void wake() {
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("leak-watch").start(this::live);
    } else {
      new WeakReference<>(new Object(), collected).enqueue();
    }
  }

  private void live() {
    while (!isOver()) {
      try {
        judge();
        Reference<?> gone = collected.remove(pause());
        if (gone instanceof Watched one) {
          tellCollected(one);
        }
      } catch (InterruptedException closing) {
        LOG.debug("The watch for leaks ends");
      } catch (RuntimeException | LinkageError failed) {
        LOG.error("The watch for leaks failed and goes on", failed);
      }
    }
  }

  /** There is no thread while nothing is watched. */
  private synchronized boolean isOver() {
    if (!watched.isEmpty()) {
      return false;
    }
    thread = null;
    askers().forEach(asker -> asker.complete(null));
    return true;
  }

  /** In milliseconds; zero means until something happens. */
  private long pause() {
    Duration check = leakCheck;
    if (check == null) {
      return 0;
    }
    return watched.stream()
        .filter(Watched::isOpen)
        .mapToLong(one -> Math.max(one.since, lastRound) + check.toNanos() - System.nanoTime())
        .map(nanos -> Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1))
        .min()
        .orElse(0);
  }

  private void judge() throws InterruptedException {
    List<CompletableFuture<Void>> askers = askers();
    if (!askers.isEmpty()) {
      try {
        round(List.copyOf(watched));
      } finally {
        askers.forEach(asker -> asker.complete(null));
      }
    } else if (leakCheck != null && isDue(leakCheck)) {
      Duration settled = SETTLED.compareTo(leakCheck) < 0 ? SETTLED : leakCheck;
      List<Watched> due =
          watched.stream().filter(one -> one.isOpen() && one.olderThan(settled)).toList();
      ConcurrentCollection.run(() -> areGone(due));
      round(due);
    }
  }

  private static boolean areGone(List<Watched> those) {
    return those.stream().allMatch(one -> one.refersTo(null));
  }

  private List<CompletableFuture<Void>> askers() {
    List<CompletableFuture<Void>> askers = new ArrayList<>();
    for (CompletableFuture<Void> one; (one = asked.poll()) != null; ) {
      askers.add(one);
    }
    return askers;
  }

  private boolean isDue(Duration check) {
    return System.nanoTime() - lastRound >= check.toNanos()
        && watched.stream().anyMatch(one -> one.isOpen() && one.olderThan(check));
  }

  private void round(List<Watched> judged) throws InterruptedException {
    if (judged.isEmpty()) {
      return;
    }
    String doubt = areGone(judged) ? null : FullCollections.force(() -> areGone(judged));
    lastRound = System.nanoTime();
    judged.forEach(one -> tell(one, doubt));
  }

  private void tell(Watched one, @Nullable String doubt) {
    if (one.refersTo(null)) {
      tellCollected(one);
    } else if (doubt != null) {
      tell(one, new Verdict(State.UNKNOWN, List.of(doubt)));
    } else {
      Verdict verdict = verdict(one);
      if (verdict != null) {
        tell(one, verdict);
      }
    }
  }

  /** Refers to the loader, so that a collection meanwhile spares it; null when it went before. */
  private static @Nullable Verdict verdict(Watched one) {
    ClassLoader loader = one.get();
    if (loader == null) {
      return null; // the queue will tell
    }
    boolean perhapsSoft = FullCollections.keepSoftReferences();
    return perhapsSoft && LeakCauses.found(loader).isEmpty()
        ? new Verdict(State.UNKNOWN, List.of(SOFT))
        : new Verdict(State.LEAKED, LeakCauses.of(loader));
  }

  private void tellCollected(Watched one) {
    if (watched.remove(one)) {
      tell(one, new Verdict(State.COLLECTED, List.of()));
    }
  }

  private static void tell(Watched one, Verdict verdict) {
    if (verdict.equals(one.last)) {
      return;
    }
    one.last = verdict;
    try {
      one.told.accept(verdict);
    } catch (RuntimeException failed) {
      LOG.error("A verdict on leaks was not taken", failed);
    }
  }
}
