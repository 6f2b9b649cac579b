package io.dormouse.host.plugin;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Calls a plugin's code on a virtual thread of its own, with the plugin's loader as context class
 * loader, and waits no longer than allowed. Code that ignores the interrupt past the deadline runs
 * on, but nobody waits for it.
 */
final class Deadline {
  private Deadline() {}

  @FunctionalInterface
  interface Body {
    void run() throws Throwable;
  }

  /** The body is still running. */
  static final class Passed extends Exception {
    private static final long serialVersionUID = 1;
  }

  /**
   * @throws Passed past the deadline or when the caller is interrupted, after the thread was
   *     interrupted
   * @throws Throwable what the body threw, as it is; the caller turns it into text
   */
  static void call(String threadName, ClassLoader loader, Duration allowed, Body body)
      throws Throwable {
    var thrown = new AtomicReference<@Nullable Throwable>();
    Thread thread =
        Thread.ofVirtual()
            .name(threadName)
            .inheritInheritableThreadLocals(false)
            .unstarted(
                () -> {
                  try {
                    body.run();
                  } catch (Throwable failure) {
                    thrown.set(failure);
                  }
                });
    thread.setContextClassLoader(loader);
    thread.start();
    if (!ends(thread, allowed)) {
      thread.interrupt();
      throw new Passed();
    }
    Throwable failure = thrown.get();
    if (failure != null) {
      throw failure;
    }
  }

  private static boolean ends(Thread thread, Duration allowed) {
    try {
      return thread.join(allowed);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
