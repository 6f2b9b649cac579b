package io.dormouse.host.namespace;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
  private static final int MOST_KNOWN = 2 * MOST_WAITING;

  private final Consumer<Foreign> adopt;
  private final Consumer<Foreign> giveUp;

  /** What another host is to adopt, in the order in which it came. */
  private final Deque<Foreign> waiting = new ArrayDeque<>();

  /** What this host has adopted and has not heard of yet. */
  private final Deque<Foreign> adopted = new ArrayDeque<>();

  /** What came and what was adopted lately, by digest, the longest ago first. */
  private final Map<String, Copies> lately = new LinkedHashMap<>(16, 0.75f, true);

  /** Of one event, or of several that are the same. */
  private static final class Copies {
    int came;
    int adopted;
    @Nullable String adopter;
    long nanos;
  }

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
    Copies copies = copies(foreign.digest());
    copies.came++;
    if (copies.adopted >= copies.came) {
      return; // that was quicker
    }
    waiting.addLast(foreign);
    if (adopts) {
      adoptAll();
    }
    if (waiting.size() > MOST_WAITING) {
      giveUp.accept(waiting.removeFirst());
    }
  }

  /**
   * A host has adopted an event, which may not have come here yet. For a moment two hosts may both
   * think that they are to adopt; all hosts hear them in the same order and believe the first.
   *
   * @return false when another host has adopted it before
   */
  boolean heard(String digest, String adopter) {
    Copies copies = copies(digest);
    boolean isEnough = copies.came > 0 && copies.adopted >= copies.came;
    if (isEnough && !adopter.equals(copies.adopter)) {
      return false;
    }
    copies.adopted++;
    copies.adopter = adopter;
    if (!remove(adopted, digest)) {
      boolean _ = remove(waiting, digest);
    }
    return true;
  }

  private Copies copies(String digest) {
    long now = System.nanoTime();
    Iterator<Copies> oldest = lately.values().iterator();
    while (oldest.hasNext()) {
      boolean isOld = now - oldest.next().nanos > LATE_NANOS;
      if (!isOld && lately.size() < MOST_KNOWN) {
        break;
      }
      oldest.remove();
    }
    Copies copies = lately.computeIfAbsent(digest, _ -> new Copies());
    copies.nanos = now;
    return copies;
  }

  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /** To be called now and then: the host that was to adopt what waits may be gone. */
  void tick(boolean adopts) {
    long now = System.nanoTime();
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
