package io.dormouse.host.namespace;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Foreign events of a namespace with recovery, until one host has adopted them: given them a
 * number. All hosts, that one too, deliver them when they hear of it: a client that had one before
 * Redis did would get it again from the host that adopts after this one.
 *
 * <p>For the {@link History} alone, under its lock.
 */
final class Adoptions {
  /** How long an event may be on its way by the one path or the other. */
  private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final int MOST_WAITING = 10_000;

  private final Consumer<Foreign> adopt;
  private final Consumer<Foreign> giveUp;

  /** What another host is to adopt, in the order in which it came. */
  private final Deque<Foreign> waiting = new ArrayDeque<>();

  /** What this host has adopted and has not heard of yet. */
  private final Deque<Foreign> adopted = new ArrayDeque<>();

  /** When events were adopted that have not come here yet, by their digest. */
  private final Map<String, Deque<Long>> early = new HashMap<>();

  /**
   * @param adopt numbers an event for all hosts
   * @param giveUp gets what nobody has adopted in time
   */
  Adoptions(Consumer<Foreign> adopt, Consumer<Foreign> giveUp) {
    this.adopt = adopt;
    this.giveUp = giveUp;
  }

  /**
   * An event came here.
   *
   * @param adopts whether this is the host that adopts
   */
  void came(Foreign foreign, boolean adopts) {
    if (wasEarly(foreign.digest())) {
      return;
    }
    waiting.addLast(foreign);
    if (adopts) {
      adoptAll();
    }
    if (waiting.size() > MOST_WAITING) {
      giveUp.accept(waiting.removeFirst());
    }
  }

  /** A host has adopted an event, which may not have come here yet. */
  void heard(String digest) {
    if (!remove(adopted, digest) && !remove(waiting, digest)) {
      early.computeIfAbsent(digest, _ -> new ArrayDeque<>()).addLast(System.nanoTime());
    }
  }

  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /** To be called now and then: the host that was to adopt what waits may be gone. */
  void tick(boolean adopts) {
    long now = System.nanoTime();
    early.values().removeIf(times -> now - times.getLast() > LATE_NANOS);
    if (adopts) {
      adoptAll();
    }
    for (Deque<Foreign> late : List.of(adopted, waiting)) {
      while (!late.isEmpty() && now - late.getFirst().nanos() > LATE_NANOS) {
        giveUp.accept(late.removeFirst());
      }
    }
  }

  private void adoptAll() {
    while (!waiting.isEmpty()) {
      Foreign foreign = waiting.removeFirst();
      adopted.addLast(foreign);
      adopt.accept(foreign);
    }
  }

  private boolean wasEarly(String digest) {
    Deque<Long> times = early.get(digest);
    if (times == null) {
      return false;
    }
    times.removeFirst();
    if (times.isEmpty()) {
      early.remove(digest);
    }
    return true;
  }

  private static boolean remove(Deque<Foreign> events, String digest) {
    Iterator<Foreign> all = events.iterator();
    while (all.hasNext()) {
      if (all.next().digest().equals(digest)) {
        all.remove();
        return true;
      }
    }
    return false;
  }
}
