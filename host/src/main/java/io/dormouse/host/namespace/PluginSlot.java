package io.dormouse.host.namespace;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What serves a plugin's namespaces at the moment. It outlives the plugin's generations: sockets
 * know it and never a generation, so that one write here moves all of them.
 *
 * <pre>
 *   SERVING ⇄ GATED         while a plugin migrates its state: leases wait
 *   SERVING ⇄ ASLEEP        the first lease wakes, all wait for it
 *      any  → UNAVAILABLE   quarantined, disabled: there is nothing to lease
 * </pre>
 */
final class PluginSlot {
  /** How long disconnects of a sleeping plugin are gathered before they wake it. */
  private static final Duration GATHERING = Duration.ofSeconds(2);

  /** Compared by identity: a plugin may come back to what it was, and that is a change. */
  abstract static sealed class Occupant {}

  /** A generation, with its handlers by name or pattern. */
  static final class Serving extends Occupant {
    final Owner owner;
    final Map<String, Handlers> served;

    Serving(Owner owner, Map<String, Handlers> served) {
      this.owner = owner;
      this.served = Map.copyOf(served);
    }
  }

  /** Nobody, for a moment. */
  static final class Gated extends Occupant {}

  /** Nobody, until it is woken. */
  static final class Asleep extends Occupant {
    private final Runnable wake;
    private final Set<String> withDisconnect;
    private final int failedWakes;
    private final AtomicBoolean asked = new AtomicBoolean();

    private Asleep(Runnable wake, Set<String> withDisconnect, int failedWakes) {
      this.wake = wake;
      this.withDisconnect = withDisconnect;
      this.failedWakes = failedWakes;
    }

    private void askOnce() {
      if (asked.compareAndSet(false, true)) {
        Thread.ofVirtual().name("wake").start(wake);
      }
    }
  }

  /** Nobody, until an operator does something about it. */
  static final class Unavailable extends Occupant {}

  private final String pluginId;
  private volatile Occupant now = new Unavailable();

  PluginSlot(String pluginId) {
    this.pluginId = pluginId;
  }

  String pluginId() {
    return pluginId;
  }

  Occupant now() {
    return now;
  }

  /** The swap: from here on leases are those of the new occupant. */
  synchronized void become(Occupant next) {
    now = next;
    notifyAll();
  }

  /** Takes a generation out of service; false when it does not serve any more. */
  synchronized boolean suspend(Owner owner) {
    if (now instanceof Serving serving && serving.owner == owner) {
      become(new Unavailable());
      return true;
    }
    return false;
  }

  /** Puts to sleep whoever serves now. */
  void sleep(Runnable wake) {
    Set<String> withDisconnect = new HashSet<>();
    if (now instanceof Serving serving) {
      serving.served.forEach(
          (key, handlers) -> {
            if (handlers.disconnect() != null || handlers.disconnecting() != null) {
              withDisconnect.add(key);
            }
          });
    }
    become(new Asleep(wake, withDisconnect, 0));
  }

  /** It could not be woken: whoever waits is told, whoever comes next tries again. */
  synchronized void wakeFailed() {
    if (now instanceof Asleep asleep) {
      become(new Asleep(asleep.wake, asleep.withDisconnect, asleep.failedWakes + 1));
    }
  }

  /**
   * A lease of whoever serves. Waits while the slot is gated, wakes and waits when it is asleep.
   *
   * @param key the namespace's name, or its pattern
   * @return {@link Lease#NONE} when nobody serves or waking failed; null when this plugin does not
   *     serve the key any more
   */
  @Nullable Lease lease(String key) throws InterruptedException {
    return lease(key, Duration.ZERO);
  }

  /** The same for a socket that leaves, which wakes only if it has to be told, and not at once. */
  @Nullable Lease leaseToLeave(String key) throws InterruptedException {
    if (now instanceof Asleep asleep && !asleep.withDisconnect.contains(key)) {
      return Lease.NONE;
    }
    return lease(key, GATHERING);
  }

  private @Nullable Lease lease(String key, Duration patience) throws InterruptedException {
    while (true) {
      switch (now) {
        case Serving serving -> {
          if (serving.owner.leases().take()) {
            Handlers handlers = serving.served.get(key);
            if (handlers != null) {
              return new Lease(this, serving, handlers);
            }
            serving.owner.leases().give();
            return null;
          }
          awaitChange(serving);
        }
        case Gated gated -> awaitChange(gated);
        case Asleep asleep -> {
          if (!awaitWoken(asleep, patience)) {
            return Lease.NONE;
          }
        }
        case Unavailable _ -> {
          return Lease.NONE;
        }
      }
    }
  }

  private synchronized void awaitChange(Occupant seen) throws InterruptedException {
    while (now == seen) {
      wait();
    }
  }

  /** False when waking failed. */
  private boolean awaitWoken(Asleep seen, Duration patience) throws InterruptedException {
    if (patience.isZero()) {
      seen.askOnce();
    } else {
      synchronized (this) {
        if (now == seen) {
          TimeUnit.NANOSECONDS.timedWait(this, patience.toNanos());
        }
      }
      seen.askOnce();
    }
    awaitChange(seen);
    return !(now instanceof Asleep next && next.failedWakes > seen.failedWakes);
  }
}
