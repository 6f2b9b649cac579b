package io.dormouse.host.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the clients of this host to others: lets nobody in, and sends those that are here away at a
 * pace, in the way that makes official clients reconnect by themselves.
 *
 * <p>Runs on a platform thread, so that no handler can hold it up. All methods may be called from
 * any thread.
 */
public final class Drain {
  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
  private static final long TELL = Duration.ofSeconds(5).toNanos();

  private final Lifecycle lifecycle;
  private final DrainSettings settings;
  private final Clients clients;
  private final List<DrainListener> listeners = new CopyOnWriteArrayList<>();
  private @Nullable DrainRun run;
  private @Nullable DrainRun ended;
  private boolean stopping;

  public Drain(Lifecycle lifecycle, DrainSettings settings, Clients clients) {
    this.lifecycle = lifecycle;
    this.settings = settings;
    this.clients = clients;
  }

  public void addListener(DrainListener listener) {
    listeners.add(listener);
  }

  /**
   * Begins, and returns at once.
   *
   * @param pace null for the configured one
   * @param deadline null for the configured one
   * @return false when the host drains already, or serves nobody
   */
  public synchronized boolean start(@Nullable Pace pace, @Nullable Duration deadline, String why) {
    if (!lifecycle.drain(why)) {
      return false;
    }
    DrainRun _ = begin(pace, deadline, why);
    return true;
  }

  private DrainRun begin(@Nullable Pace pace, @Nullable Duration deadline, String why) {
    clients.letIn(false);
    DrainRun begun = planned(pace, deadline);
    run = begun;
    tell(begun);
    DrainStatus status = begun.status(lifecycle.state());
    listeners.forEach(listener -> listener.began(why, status));
    Thread.ofPlatform().daemon().name("drain").start(() -> work(begun));
    return begun;
  }

  private DrainRun planned(@Nullable Pace pace, @Nullable Duration deadline) {
    return new DrainRun(
        clients,
        pace == null ? settings.parsed() : pace,
        deadline == null ? settings.deadline() : deadline,
        System.nanoTime(),
        RandomGenerator.getDefault());
  }

  /** What {@link #start} would begin; nothing is changed. */
  public DrainStatus plan(@Nullable Pace pace, @Nullable Duration deadline) {
    DrainStatus plan = planned(pace, deadline).status(lifecycle.state());
    int busy = (int) clients.present().stream().filter(Clients.Client::isBusy).count();
    return new DrainStatus(
        plan.state(),
        false,
        plan.pace(),
        plan.began(),
        plan.deadline(),
        plan.fits(),
        plan.perSecond(),
        0,
        plan.sessions(),
        0,
        busy,
        plan.calls(),
        0,
        0,
        List.of());
  }

  /**
   * Ends a drain where it is, and lets clients in again. Those that were moved do not come back by
   * themselves.
   *
   * @return false when there is none, or the process is about to end
   */
  public synchronized boolean cancel() {
    if (run == null || stopping) {
      return false;
    }
    run = null;
    clients.letIn(true);
    lifecycle.serveAgain();
    return true;
  }

  /**
   * Drains because the process ends, or goes on with the drain that is under way; returns when it
   * is done.
   *
   * @param by when it has to be, by {@link System#nanoTime}
   */
  public DrainStatus stop(long by, String why) {
    DrainRun last;
    synchronized (this) {
      stopping = true;
      last = run;
      if (last == null) {
        lifecycle.drainForGood(why);
        last = begin(null, Duration.ofNanos(Math.max(1, by - System.nanoTime())), why);
      } else {
        last.by(by);
      }
    }
    while (!last.isDone()) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    end(last);
    return last.status(lifecycle.state());
  }

  /** Sends those that are left away at once, and waits for nothing. */
  public synchronized void hurry() {
    if (run != null) {
      run.hurry();
    }
  }

  public synchronized DrainStatus status() {
    HostState state = lifecycle.state();
    if (run != null) {
      return run.status(state);
    }
    return new DrainStatus(
        state,
        false,
        null,
        null,
        null,
        true,
        0,
        0,
        clients.present().size(),
        0,
        0,
        clients.calls(),
        0,
        0,
        List.of());
  }

  private synchronized boolean isCurrent(DrainRun asked) {
    return run == asked;
  }

  private void work(DrainRun mine) {
    long told = System.nanoTime();
    while (isCurrent(mine) && !mine.isDone()) {
      long now = System.nanoTime();
      LockSupport.parkNanos(mine.step(now));
      if (now - told >= TELL) {
        told = now;
        tell(mine);
      }
    }
    if (isCurrent(mine)) {
      tell(mine);
      end(mine);
    }
  }

  /** Says so once, whoever comes first: the one that drains, or the one that stops. */
  private synchronized void end(DrainRun done) {
    if (run == done && ended != done) {
      ended = done;
      DrainStatus status = done.status(lifecycle.state());
      listeners.forEach(listener -> listener.ended(status));
    }
  }

  private void tell(DrainRun told) {
    DrainStatus now = told.status(lifecycle.state());
    if (now.sessions() + now.moved() + now.calls() == 0) {
      return; // nobody was here
    }
    LOG.atInfo()
        .addKeyValue("moved", now.moved())
        .addKeyValue("left", now.sessions())
        .addKeyValue("busy", now.busy())
        .addKeyValue("calls", now.calls())
        .addKeyValue("asked", String.format(Locale.ROOT, "%.0f/s", now.perSecond()))
        .addKeyValue("measured", now.measured() + "/s")
        .log(now.done() ? "Drained" : now.fits() ? "Drain" : "Drain, too slow for its deadline");
  }
}
