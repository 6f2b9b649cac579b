package io.dormouse.host;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the host when the process is asked to end, by SIGTERM, SIGINT or SIGHUP; the exit code is
 * then 0. Whatever happens, the process is gone by the deadline. A second signal hurries.
 */
final class StopHook {
  private static final Logger LOG = LoggerFactory.getLogger(StopHook.class);
  private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP");

  /** What is kept of the deadline for the end itself. */
  private static final long LAST_MOMENT = Duration.ofMillis(250).toNanos();

  /** What a host that is hurried may take. */
  private static final long HURRY = Duration.ofSeconds(3).toNanos();

  private final Host host;
  private final Thread hook = Thread.ofPlatform().name("stop hook").unstarted(this::wholeStop);

  /** Ends the process at the deadline; null until it is asked to end. */
  private @Nullable Thread watch;

  private long deadline;

  private StopHook(Host host) {
    this.host = host;
  }

  static StopHook install(Host host) {
    StopHook installed = new StopHook(host);
    for (String name : SIGNALS) {
      boolean _ = Signals.handle(name, () -> installed.asked("SIG" + name));
    }
    // For those that could not be heard, and for whoever calls System.exit.
    Runtime.getRuntime().addShutdownHook(installed.hook);
    return installed;
  }

  /** Called when the host did not start: its exit code tells why. */
  void remove() {
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  private void wholeStop() {
    Thread watching = watching();
    // The process must not end before the host has stopped, which ends it itself.
    boolean ended = false;
    while (!ended) {
      try {
        ended = watching.join(host.deadline());
      } catch (InterruptedException _) {
        // Nobody may end this early.
      }
    }
  }

  private synchronized Thread watching() {
    return watch == null ? begin("the process ends") : watch;
  }

  private synchronized void asked(String why) {
    if (watch != null) {
      LOG.info("{} again: hurries", why);
      deadline = Math.min(deadline, System.nanoTime() + HURRY);
      notifyAll();
      host.hurry();
    } else {
      Thread _ = begin(why);
    }
  }

  private synchronized Thread begin(String why) {
    deadline = System.nanoTime() + host.deadline().toNanos() - LAST_MOMENT;
    // Not daemons: the JVM would end when the listeners have.
    Thread work = Thread.ofPlatform().name("stop").start(() -> stop(why));
    Thread begun = Thread.ofPlatform().name("stop watch").start(() -> watch(work));
    watch = begun;
    return begun;
  }

  private void stop(String why) {
    int code = 0;
    try {
      host.stop(why);
    } catch (RuntimeException e) {
      LOG.error("The host did not stop properly", e);
      code = 1;
    }
    // Otherwise the JVM would exit with 128 and the signal's number.
    Runtime.getRuntime().halt(code);
  }

  private void watch(Thread work) {
    synchronized (this) {
      try {
        for (long left = left(); left > 0 && work.isAlive(); left = left()) {
          TimeUnit.NANOSECONDS.timedWait(this, left);
        }
      } catch (InterruptedException _) {
        LOG.debug("Waiting for the host to stop was interrupted");
      }
    }
    host.abandon();
    Runtime.getRuntime().halt(0);
  }

  private long left() {
    return deadline - System.nanoTime();
  }
}
