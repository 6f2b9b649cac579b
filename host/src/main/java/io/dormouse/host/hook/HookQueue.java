package io.dormouse.host.hook;

import io.dormouse.host.backplane.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events on their way to one hook: those of one subject in order, a virtual thread for each subject
 * that has any. An event that is not taken is tried again, after pauses that grow, until its
 * deadline; those of its subject wait for it meanwhile. Then it is a dead letter, which stays here
 * until it is sent again or newer ones push it out.
 *
 * <p>Any thread may {@link #add}, which never blocks.
 */
final class HookQueue {
  /**
   * Bounds.
   *
   * @param events that may wait
   * @param deadLetters that are kept
   * @param calls at a time
   * @param longestPause between tries
   */
  record Limits(
      int events, int deadLetters, int calls, Duration firstPause, Duration longestPause) {
    static final Limits USUAL =
        new Limits(1_000, 1_000, 8, Duration.ofMillis(500), Duration.ofMinutes(1));
  }

  private static final Logger LOG = LoggerFactory.getLogger(HookQueue.class);

  /** Between tries when the host is about to end. */
  private static final long LAST_PAUSE = Duration.ofMillis(200).toNanos();

  /** Those that are interrupted at the end may take so long. */
  private static final long LAST_MOMENT = Duration.ofMillis(100).toNanos();

  private record Dead(Delivery delivery, DeadLetter letter) {}

  private final HookSettings settings;
  private final HookClient client;
  private final Limits limits;
  private final HookMeters meters;
  private final Semaphore calls;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Queue<Delivery>> lanes = new HashMap<>();
  private final Set<Thread> threads = new HashSet<>();
  private final Deque<Dead> dead = new ArrayDeque<>();
  private int size;
  private long failedCalls;
  private @Nullable Instant lastDelivered;
  private @Nullable String lastFailure;
  private boolean stopping;
  private boolean stopped;
  private long stopBy;

  HookQueue(HookSettings settings, HookClient client, Limits limits, HookMeters meters) {
    this.settings = settings;
    this.client = client;
    this.limits = limits;
    this.meters = meters;
    calls = new Semaphore(limits.calls());
    meters.watch(this);
  }

  void add(Delivery delivery) {
    lock.lock();
    try {
      if (stopped) {
        bury(delivery, 0, HookErrorCode.HOOK_STOPPED, "the host has stopped");
      } else if (size >= limits.events()) {
        bury(delivery, 0, HookErrorCode.HOOK_QUEUE_FULL, size + " events wait already");
      } else {
        size++;
        Queue<Delivery> lane = lanes.get(delivery.subject());
        if (lane != null) {
          lane.add(delivery);
        } else {
          Queue<Delivery> begun = new ArrayDeque<>(List.of(delivery));
          lanes.put(delivery.subject(), begun);
          threads.add(Thread.ofVirtual().name("hook " + settings.name()).start(() -> work(begun)));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void work(Queue<Delivery> lane) {
    for (Delivery next = first(lane); next != null; next = next(lane, next)) {
      deliver(next);
    }
  }

  private @Nullable Delivery first(Queue<Delivery> lane) {
    lock.lock();
    try {
      return lane.peek();
    } finally {
      lock.unlock();
    }
  }

  /** The lane goes with its last event, so that the next one begins a new one. */
  private @Nullable Delivery next(Queue<Delivery> lane, Delivery done) {
    lock.lock();
    try {
      lane.remove();
      size--;
      if (lane.isEmpty()) {
        lanes.remove(done.subject());
        threads.remove(Thread.currentThread());
      }
      changed.signalAll();
      return lane.peek();
    } finally {
      lock.unlock();
    }
  }

  private void deliver(Delivery delivery) {
    Backoff pauses = new Backoff(limits.firstPause(), limits.longestPause());
    Answer last = null;
    int made = 0;
    try {
      for (long left = left(delivery); left > 0; left = left(delivery)) {
        if (calls.tryAcquire(left, TimeUnit.NANOSECONDS)) {
          made++;
          last = call(delivery);
          if (last.code() == null) {
            taken(delivery, last);
            return;
          }
          if (!last.again()) {
            break;
          }
          pause(delivery, pauses.next(), last.retryAfter());
        }
      }
    } catch (InterruptedException _) {
      LOG.debug("Hook '{}' is given up by the stop", settings.name());
    }
    giveUp(delivery, made, last);
  }

  private Answer call(Delivery delivery) throws InterruptedException {
    long began = System.nanoTime();
    Answer answer = null;
    try {
      answer = client.call(delivery, callLimit());
      return answer;
    } finally {
      calls.release();
      String outcome = answer == null ? HookErrorCode.HOOK_STOPPED.label() : answer.outcome();
      meters.call(outcome, Duration.ofNanos(System.nanoTime() - began));
      if (answer != null && answer.code() != null) {
        failed(answer.reason());
      }
    }
  }

  /** An event's deadline is for its last call to begin. */
  private Duration callLimit() {
    lock.lock();
    try {
      long timeout = settings.timeout().toNanos();
      long left = stopping ? stopBy - System.nanoTime() : timeout;
      return Duration.ofNanos(Math.clamp(left, 1, timeout));
    } finally {
      lock.unlock();
    }
  }

  private void failed(String reason) {
    lock.lock();
    try {
      failedCalls++;
      lastFailure = reason;
    } finally {
      lock.unlock();
    }
  }

  /** Nanoseconds until it is given up. */
  private long left(Delivery delivery) {
    lock.lock();
    try {
      long now = System.nanoTime();
      long left = delivery.expires() - now;
      return stopped ? 0 : stopping ? Math.min(left, stopBy - now) : left;
    } finally {
      lock.unlock();
    }
  }

  private void pause(Delivery delivery, Duration usual, @Nullable Duration asked)
      throws InterruptedException {
    long began = System.nanoTime();
    long pause = Math.max(usual.toNanos(), asked == null ? 0 : asked.toNanos());
    lock.lock();
    try {
      while (true) {
        long whole = stopping ? Math.min(pause, LAST_PAUSE) : pause;
        long wait = Math.min(began + whole - System.nanoTime(), left(delivery));
        if (wait <= 0) {
          return;
        }
        long _ = changed.awaitNanos(wait);
      }
    } finally {
      lock.unlock();
    }
  }

  private void taken(Delivery delivery, Answer answer) {
    meters.delivered();
    lock.lock();
    try {
      lastDelivered = Instant.now();
    } finally {
      lock.unlock();
    }
    delivery.answer().complete(answer);
  }

  private void giveUp(Delivery delivery, int made, @Nullable Answer last) {
    lock.lock();
    try {
      HookErrorCode code = last == null ? null : last.code();
      String reason = last == null ? "it waited for those before it" : last.reason();
      boolean ended = stopping && (last == null || last.again());
      if (ended) {
        bury(delivery, made, HookErrorCode.HOOK_STOPPED, "the host has stopped; " + reason);
      } else {
        bury(delivery, made, code == null ? HookErrorCode.HOOK_EXPIRED : code, reason);
      }
    } finally {
      lock.unlock();
    }
  }

  private void bury(Delivery delivery, int made, HookErrorCode code, String reason) {
    DeadLetter letter =
        new DeadLetter(
            delivery.id(),
            delivery.event().type().toString(),
            delivery.subject(),
            delivery.event().at(),
            Instant.now(),
            made,
            code,
            reason);
    if (dead.size() == limits.deadLetters()) {
      dead.removeFirst();
    }
    dead.addLast(new Dead(delivery, letter));
    meters.dead();
    delivery.answer().complete(Answer.never(code, reason));
    LOG.warn(
        "Hook '{}' has not got {} of {} ({}) in {} calls: {}; POST /hooks/{}/resend sends it again."
            + " [{}]",
        settings.name(),
        letter.type(),
        letter.subject(),
        letter.id(),
        made,
        reason,
        settings.name(),
        code);
  }

  /** Takes dead letters out, oldest first. */
  List<Delivery> exhume(Predicate<DeadLetter> wanted) {
    lock.lock();
    try {
      List<Dead> taken = dead.stream().filter(each -> wanted.test(each.letter())).toList();
      dead.removeAll(taken);
      return taken.stream().map(Dead::delivery).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Pauses hardly any more, and gives up at a time by {@link System#nanoTime}. */
  void stopBy(long by) {
    lock.lock();
    try {
      stopping = true;
      stopBy = by;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns when nothing waits, or when what waits was given up at the time of {@link #stopBy}. */
  void awaitEmpty() throws InterruptedException {
    lock.lock();
    try {
      awaitEmptyUntil(stopBy);
      stopped = true;
      threads.forEach(Thread::interrupt);
      changed.signalAll();
      awaitEmptyUntil(System.nanoTime() + LAST_MOMENT);
    } finally {
      lock.unlock();
    }
  }

  private void awaitEmptyUntil(long end) throws InterruptedException {
    for (long left = end - System.nanoTime(); size > 0 && left > 0; ) {
      left = changed.awaitNanos(left);
    }
  }

  int size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  int deadLetterCount() {
    return deadLetters().size();
  }

  /** Oldest first. */
  List<DeadLetter> deadLetters() {
    lock.lock();
    try {
      return dead.stream().map(Dead::letter).toList();
    } finally {
      lock.unlock();
    }
  }

  HookStatus status() {
    lock.lock();
    try {
      return new HookStatus(
          settings.name(),
          settings.endpoint(),
          settings.types().patterns(),
          size,
          meters.deliveredCount(),
          failedCalls,
          meters.deadCount(),
          dead.size(),
          lastDelivered,
          lastFailure);
    } finally {
      lock.unlock();
    }
  }
}
