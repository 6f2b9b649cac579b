package io.dormouse.host.backplane;

import io.dormouse.host.engine.SessionRouter.OwnerUnreachable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The connections to one other host, of which those that rest serve the next requests. A host that
 * could not be reached in time and is silent is left alone for a while.
 */
final class HostConnections {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final long LEFT_ALONE = TimeUnit.SECONDS.toNanos(10);
  private static final long LONGEST_REST = TimeUnit.SECONDS.toNanos(20);
  private static final int MOST_RESTING = 256;

  private final InternalAddress address;
  private final BooleanSupplier isHeard;
  private final Duration patience;
  private final Deque<HostConnection> resting = new ArrayDeque<>();
  private volatile long unreachableSince;

  /**
   * @param isHeard whether it has said something lately
   * @param patience for its answers
   */
  HostConnections(InternalAddress address, BooleanSupplier isHeard, Duration patience) {
    this.address = address;
    this.isHeard = isHeard;
    this.patience = patience;
  }

  InternalAddress address() {
    return address;
  }

  /** One that rests, else a new one. */
  HostConnection take() throws OwnerUnreachable {
    while (true) {
      HostConnection connection;
      synchronized (resting) {
        connection = resting.pollLast();
      }
      if (connection == null) {
        return open();
      }
      if (isYoung(connection) && connection.isUsable()) {
        return connection;
      }
      connection.close();
    }
  }

  private static boolean isYoung(HostConnection connection) {
    return System.nanoTime() - connection.idleSince() < LONGEST_REST;
  }

  /** A new one. */
  HostConnection open() throws OwnerUnreachable {
    long since = unreachableSince;
    if (since != 0 && System.nanoTime() - since < LEFT_ALONE && !isHeard.getAsBoolean()) {
      throw new OwnerUnreachable("it was not reached lately");
    }
    try {
      InetSocketAddress resolved = address.resolved();
      if (resolved.isUnresolved()) {
        throw new IOException("its name is unknown");
      }
      HostConnection connection = HostConnection.open(resolved, CONNECT, patience);
      unreachableSince = 0;
      return connection;
    } catch (IOException failed) {
      unreachableSince = System.nanoTime() | 1;
      throw new OwnerUnreachable("it is not reached at " + address + ": " + failed.getMessage());
    }
  }

  /** Takes back one on which nothing is under way. */
  void give(HostConnection connection) {
    connection.rests(System.nanoTime());
    synchronized (resting) {
      if (resting.size() < MOST_RESTING) {
        resting.addLast(connection);
        return;
      }
    }
    connection.close();
  }

  /** Closes those that have rested for long. */
  void prune() {
    while (true) {
      HostConnection oldest;
      synchronized (resting) {
        oldest = resting.peekFirst();
        if (oldest == null || isYoung(oldest)) {
          return;
        }
        resting.removeFirst();
      }
      oldest.close();
    }
  }

  void close() {
    synchronized (resting) {
      resting.forEach(HostConnection::close);
      resting.clear();
    }
  }
}
