package io.dormouse.host.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One drain, as a function of time: {@link #step} does what is due.
 *
 * <pre>
 *   MOVING ── nobody is left ────────────────────→ FINISHING ── no call under way ──→ DONE
 *   any ── deadline, or hurry: the rest at once ─→ DONE
 * </pre>
 *
 * <p>A busy client waits for its turn for as long as the pace lets all have one before the
 * deadline.
 */
final class DrainRun {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long LOOK = Duration.ofMillis(50).toNanos();
  private static final int MOST_SECONDS = 600;

  private enum Phase {
    MOVING,
    FINISHING,
    DONE
  }

  /** Whose turn was put off. */
  private record Later(Clients.Client client, long at) {}

  private final Clients clients;
  private final Pace pace;
  private final double perSecond;
  private final int found;
  private final Turns turns;
  private final Instant began = Instant.now();
  private final long start;
  private long deadline;
  private final Queue<Clients.Client> waiting = new ArrayDeque<>();
  private final Queue<Later> busy = new ArrayDeque<>();
  private final ArrayDeque<Integer> eachSecond = new ArrayDeque<>();
  private long second;
  private int movedInSecond;
  private Phase phase = Phase.MOVING;
  private int moved;
  private int cutShort;
  private int abandoned;
  private boolean hurried;

  DrainRun(Clients clients, Pace pace, Duration allowed, long now, RandomGenerator random) {
    this.clients = clients;
    this.pace = pace;
    waiting.addAll(clients.present());
    found = waiting.size();
    perSecond = pace.perSecond(found);
    turns = new Turns(perSecond, now, random);
    start = now;
    second = now;
    deadline = now + allowed.toNanos();
  }

  /** Does what is due; nanoseconds until something may be due again. */
  synchronized long step(long now) {
    countSeconds(now);
    if (phase == Phase.MOVING) {
      if (hurried || now - deadline >= 0) {
        moveAll();
      } else {
        moveDue(now);
      }
    }
    if (phase == Phase.FINISHING) {
      finish(now);
    }
    long wait = phase == Phase.MOVING && !turns.isDue(now) ? turns.until(now) : LOOK;
    return Math.min(Math.min(wait, LOOK), Math.max(1, deadline - now));
  }

  private void countSeconds(long now) {
    for (; now - second >= SECOND; second += SECOND) {
      if (eachSecond.size() == MOST_SECONDS) {
        eachSecond.remove();
      }
      eachSecond.add(movedInSecond);
      movedInSecond = 0;
    }
  }

  private void moveDue(long now) {
    while (turns.isDue(now)) {
      Clients.Client next = next(now);
      if (next == null) {
        break;
      }
      move(next);
      turns.taken(now);
    }
    if (isNobodyWaiting()) {
      phase = Phase.FINISHING;
    }
  }

  /** Also finds those that were let in at the last moment. */
  private boolean isNobodyWaiting() {
    if (waiting.isEmpty() && busy.isEmpty()) {
      waiting.addAll(clients.present());
    }
    return waiting.isEmpty() && busy.isEmpty();
  }

  /** Whose turn it is; null when all who wait are busy and may be. */
  private Clients.@Nullable Client next(long now) {
    boolean patient = mayWait(now);
    for (Clients.Client next = poll(now, patient); next != null; next = poll(now, patient)) {
      if (next.isHere()) {
        if (!patient || !next.isBusy()) {
          return next;
        }
        busy.add(new Later(next, now + LOOK));
      }
    }
    return null;
  }

  private Clients.@Nullable Client poll(long now, boolean patient) {
    Later first = busy.peek();
    if (first != null && (!patient || now - first.at >= 0)) {
      busy.remove();
      return first.client;
    }
    return waiting.poll();
  }

  private boolean mayWait(long now) {
    return (waiting.size() + busy.size()) / perSecond * SECOND < deadline - now;
  }

  private void move(Clients.Client client) {
    client.move();
    moved++;
    movedInSecond++;
  }

  private void moveAll() {
    busy.forEach(later -> waiting.add(later.client));
    busy.clear();
    do {
      for (Clients.Client next = waiting.poll(); next != null; next = waiting.poll()) {
        if (next.isHere()) {
          move(next);
          cutShort++;
        }
      }
    } while (!isNobodyWaiting());
    phase = Phase.FINISHING;
  }

  private void finish(long now) {
    int calls = clients.calls();
    if (calls == 0 || hurried || now - deadline >= 0) {
      abandoned = calls;
      phase = Phase.DONE;
    }
  }

  /** Moves those that are left at once, and waits for nothing. */
  synchronized void hurry() {
    hurried = true;
  }

  /** Has to be done before, from now on; a later one has no effect. */
  synchronized void by(long earlier) {
    if (earlier - deadline < 0) {
      deadline = earlier;
    }
  }

  synchronized boolean isDone() {
    return phase == Phase.DONE;
  }

  synchronized DrainStatus status(HostState state) {
    int here = clients.present().size();
    Integer last = eachSecond.peekLast();
    return new DrainStatus(
        state,
        phase == Phase.DONE,
        pace.toString(),
        began,
        began.plusNanos(deadline - start),
        found / perSecond * SECOND <= deadline - start,
        perSecond,
        last == null ? movedInSecond : last,
        here,
        moved,
        busy.size(),
        clients.calls(),
        cutShort,
        abandoned,
        seconds());
  }

  private List<Integer> seconds() {
    List<Integer> seconds = new ArrayList<>(eachSecond);
    if (movedInSecond > 0) {
      seconds.add(movedInSecond);
    }
    return seconds;
  }
}
