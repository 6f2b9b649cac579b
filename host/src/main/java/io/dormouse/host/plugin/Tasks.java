package io.dormouse.host.plugin;

import io.dormouse.api.Task;
import io.dormouse.host.namespace.Owner;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks of one generation, each on a virtual thread of its own that waits until it is due. They
 * wait from {@link #open} on, so that none runs before the plugin is live, until {@link #hold};
 * what runs then goes on to its end, or to {@link #close}. A run holds a lease.
 */
final class Tasks {
  private static final Logger LOG = LoggerFactory.getLogger(Tasks.class);

  /** How long all runs under way are waited for when they have been interrupted. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** When to ask again whether another host runs a task, after nobody could tell. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(5);

  /** Other hosts may plan the same single run a little later. */
  private static final Duration SINGLE_RUN = Duration.ofMinutes(1);

  private final GenerationName generation;
  private final Owner owner;
  private final TaskTimes times;
  private final TaskLeases leases;
  private final Map<String, Planned> planned = new HashMap<>();
  private boolean open;
  private boolean held;
  private boolean closed;

  Tasks(GenerationName generation, Owner owner, TaskTimes times, TaskLeases leases) {
    this.generation = generation;
    this.owner = owner;
    this.times = times;
    this.leases = leases;
  }

  Task every(String name, Duration period, Runnable body) {
    if (!period.isPositive()) {
      throw new IllegalArgumentException(
          "period of task '" + name + "' must be positive, was " + period);
    }
    return plan(new Planned(name, period, body, true));
  }

  Task after(String name, Duration delay, Runnable body) {
    return plan(new Planned(name, delay, body, false));
  }

  private synchronized Task plan(Planned task) {
    if (closed) {
      throw new IllegalStateException(
          generation.title() + " cannot plan task '" + task.name + "': it has stopped");
    }
    Planned former = planned.put(task.name, task);
    if (former != null) {
      former.ended.countDown();
    }
    if (open) {
      times.remove(generation.number(), task.name);
      task.begin();
    }
    return task;
  }

  /** The plugin is live: what was planned waits from now on. */
  synchronized void open() {
    if (!closed) {
      open = true;
      times.takeOver(generation.number(), Set.copyOf(planned.keySet()));
      planned.values().forEach(Planned::begin);
    }
  }

  /** Begins no further run. */
  synchronized void hold() {
    held = true;
  }

  /** Takes {@link #hold} back. */
  synchronized void resume() {
    held = false;
    notifyAll();
  }

  /** Waits while runs are held; false when there is to be none any more. */
  private synchronized boolean mayRun(Planned task) throws InterruptedException {
    while (held && !closed) {
      wait();
    }
    return !closed && task.ended.getCount() > 0;
  }

  private synchronized void forget(Planned task) {
    planned.remove(task.name, task);
  }

  /** Cancels all, interrupts those that run and waits a moment for them. */
  void close() {
    List<Planned> all;
    synchronized (this) {
      closed = true;
      notifyAll();
      all = List.copyOf(planned.values());
      planned.clear();
    }
    all.forEach(Planned::end);
    Instant limit = Instant.now().plus(PATIENCE);
    all.forEach(task -> task.join(Duration.between(Instant.now(), limit)));
  }

  private final class Planned implements Task {
    private final String name;
    private final Duration pause;
    private final Runnable body;
    private final boolean again;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean once;

    Planned(String name, Duration pause, Runnable body, boolean again) {
      this.name = name;
      this.pause = pause;
      this.body = body;
      this.again = again;
      thread =
          Thread.ofVirtual()
              .name(generation + " task " + name)
              .inheritInheritableThreadLocals(false)
              .unstarted(this::live);
      thread.setContextClassLoader(owner.loader());
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Task once() {
      once = true;
      return this;
    }

    @Override
    public void cancel() {
      ended.countDown();
      times.remove(generation.number(), name);
      forget(this);
    }

    /** Waits from now on; a task of this name that a former generation planned keeps its time. */
    void begin() {
      Instant first = Instant.now().plus(pause);
      Instant inherited = times.get(name);
      times.put(
          generation.number(),
          name,
          inherited != null && inherited.isBefore(first) ? inherited : first);
      thread.start();
    }

    private void live() {
      try {
        Duration next = pause;
        while (next != null && waitUntilDue(next) && mayRun(this) && owner.leases().take()) {
          next = null;
          try {
            times.remove(generation.number(), name);
            next = once ? runOnce() : runHere();
          } finally {
            if (next != null && ended.getCount() > 0) {
              times.put(generation.number(), name, Instant.now().plus(next));
            }
            owner.leases().give();
          }
          boolean _ = Thread.interrupted(); // a run's interrupt is not the next one's
        }
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      } finally {
        forget(this);
      }
    }

    /** False when there is nothing to wait for any more. */
    private boolean waitUntilDue(Duration unplanned) throws InterruptedException {
      Instant due = times.get(name);
      Duration left = due == null ? unplanned : Duration.between(Instant.now(), due);
      return !ended.await(left.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Until the next run; null when there is none. */
    private @Nullable Duration runHere() {
      run();
      return again ? pause : null;
    }

    /** As {@link #runHere}, on one of the hosts. */
    private @Nullable Duration runOnce() {
      TaskLeases.Lease lease;
      try {
        lease = leases.take(generation.id(), name);
      } catch (IllegalStateException unknown) {
        LOG.atDebug().addKeyValue("plugin", generation.id()).log(unknown.getMessage());
        return again && pause.compareTo(ASK_AGAIN) < 0 ? pause : ASK_AGAIN;
      }
      if (lease == null) {
        return again ? pause : null;
      }
      try {
        return runHere();
      } finally {
        lease.end(again || pause.compareTo(SINGLE_RUN) > 0 ? pause : SINGLE_RUN);
      }
    }

    private void run() {
      try {
        body.run();
      } catch (OutOfMemoryError fatal) {
        throw fatal;
      } catch (Throwable thrown) {
        LOG.atWarn()
            .addKeyValue("plugin", generation.id())
            .log("Plugin '{}': task '{}' threw {}", generation.id(), name, Failure.text(thrown));
      }
    }

    void end() {
      ended.countDown();
      thread.interrupt();
    }

    void join(Duration patience) {
      try {
        boolean unborn = thread.getState() == Thread.State.NEW;
        if (!unborn && !thread.join(patience)) {
          LOG.warn(
              "Plugin '{}': task '{}' does not end, though it was interrupted",
              generation.id(),
              name);
        }
      } catch (InterruptedException hurried) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
