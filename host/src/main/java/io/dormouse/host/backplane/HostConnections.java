package io.dormouse.host.backplane;

import io.dormouse.host.engine.SessionRouter.OwnerUnreachable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
  private final long patienceNanos;
  private final Deque<HostConnection> resting = new ArrayDeque<>();

  /** All whose reads and writes have a limit. */
  private final Set<HostConnection> limited = ConcurrentHashMap.newKeySet();

  private volatile long unreachableSince;

  /**
   * @param isHeard whether it has said something lately
   * @param patience how long it may say nothing, or take nothing, while it is to
   */
  HostConnections(InternalAddress address, BooleanSupplier isHeard, Duration patience) {
    this.address = address;
    this.isHeard = isHeard;
    patienceNanos = patience.toNanos();
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
      long now = System.nanoTime();
      if (isYoung(connection, now) && connection.isUsable(now)) {
        return connection;
      }
      connection.close();
    }
  }

  private static boolean isYoung(HostConnection connection, long now) {
    return now - connection.restsSince() < LONGEST_REST;
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
      HostConnection connection = HostConnection.open(resolved, CONNECT);
      limited.add(connection);
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

  /**
   * Closes those that have rested for long, or wait for too long. Never blocks.
   *
   * @return whether there are any, but for WebSockets
   */
  boolean tick(long now) {
    closeOld(now);
    limited.removeIf(connection -> !connection.tick(now, patienceNanos));
    return !limited.isEmpty();
  }

  private void closeOld(long now) {
    while (true) {
      HostConnection oldest;
      synchronized (resting) {
        oldest = resting.peekFirst();
        if (oldest == null || isYoung(oldest, now)) {
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
