package io.dormouse.host.plugin;

import io.dormouse.host.namespace.Owner;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Looks at a generation for a while after it has taken over: when too many of its handlers fail, or
 * its probe does, it is not to stay. Says so once.
 */
final class Watch {
  /** Fewer failures than these say nothing about the rest. */
  private static final int LEAST_FAILURES = 5;

  private static final int PROBES = 2;

  private final String name;
  private final Owner owner;
  private final Runnable probe;
  private final Duration window;
  private final int failurePercent;
  private final Consumer<String> notToStay;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean told = new AtomicBoolean();

  /**
   * @param probe throws {@link PluginRefused} when it fails
   * @param notToStay told why, on a thread of its own
   */
  Watch(
      String name,
      Owner owner,
      Runnable probe,
      Duration window,
      int failurePercent,
      Consumer<String> notToStay) {
    this.name = name;
    this.owner = owner;
    this.probe = probe;
    this.window = window;
    this.failurePercent = failurePercent;
    this.notToStay = notToStay;
  }

  void start() {
    Thread.ofVirtual().name(name + " watch").start(this::probe);
  }

  boolean isOpen() {
    return ended.getCount() > 0;
  }

  /** Looks no longer. */
  void end() {
    ended.countDown();
  }

  /** A handler has failed. Never blocks. */
  void failed() {
    long failures = owner.failures();
    long calls = Math.max(failures, owner.calls());
    if (isOpen() && failures >= LEAST_FAILURES && failures * 100 >= failurePercent * calls) {
      tell("%,d of %,d calls of its handlers failed".formatted(failures, calls));
    }
  }

  /** One of its handlers cannot be ended. */
  void unending() {
    tell("a handler does not end when interrupted");
  }

  private void tell(String why) {
    if (told.compareAndSet(false, true)) {
      end();
      Thread.startVirtualThread(() -> notToStay.accept(why));
    }
  }

  private void probe() {
    try {
      for (int i = 0; i < PROBES; i++) {
        if (ended.await(window.toNanos() / PROBES, TimeUnit.NANOSECONDS)) {
          return;
        }
        probe.run();
      }
      end();
    } catch (PluginRefused failed) {
      if (isOpen()) {
        tell(failed.reason());
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
