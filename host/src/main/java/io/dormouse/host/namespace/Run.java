package io.dormouse.host.namespace;

import io.dormouse.api.Socket;
import io.dormouse.host.engine.Session;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A virtual thread that empties one inbox, as the watchdog sees it: what it handles and since when.
 */
final class Run {
  private final Thread thread = Thread.currentThread();
  private final ServerSocket socket;
  private volatile Lease lease = Lease.NONE;
  private @Nullable Socket view;
  private @Nullable HandlerCall call;
  private long since;
  private boolean interrupted;
  private boolean abandoned;

  Run(ServerSocket socket) {
    this.socket = socket;
  }

  Session session() {
    return socket.session();
  }

  Thread thread() {
    return thread;
  }

  ServerSocket socket() {
    return socket;
  }

  /** Handles under this lease from now on. */
  void begin(Lease taken) {
    lease = taken;
    Handlers handlers = taken.handlers();
    if (handlers != null) {
      view = new SocketView(socket, handlers.owner());
      thread.setContextClassLoader(handlers.owner().loader());
    }
  }

  Lease lease() {
    return lease;
  }

  /** Who serves at the moment; null when nobody does. */
  @Nullable Handlers handlers() {
    return lease.handlers();
  }

  /** The socket as the plugin sees it. Only while somebody serves. */
  Socket view() {
    return Objects.requireNonNull(view);
  }

  /** Whether another generation than that of its lease serves by now. */
  boolean isOutdated() {
    return lease.handlers() != null && !lease.isCurrent();
  }

  /** A handler begins. */
  synchronized void begin(HandlerCall begun) {
    call = begun;
    Handlers handlers = lease.handlers();
    if (handlers != null) {
      handlers.owner().called();
    }
    since = System.nanoTime();
    interrupted = false;
  }

  /** The handler has returned; an interrupt that came too late must not hit the next one. */
  synchronized void end() {
    call = null;
    if (interrupted && !abandoned) {
      boolean _ = Thread.interrupted();
    }
  }

  /** What runs now; null between handlers. */
  synchronized @Nullable HandlerCall call() {
    return call;
  }

  /** How long the present handler runs, in nanoseconds; 0 between handlers. */
  synchronized long runningFor(long now) {
    return call == null ? 0 : now - since;
  }

  /** Interrupts the present handler, once; false when it was already, or is another by now. */
  synchronized boolean interrupt(HandlerCall overdue) {
    if (call != overdue || interrupted) {
      return false;
    }
    interrupted = true;
    thread.interrupt();
    return true;
  }

  /** Gives the thread up: whatever it still does, it handles nothing more. */
  synchronized boolean abandon(HandlerCall overdue) {
    if (call != overdue || abandoned) {
      return false;
    }
    abandoned = true;
    lease.give();
    return true;
  }

  /** Whether the present handler was interrupted for being overdue. */
  synchronized boolean wasInterrupted() {
    return interrupted;
  }

  synchronized boolean isAbandoned() {
    return abandoned;
  }
}
