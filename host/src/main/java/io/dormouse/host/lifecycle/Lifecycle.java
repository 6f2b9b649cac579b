package io.dormouse.host.lifecycle;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of this host.
 *
 * <pre>
 *   STARTING ── the public port is open ──→ READY ⇄ DEGRADED     what it depends on is away, is back
 *   READY, DEGRADED ── drain ─────────────→ DRAINING
 *   DRAINING ── the drain is cancelled ───→ READY or DEGRADED
 *   any ── all of its parts have stopped ─→ STOPPED
 * </pre>
 *
 * <p>Whether it is degraded is looked at whenever somebody asks: a probe, a scrape, a heartbeat.
 * Each change is a line in the log. All methods may be called from any thread.
 */
@Singleton
public final class Lifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

  private HostState state = HostState.STARTING;
  private Instant since = Instant.now();
  private boolean started;
  private Supplier<@Nullable String> lacks = () -> null;
  private boolean readyAnyway = true;

  /**
   * Depends on something from now on.
   *
   * @param missing what is missing at the moment, for people; null when nothing is
   * @param anyway whether the host wants new clients all the same
   */
  public synchronized void dependOn(Supplier<@Nullable String> missing, boolean anyway) {
    lacks = missing;
    readyAnyway = anyway;
  }

  public synchronized HostState state() {
    if (state == HostState.READY || state == HostState.DEGRADED) {
      serve();
    }
    return state;
  }

  /** Since when it is in its state. */
  public synchronized Instant since() {
    return since;
  }

  /** What it lacks at the moment, for people; null when nothing. */
  public synchronized @Nullable String lacks() {
    return lacks.get();
  }

  /** Whether it wants new clients. */
  public synchronized boolean isReady() {
    HostState now = state();
    return now == HostState.READY || (now == HostState.DEGRADED && readyAnyway);
  }

  /** Whether it was ever ready; stays so. */
  public synchronized boolean hasStarted() {
    return started;
  }

  /** Its public port is open. Has no effect on a host that stops already. */
  public synchronized void started() {
    if (state == HostState.STARTING) {
      started = true;
      serve();
    }
  }

  /** A drain begins; false when one is under way or it serves nobody. */
  synchronized boolean drain(String why) {
    if (state != HostState.READY && state != HostState.DEGRADED) {
      return false;
    }
    become(HostState.DRAINING, why);
    return true;
  }

  /** It stops, in whatever state it is. */
  synchronized void drainForGood(String why) {
    if (state != HostState.STOPPED) {
      become(HostState.DRAINING, why);
    }
  }

  /** A drain was cancelled. */
  synchronized void serveAgain() {
    if (state == HostState.DRAINING) {
      serve();
    }
  }

  /**
   * All of its parts have stopped.
   *
   * @param givenUp what could not be waited for; null for nothing
   */
  public synchronized void stopped(@Nullable String givenUp) {
    if (state == HostState.STOPPED) {
      return;
    }
    state = HostState.STOPPED;
    since = Instant.now();
    if (givenUp == null) {
      LOG.info("Stopped");
    } else {
      LOG.warn("Stopped. Given up: {}", givenUp);
    }
  }

  private void serve() {
    String missing = lacks.get();
    HostState next = missing == null ? HostState.READY : HostState.DEGRADED;
    if (next != state) {
      become(next, missing);
    }
  }

  private void become(HostState next, @Nullable String why) {
    state = next;
    since = Instant.now();
    String name = next.name().charAt(0) + next.toString().substring(1);
    if (why == null) {
      LOG.info("{}", name);
    } else {
      LOG.info("{}: {}", name, why);
    }
  }
}
