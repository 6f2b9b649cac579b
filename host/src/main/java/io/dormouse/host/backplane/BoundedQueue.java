package io.dormouse.host.backplane;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A queue with a limit in bytes. Any thread may {@link #offer}, which never waits for room. */
final class BoundedQueue<E> {
  /** What an element takes beside its own size, so that many empty ones are bounded too. */
  private static final int OVERHEAD = 150;

  private record Waiting<E>(E element, long size, long sinceNanos) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Waiting<E>> waiting = new ArrayDeque<>();
  private final long limitBytes;
  private final AtomicLong bytes = new AtomicLong();
  private boolean woken;

  BoundedQueue(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** False when there is no room. */
  boolean offer(E element, int size) {
    long needed = (long) size + OVERHEAD;
    lock.lock();
    try {
      if (bytes.get() + needed > limitBytes) {
        return false;
      }
      waiting.addLast(new Waiting<>(element, needed, System.nanoTime()));
      bytes.addAndGet(needed);
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The first element; null when none comes in time, or when somebody calls {@link #wake}. */
  @Nullable E poll(Duration timeout) throws InterruptedException {
    long nanos = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !woken && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      woken = false;
      return waiting.isEmpty() ? null : removeFirst();
    } finally {
      lock.unlock();
    }
  }

  /** The first element, if it is there and at most so large. */
  @Nullable E pollNow(long maxBytes) {
    lock.lock();
    try {
      Waiting<E> first = waiting.peekFirst();
      return first == null || first.size() > maxBytes ? null : removeFirst();
    } finally {
      lock.unlock();
    }
  }

  /** Lets {@link #poll} return. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Removes what has waited for longer than an age, oldest first. */
  void removeOlderThan(Duration age, Consumer<E> removed) {
    long before = System.nanoTime() - age.toNanos();
    lock.lock();
    try {
      while (!waiting.isEmpty() && waiting.getFirst().sinceNanos() - before < 0) {
        removed.accept(removeFirst());
      }
    } finally {
      lock.unlock();
    }
  }

  private E removeFirst() {
    Waiting<E> first = waiting.removeFirst();
    bytes.addAndGet(-first.size());
    return first.element();
  }

  /** What waits. */
  long bytes() {
    return bytes.get();
  }

  boolean isEmpty() {
    return bytes.get() == 0;
  }
}
