package io.dormouse.emitter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What was asked of all servers, and what they have answered so far.
 *
 * <p>Each host of Dormouse tells how many there are, so the last answer is known to be the last.
 * Node's servers do not tell: when no more of them have answered for a while, they are taken to be
 * all.
 */
final class Question {
  private static final long QUIET = Duration.ofMillis(500).toNanos();

  /** Answers past this are dropped: a server that does not end is not to fill the memory. */
  private static final int MOST_VALUES = 1_000_000;

  private final Set<String> hosts = new HashSet<>();
  private final Set<String> seen = new HashSet<>();
  private final List<JsonNode> values = new ArrayList<>();
  private int expectedHosts;
  private int nodeServers;
  private int sockets;
  private long lastOfNode;

  synchronized void answered(ObjectNode response) {
    String uid = response.path("uid").asText("");
    // After Redis was away a host publishes again what may not have arrived.
    if (seen.size() > MOST_VALUES || (!uid.isEmpty() && !seen.add(uid))) {
      return;
    }
    JsonNode type = response.path("type");
    if (type.asInt() == 8) {
      counted(uid, response, response.path("clientCount").asInt());
    } else if (type.asInt() == 9 && values.size() < MOST_VALUES) {
      values.add(response.has("packet") ? response.get("packet") : NullNode.instance);
    } else if (type.asText().equals("receipt")) {
      counted(uid, response, response.path("sockets").asInt());
    }
    notifyAll();
  }

  private void counted(String uid, ObjectNode response, int reached) {
    sockets += Math.max(0, reached);
    if (response.has("hosts")) {
      hosts.add(uid.substring(0, Math.max(0, uid.lastIndexOf('-'))));
      expectedHosts = Math.max(expectedHosts, response.path("hosts").asInt());
    } else {
      nodeServers++;
      lastOfNode = System.nanoTime();
    }
  }

  /** Waits until all have answered, and as many acks came as they announced. */
  synchronized void await(boolean acks, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    for (long left = limit.toNanos(); left > 0; left = deadline - System.nanoTime()) {
      if (complete() && !(acks && values.size() < sockets)) {
        long quiet = nodeServers == 0 ? 0 : lastOfNode + QUIET - System.nanoTime();
        if (quiet <= 0) {
          return;
        }
        left = Math.min(left, quiet);
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
    }
  }

  /** Whether all hosts have answered, or some Node servers and no host. */
  synchronized boolean complete() {
    return hosts.size() + nodeServers > 0 && hosts.size() >= expectedHosts;
  }

  synchronized int hosts() {
    return hosts.size();
  }

  synchronized int sockets() {
    return sockets;
  }

  synchronized List<JsonNode> values() {
    return List.copyOf(values);
  }
}
