package io.dormouse.host.namespace;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the threads that run handlers, from a platform thread that no handler can hold up.
 *
 * <ul>
 *   <li>What a handler emitted leaves after a millisecond, though it has not returned yet.
 *   <li>A handler past its deadline is interrupted and its ack is an error. One that still runs a
 *       while after that is given up: its plugin is quarantined, and its socket gets a new thread.
 *   <li>A handler that computes and never waits occupies a core's virtual threads. When others
 *       cannot run because of such handlers, the scheduler is given a further platform thread for
 *       each.
 * </ul>
 */
final class Watchdog {
  private static final Logger LOG = LoggerFactory.getLogger("io.dormouse.host.namespace");
  private static final long STEP = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int QUIET_STEPS = 50;
  private static final long STARVED_AFTER = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long GRACE = TimeUnit.SECONDS.toNanos(1);
  private static final int MOST_SPINNERS = 64;

  private final long deadline;
  private final Predicate<Owner> quarantine;
  private final Set<Run> runs = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private final List<Thread> givenUp = new ArrayList<>();
  private volatile boolean stopped;
  private volatile boolean asleep;
  private volatile long canaryPosted;
  private volatile boolean canaryAlive = true;
  private int addedParallelism;

  /**
   * @param handlerTimeout after which a handler is interrupted
   * @param quarantine takes a generation with a handler that cannot be ended out of service; false
   *     when it does not serve any more
   */
  Watchdog(Duration handlerTimeout, Predicate<Owner> quarantine) {
    this.deadline = handlerTimeout.toNanos();
    this.quarantine = quarantine;
    this.thread = Thread.ofPlatform().daemon().name("watchdog").start(this::watch);
  }

  void add(Run run) {
    runs.add(run);
    if (asleep) {
      LockSupport.unpark(thread);
    }
  }

  void remove(Run run) {
    runs.remove(run);
  }

  /** Interrupts the handlers of a generation that is to end. */
  void interrupt(Owner owner) {
    for (Run run : runs) {
      HandlerCall call = run.call();
      Handlers handlers = run.handlers();
      if (call != null && handlers != null && handlers.owner() == owner) {
        call.fail(NamespaceErrorCode.HANDLER_TIMEOUT);
        boolean _ = run.interrupt(call);
      }
    }
  }

  /** Watches no longer. */
  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
  }

  private void watch() {
    int quiet = 0;
    while (!stopped) {
      quiet = runs.isEmpty() ? quiet + 1 : 0;
      if (quiet > QUIET_STEPS && addedParallelism == 0) {
        asleep = true;
        if (runs.isEmpty()) {
          LockSupport.park(this);
        }
        asleep = false;
        canaryAlive = true;
        quiet = 0;
      }
      LockSupport.parkNanos(STEP);
      try {
        round(System.nanoTime());
      } catch (RuntimeException failed) {
        LOG.error("A round of the watchdog failed and is repeated", failed);
      }
    }
  }

  private void round(long now) {
    for (Run run : runs) {
      long running = run.runningFor(now);
      if (running > STEP) {
        run.session().flushSoon();
      }
      if (running > deadline) {
        overdue(run, running);
      }
    }
    if (!canaryAlive && now - canaryPosted > STARVED_AFTER) {
      starved(now);
    } else if (canaryAlive && now - canaryPosted > STARVED_AFTER / 5) {
      relax(now);
      canaryAlive = false;
      canaryPosted = now;
      Thread.startVirtualThread(() -> canaryAlive = true);
    }
  }

  private void overdue(Run run, long running) {
    HandlerCall call = run.call();
    if (call == null) {
      return;
    }
    ServerSocket socket = run.socket();
    String pluginId = socket.live().pluginId();
    call.fail(NamespaceErrorCode.HANDLER_TIMEOUT);
    if (run.interrupt(call)) {
      socket.live().all().meters().failed(pluginId, NamespaceErrorCode.HANDLER_TIMEOUT);
      Handlers handlers = run.handlers();
      if (handlers != null) {
        handlers.owner().failed();
      }
      LOG.atWarn()
          .addKeyValue("plugin", pluginId)
          .addKeyValue("namespace", socket.name())
          .log(
              "Plugin '{}': the handler of '{}' runs longer than dormouse.socket.handler-timeout, {};"
                  + " it is interrupted, at {}. [{}]",
              pluginId,
              call.event(),
              Duration.ofNanos(deadline),
              top(run.thread()),
              NamespaceErrorCode.HANDLER_TIMEOUT);
    } else if (running > deadline + GRACE && run.abandon(call)) {
      runs.remove(run);
      givenUp.add(run.thread());
      Handlers handlers = run.handlers();
      boolean quarantined = handlers != null && quarantine.test(handlers.owner());
      LOG.atError()
          .addKeyValue("plugin", pluginId)
          .addKeyValue("namespace", socket.name())
          .log(
              "Plugin '{}': the handler of '{}' does not end when interrupted, at {}; {} [{}]",
              pluginId,
              call.event(),
              top(run.thread()),
              quarantined
                  ? "the plugin is quarantined. Its events are answered with an error until it is"
                      + " replaced."
                  : "its version was replaced already.",
              NamespaceErrorCode.UNAVAILABLE);
      socket.continueInNewThread();
    }
  }

  private void starved(long now) {
    int spinners = spinners(now);
    if (spinners > addedParallelism && addedParallelism < MOST_SPINNERS) {
      int wanted = Math.min(MOST_SPINNERS, spinners);
      LOG.warn(
          "Handlers compute on all cores without waiting, in plugins {}; {} more platform threads keep"
              + " the others going.",
          spinningPlugins(now),
          wanted - addedParallelism);
      changeParallelism(wanted - addedParallelism);
      addedParallelism = wanted;
    }
    nudge();
    canaryPosted = now;
  }

  private void relax(long now) {
    if (addedParallelism > 0) {
      int spinners = spinners(now);
      if (spinners < addedParallelism) {
        changeParallelism(spinners - addedParallelism);
        addedParallelism = spinners;
      }
    }
  }

  private int spinners(long now) {
    givenUp.removeIf(given -> !given.isAlive());
    return (int)
        (givenUp.stream().filter(given -> given.getState() == Thread.State.RUNNABLE).count()
            + runs.stream().filter(run -> isSpinning(run, now)).count());
  }

  private Set<String> spinningPlugins(long now) {
    Set<String> ids = new TreeSet<>();
    runs.stream()
        .filter(run -> isSpinning(run, now))
        .forEach(run -> ids.add(run.socket().live().pluginId()));
    return ids;
  }

  private static boolean isSpinning(Run run, long now) {
    return run.runningFor(now) > STARVED_AFTER / 2
        && run.thread().getState() == Thread.State.RUNNABLE;
  }

  /**
   * The scheduler makes a thread only when a task comes into a queue that was empty, and each
   * platform thread has its own: this one's is full of what cannot run.
   */
  private static void nudge() {
    Thread.ofPlatform()
        .daemon()
        .name("watchdog-nudge")
        .start(() -> Thread.startVirtualThread(() -> {}));
  }

  private static void changeParallelism(int by) {
    VirtualThreadSchedulerMXBean scheduler =
        ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    scheduler.setParallelism(Math.max(1, scheduler.getParallelism() + by));
  }

  private static String top(Thread thread) {
    StackTraceElement[] stack = thread.getStackTrace();
    @Nullable StackTraceElement own = null;
    for (StackTraceElement frame : stack) {
      String loader = frame.getClassLoaderName();
      if (own == null && loader != null && !loader.equals("app") && !loader.equals("platform")) {
        own = frame;
      }
    }
    return own != null
        ? own.toString()
        : stack.length > 0 ? stack[0].toString() : "an unknown place";
  }
}
