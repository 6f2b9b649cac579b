package io.dormouse.host.namespace;

import io.dormouse.host.engine.Session;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one socket still has to handle, oldest first: its join, its events, its leaving.
 *
 * <p>One reader offers; one virtual thread at a time empties it and ends when it is empty, so that
 * an idle inbox holds neither thread nor memory. When it is full the reader waits, which stops the
 * reading from this client; joins and leavings always fit.
 */
final class Inbox {
  private static final Logger LOG = LoggerFactory.getLogger("io.dormouse.host.namespace");
  private static final Thread.Builder.OfVirtual THREADS =
      Thread.ofVirtual().inheritInheritableThreadLocals(false);

  /** Items after which their answers leave, though more items wait. */
  private static final int FLUSH_AFTER = 64;

  private final ServerSocket socket;
  private @Nullable ArrayDeque<Item> items;
  private int bytes;
  private boolean running;
  private boolean closed;

  /** One thing to handle. */
  interface Item {
    /** Bytes that it occupies. */
    int size();

    void handle(Run run);

    /** Takes the lease that it is handled under. Waits for a plugin that is gated or asleep. */
    default Lease lease(LiveNamespace namespace) throws InterruptedException {
      return namespace.lease();
    }
  }

  Inbox(ServerSocket socket) {
    this.socket = socket;
  }

  /** Adds an event; waits while the inbox is full. Dropped when the socket leaves meanwhile. */
  void offer(Item item) {
    SocketSettings settings = socket.live().all().settings();
    synchronized (this) {
      if (isFull(item, settings) && !closed) {
        waitForRoom(item, settings);
      }
      if (!closed) {
        add(item);
      }
    }
  }

  private boolean isFull(Item item, SocketSettings settings) {
    return items != null
        && !items.isEmpty()
        && (items.size() >= settings.inboxLimit() || bytes + item.size() > settings.inboxBytes());
  }

  private void waitForRoom(Item item, SocketSettings settings) {
    Session session = socket.session();
    session.paused(settings.inboxTimeout());
    try {
      while (isFull(item, settings) && !closed) {
        wait();
      }
    } catch (InterruptedException stopping) {
      closed = true;
      Thread.currentThread().interrupt();
    } finally {
      session.resumed();
    }
  }

  /** Adds a join. */
  synchronized void first(Item item) {
    add(item);
  }

  /** Adds the last item, behind which nothing is accepted. */
  synchronized void last(Item item) {
    closed = true;
    add(item);
    notifyAll();
  }

  private void add(Item item) {
    if (items == null) {
      items = new ArrayDeque<>(4);
    }
    items.add(item);
    bytes += item.size();
    if (!running) {
      running = true;
      start();
    }
  }

  /** Whether something is handled or waits to be. */
  synchronized boolean isBusy() {
    return running;
  }

  private void start() {
    THREADS.start(this::empty);
  }

  /** Goes on with a new thread, since the former one does not come back. */
  synchronized void restart() {
    start();
  }

  private void empty() {
    Watchdog watchdog = socket.live().all().watchdog();
    Session session = socket.session();
    Run run = new Run(socket);
    watchdog.add(run);
    try {
      int handled = 0;
      for (Item item = next(run); item != null; item = next(run)) {
        if (run.lease().handlers() == null) {
          session.flush(); // nothing may wait behind a plugin that is waited for
          run.begin(lease(item));
          session.cork();
        }
        handle(item, run);
        if (++handled % FLUSH_AFTER == 0) {
          session.flush();
          session.cork();
        }
      }
    } finally {
      run.lease().give();
      watchdog.remove(run);
      session.flush();
    }
  }

  private Lease lease(Item item) {
    try {
      return item.lease(socket.live());
    } catch (InterruptedException stopping) {
      return Lease.NONE;
    }
  }

  /** Whatever happens, the items behind this one get their turn. */
  private static void handle(Item item, Run run) {
    try {
      item.handle(run);
    } catch (RuntimeException | Error failed) {
      LOG.error("Handling one item failed with {}", failed.getClass().getName());
    }
  }

  private synchronized @Nullable Item next(Run run) {
    if (run.isAbandoned()) {
      return null;
    }
    if (items != null && !items.isEmpty() && run.isOutdated()) {
      start(); // a new thread, since this one may have thread locals of the former generation
      return null;
    }
    Item item = items == null ? null : items.poll();
    if (item == null) {
      items = null;
      running = false;
    } else {
      bytes -= item.size();
      notifyAll();
    }
    return item;
  }
}
