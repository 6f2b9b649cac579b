package io.dormouse.host.backplane;

import io.dormouse.host.namespace.SocketSnapshot;
import io.dormouse.host.protocol.RawArguments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request to other servers and what they have answered so far.
 *
 * <p>It is complete when as many have answered as were to, and as many acks came as they announced.
 * A host that is silent past {@code dormouse.backplane.dead-after} is not waited for: Redis may
 * count it for long, since it knows nothing of a process that stands still.
 */
final class Question implements AutoCloseable {
  /** How long a Node server may take that cannot be told from a dead host of ours. */
  private static final Duration GRACE = Duration.ofMillis(500);

  /** Answers past this are dropped: a server that does not end is not to fill the memory. */
  private static final int MOST_VALUES = 1_000_000;

  private static final String NODE = "";

  private final String id;
  private final String namespace;
  private final Hosts hosts;
  private final Questions all;
  private final Map<String, Part> parts = new HashMap<>();
  private final List<SocketSnapshot> found = new ArrayList<>();
  private final Set<String> rooms = new HashSet<>();
  private final List<RawArguments> values = new ArrayList<>();
  private int expected = -1;
  private int answers;
  private long lastAnswer = System.nanoTime();

  /** What one host has announced and sent; Node servers are taken together. */
  private static final class Part {
    int sockets;
    int awaited;
    int acks;

    boolean hasAll() {
      return acks >= awaited;
    }
  }

  Question(String id, String namespace, Hosts hosts, Questions all) {
    this.id = id;
    this.namespace = namespace;
    this.hosts = hosts;
    this.all = all;
  }

  String id() {
    return id;
  }

  /** How many servers are to answer; known only when it has been asked already. */
  synchronized void expect(int servers) {
    expected = servers;
    notifyAll();
  }

  synchronized int expected() {
    return expected;
  }

  synchronized void answered(@Nullable String hostId, NodeMessage.Response response) {
    Part part = parts.computeIfAbsent(hostId == null ? NODE : hostId, _ -> new Part());
    switch (response) {
      case NodeMessage.FetchResponse(String _, List<SocketSnapshot> sockets) -> {
        answers++;
        for (SocketSnapshot socket : sockets) {
          if (found.size() < MOST_VALUES) {
            found.add(socket);
          }
        }
      }
      case NodeMessage.RoomsResponse(String _, List<String> names) -> {
        answers++;
        if (rooms.size() < MOST_VALUES) {
          rooms.addAll(names);
        }
      }
      case NodeMessage.CountResponse count -> {
        answers++;
        part.sockets += Math.max(0, count.clientCount());
        part.awaited = part.sockets;
      }
      case NodeMessage.ReceiptResponse receipt -> {
        answers++;
        part.sockets += Math.max(0, receipt.sockets());
      }
      case NodeMessage.AckResponse ack -> {
        part.acks++;
        if (values.size() < MOST_VALUES) {
          values.add(ack.arguments().values());
        }
      }
      case NodeMessage.ServerSideResponse said -> {
        answers++;
        if (values.size() < MOST_VALUES) {
          values.add(said.arguments().values());
        }
      }
      case NodeMessage.SocketsResponse _, NodeMessage.DoneResponse _ -> {}
    }
    lastAnswer = System.nanoTime();
    notifyAll();
  }

  /** Blocks until it is complete, or for a time. */
  synchronized void await(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!isComplete()) {
      long left = Math.min(deadline - System.nanoTime(), GRACE.toNanos());
      if (left <= 0) {
        return;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  private boolean isComplete() {
    if (expected < 0) {
      return false;
    }
    if (answers >= expected) {
      return parts.entrySet().stream()
          .allMatch(part -> part.getValue().hasAll() || isDead(part.getKey()));
    }
    return hosts.hasSilent()
        && System.nanoTime() - lastAnswer > GRACE.toNanos()
        && parts.keySet().containsAll(hosts.aliveServing(namespace));
  }

  private boolean isDead(String hostId) {
    return !hostId.equals(NODE) && !hosts.isAlive(hostId);
  }

  synchronized int answers() {
    return answers;
  }

  /** How many sockets the others have announced. */
  synchronized int sockets() {
    return parts.values().stream().mapToInt(part -> part.sockets).sum();
  }

  synchronized List<SocketSnapshot> found() {
    return List.copyOf(found);
  }

  synchronized Set<String> rooms() {
    return Set.copyOf(rooms);
  }

  /** In the order in which they came. */
  synchronized List<RawArguments> values() {
    return List.copyOf(values);
  }

  @Override
  public void close() {
    all.close(this);
  }
}
