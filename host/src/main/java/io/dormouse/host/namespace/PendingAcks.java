package io.dormouse.host.namespace;

import io.dormouse.host.protocol.RawArguments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The events of one namespace whose acks are awaited. Ids are the namespace's, not a socket's. */
final class PendingAcks {
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, Pending> pending = new ConcurrentHashMap<>();

  /** Expects one answer from each socket. To be closed by whoever opened it. */
  Pending open(Collection<ServerSocket> sockets) {
    return open(sockets, null);
  }

  /**
   * Expects one answer from each socket and passes each on at once.
   *
   * @param listener called on the threads of the answers; null to keep the answers
   */
  Pending open(Collection<ServerSocket> sockets, @Nullable Consumer<RawArguments> listener) {
    Pending opened = new Pending(ids.getAndIncrement(), sockets, listener);
    pending.put(opened.id, opened);
    return opened;
  }

  /** An answer came; one that nobody awaits, or of the wrong socket, is dropped. */
  void answered(ServerSocket socket, long id, RawArguments arguments) {
    Pending awaited = pending.get(id);
    if (awaited != null) {
      awaited.answered(socket, arguments);
    }
  }

  /** Whether somebody waits for this socket's answer. */
  boolean isAwaited(ServerSocket socket) {
    return pending.values().stream().anyMatch(awaited -> awaited.isAwaited(socket));
  }

  /** A socket is gone and answers nothing more. */
  void gone(ServerSocket socket) {
    pending.values().forEach(awaited -> awaited.gone(socket));
  }

  /** The answers to one event. */
  final class Pending implements AutoCloseable {
    private final long id;
    private final Set<ServerSocket> awaited;
    private final List<RawArguments> answers = new ArrayList<>();

    private final @Nullable Consumer<RawArguments> listener;

    private Pending(
        long id, Collection<ServerSocket> sockets, @Nullable Consumer<RawArguments> listener) {
      this.id = id;
      this.listener = listener;
      this.awaited = new HashSet<>(sockets);
    }

    long id() {
      return id;
    }

    private synchronized boolean isAwaited(ServerSocket socket) {
      return awaited.contains(socket);
    }

    private synchronized void answered(ServerSocket socket, RawArguments arguments) {
      if (awaited.remove(socket)) {
        if (listener == null) {
          answers.add(arguments);
        } else {
          listener.accept(arguments);
        }
        wakeWhenDone();
      }
    }

    synchronized void gone(ServerSocket socket) {
      if (awaited.remove(socket)) {
        wakeWhenDone();
      }
    }

    private void wakeWhenDone() {
      if (awaited.isEmpty()) {
        notifyAll();
      }
    }

    /** Waits until all have answered or gone, or for a time; the answers in the order they came. */
    synchronized List<RawArguments> await(Duration timeout) throws InterruptedException {
      long deadline = System.nanoTime() + timeout.toNanos();
      while (!awaited.isEmpty()) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          break;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
      return List.copyOf(answers);
    }

    @Override
    public void close() {
      pending.remove(id);
    }
  }
}
