package io.dormouse.host.namespace;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts who uses one generation. {@link #close} lets nobody new in, and its future completes when
 * the last one has left.
 */
public final class Leases {
  private static final int CLOSED = Integer.MIN_VALUE;

  private final AtomicInteger count = new AtomicInteger();
  private volatile CompletableFuture<Void> drained = new CompletableFuture<>();

  /** Takes one; false when closed, upon which one looks for the generation that serves now. */
  public boolean take() {
    for (int present = count.get(); present >= 0; present = count.get()) {
      if (count.compareAndSet(present, present + 1)) {
        return true;
      }
    }
    return false;
  }

  /** Takes one though closed: what runs already may begin something that has to end too. */
  void takeMore() {
    count.incrementAndGet();
  }

  /** Gives one back. */
  public void give() {
    if (count.decrementAndGet() == CLOSED) {
      drained.complete(null);
    }
  }

  /** How many are taken. */
  public int count() {
    return count.get() & ~CLOSED;
  }

  /** Refuses new ones from now on. Completes when none is left; the same future each time. */
  public CompletableFuture<Void> close() {
    if (count.getAndUpdate(present -> present | CLOSED) == 0) {
      drained.complete(null);
    }
    return drained;
  }

  /** Takes {@link #close} back. */
  public void reopen() {
    count.getAndUpdate(present -> present & ~CLOSED);
    drained = new CompletableFuture<>();
  }
}
