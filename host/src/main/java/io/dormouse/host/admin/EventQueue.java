package io.dormouse.host.admin;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one listener of a stream, oldest first. Offering never blocks: past the limit the
 * queue ends, because one stalled listener must not hold up those who tell it something.
 */
final class EventQueue<T> {
  /** Why nothing more comes. */
  enum End {
    DROPPED("This listener was too slow; some events after the last one are missing here"),
    STOPPING("The host stops");

    private final String detail;

    End(String detail) {
      this.detail = detail;
    }

    String detail() {
      return detail;
    }

    /** The last event's name; in small letters, as those that happen are not. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Predicate<T> wanted;
  private final int limit;
  private final Deque<T> waiting = new ArrayDeque<>();
  private @Nullable End end;
  private Runnable whenDropped = () -> {};

  EventQueue(Predicate<T> wanted, int limit) {
    this.wanted = wanted;
    this.limit = limit;
  }

  /** Whether the queue goes on. */
  synchronized boolean offer(T event) {
    if (end == null && wanted.test(event)) {
      if (waiting.size() == limit) {
        end(End.DROPPED);
      } else {
        waiting.add(event);
        notifyAll();
      }
    }
    return end == null;
  }

  synchronized void end(End why) {
    if (end == null) {
      end = why;
      notifyAll();
      if (why == End.DROPPED) {
        whenDropped.run();
      }
    }
  }

  /** What to do when the listener turns out to be too slow; must not block. */
  synchronized void whenDropped(Runnable action) {
    whenDropped = action;
    if (end == End.DROPPED) {
      action.run();
    }
  }

  /** Why nothing comes behind what waits; null while something may. */
  synchronized @Nullable End ended() {
    return end;
  }

  /** All that waits, after at most this time; empty when nothing came or nothing will. */
  synchronized List<T> take(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (waiting.isEmpty() && end == null) {
      long millis = (deadline - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        break;
      }
      wait(millis);
    }
    List<T> taken = new ArrayList<>(waiting);
    waiting.clear();
    return taken;
  }
}
