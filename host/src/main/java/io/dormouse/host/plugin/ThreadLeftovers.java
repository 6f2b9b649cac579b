package io.dormouse.host.plugin;

import io.dormouse.host.plugin.Leftover.Ending;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * The threads that keep a plugin's classes in memory: they run its code, wait to do so, or have its
 * loader as context class loader.
 */
final class ThreadLeftovers {
  private final ClassLoader loader;
  private final Reach reach;

  private ThreadLeftovers(ClassLoader loader) {
    this.loader = loader;
    this.reach = new Reach(loader);
  }

  /** All of them, at the price of a stack trace of each thread of the host. */
  static List<Leftover> all(ClassLoader loader) {
    return new ThreadLeftovers(loader).in(JdkInternals.threads());
  }

  /**
   * All but virtual threads with another context class loader, which cannot be told from the
   * thousands of the host's own without their stack traces. A thread inherits it from the one that
   * starts it, and the host sets it for a plugin's code.
   *
   * @param known threads that are not asked for
   */
  static List<Leftover> likely(ClassLoader loader, Collection<Thread> known) {
    return new ThreadLeftovers(loader)
        .in(
            JdkInternals.threads().stream()
                .filter(t -> !t.isVirtual() || loader.equals(t.getContextClassLoader()))
                .filter(t -> !known.contains(t))
                .toList());
  }

  /** Threads that are the plugin's for sure. */
  static List<Leftover> certain(ClassLoader loader, Collection<Thread> known) {
    var leftovers = new ThreadLeftovers(loader);
    return known.stream().map(leftovers::running).toList();
  }

  private Leftover running(Thread thread) {
    StackTraceElement own = ownFrame(thread, thread.getStackTrace());
    String text = name(thread) + " is still running";
    return new Leftover(own == null ? text : text + ", at " + place(own), new Interrupt(thread));
  }

  private static String name(Thread thread) {
    return (thread.isVirtual() ? "virtual thread '" : "thread '") + thread.getName() + "'";
  }

  private List<Leftover> in(List<Thread> threads) {
    List<Leftover> found = new ArrayList<>();
    for (Thread thread : threads) {
      if (thread != Thread.currentThread()) {
        Leftover leftover = of(thread);
        if (leftover != null) {
          found.add(leftover);
        }
      }
    }
    return found;
  }

  private @Nullable Leftover of(Thread thread) {
    boolean context = loader.equals(thread.getContextClassLoader());
    boolean works = reach.from(JdkInternals.task(thread));
    String name = name(thread);
    if (JdkInternals.isTimer(thread)) {
      return context || works ? timer(thread, context) : null;
    }
    StackTraceElement[] frames = thread.getStackTrace();
    StackTraceElement own = ownFrame(thread, frames);
    if (own != null) {
      String text = name + " is still running, at " + place(own);
      return isHosts(frames)
          ? new Leftover(text, new Return(this, thread), true)
          : new Leftover(text, context ? ending(thread) : new Interrupt(thread));
    }
    if (loader.equals(thread.getClass().getClassLoader()) || (context && works)) {
      return new Leftover(name + " is still running", ending(thread));
    }
    if (context) {
      String text = name + " has its loader as context class loader";
      return isHosts(frames)
          ? new Leftover(text, () -> {}, true)
          : new Leftover(
              text, () -> thread.setContextClassLoader(ThreadLeftovers.class.getClassLoader()));
    }
    return works ? new Leftover(name + " has work of it to do", null) : null;
  }

  private static Leftover timer(Thread thread, boolean own) {
    return new Leftover(
        "java.util.Timer '" + thread.getName() + "'", own ? new TimerEnd(thread) : null);
  }

  /**
   * A worker of a pool outlives interrupts. That the pool is the plugin's own is certain only when
   * the worker was started by its code and the pool refers to its classes.
   */
  private Ending ending(Thread thread) {
    return JdkInternals.pool(thread)
        .filter(reach::from)
        .<Ending>map(pool -> new PoolEnd(thread, pool))
        .orElseGet(() -> new Interrupt(thread));
  }

  /**
   * Frames know their loader by its name only, which another host in this JVM may have used too.
   */
  private @Nullable StackTraceElement ownFrame(Thread thread, StackTraceElement[] frames) {
    ClassLoader context = thread.getContextClassLoader();
    if (context instanceof AllowListClassLoader && !loader.equals(context)) {
      return null;
    }
    for (StackTraceElement frame : frames) {
      String name = frame.getClassLoaderName();
      if (name != null && name.equals(loader.getName())) {
        return frame;
      }
    }
    return null;
  }

  /**
   * Whether the host started the thread. It interrupts its threads itself, and only while they run
   * a plugin's code: a moment later they may be at work for the next generation.
   */
  private static boolean isHosts(StackTraceElement[] frames) {
    for (int i = frames.length - 1; i >= 0; i--) {
      String name = frames[i].getClassLoaderName();
      if (name != null && !name.equals("platform")) { // not the JDK's
        return frames[i].getClassName().startsWith("io.dormouse.host.");
      }
    }
    return false;
  }

  private static String place(StackTraceElement frame) {
    String source = frame.getFileName() == null ? "unknown source" : frame.getFileName();
    String line = frame.getLineNumber() < 0 ? "" : ":" + frame.getLineNumber();
    return frame.getClassName() + "." + frame.getMethodName() + "(" + source + line + ")";
  }

  /** The host's thread comes out of the plugin's code, or not. */
  private record Return(ThreadLeftovers threads, Thread thread) implements Ending {
    private static final int STEP = 10;

    @Override
    public void start() {}

    @Override
    public boolean done(long millis) throws InterruptedException {
      for (long left = millis; threads.ownFrame(thread, thread.getStackTrace()) != null; ) {
        if (left <= 0) {
          return false;
        }
        thread.join(STEP);
        left -= STEP;
      }
      return true;
    }
  }

  private record Interrupt(Thread thread) implements Ending {
    @Override
    public void start() {
      thread.interrupt();
    }

    @Override
    public boolean done(long millis) throws InterruptedException {
      return ended(thread, millis);
    }
  }

  private record PoolEnd(Thread thread, ThreadPoolExecutor pool) implements Ending {
    @Override
    public void start() {
      pool.shutdownNow();
    }

    @Override
    public boolean done(long millis) throws InterruptedException {
      return ended(thread, millis);
    }
  }

  private record TimerEnd(Thread thread) implements Ending {
    @Override
    public void start() {
      JdkInternals.endTimer(thread);
      thread.interrupt(); // a task that runs
    }

    @Override
    public boolean done(long millis) throws InterruptedException {
      return ended(thread, millis);
    }
  }

  private static boolean ended(Thread thread, long millis) throws InterruptedException {
    if (millis > 0) {
      thread.join(millis);
    }
    return !thread.isAlive();
  }
}
