package io.dormouse.host.backplane;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/** Past messages of several hosts, the newest that fit into a limit. */
final class Past {
  private record Kept(PastMessage message, long order) {}

  private final long limitBytes;
  private final Predicate<String> wanted;
  private final PriorityQueue<Kept> kept =
      new PriorityQueue<>(
          Comparator.comparingLong((Kept one) -> one.message().publishedMillis())
              .thenComparingLong(Kept::order));
  private final Map<String, Long> latest = new HashMap<>();
  private long bytes;
  private long order;

  /**
   * @param wanted channels
   */
  Past(long limitBytes, Predicate<String> wanted) {
    this.limitBytes = limitBytes;
    this.wanted = wanted;
  }

  /**
   * Reads the stream of a host; throws what Redisson throws.
   *
   * @param to the last number
   * @param beforeMillis when it has to be published
   */
  void read(RedisLog log, String hostId, long to, long beforeMillis) {
    log.readAll(
        hostId,
        0,
        entry -> {
          if (entry.publishedMillis() < beforeMillis) {
            add(hostId, entry, to);
          }
          return entry.last() < to;
        });
  }

  private void add(String hostId, LogEntry entry, long to) {
    entry.forEach(
        (number, message) -> {
          if (number <= to && wanted.test(message.channel())) {
            Incoming incoming = new Incoming(message.channel(), hostId, message.payload());
            add(incoming, entry.publishedMillis());
          }
        });
  }

  private void add(Incoming message, long publishedMillis) {
    // A clock that was put back must not change the order of its host.
    long millis = latest.merge(String.valueOf(message.hostId()), publishedMillis, Math::max);
    kept.add(new Kept(new PastMessage(message, millis), order++));
    bytes += message.payload().length;
    while (bytes > limitBytes) {
      bytes -= kept.remove().message().message().payload().length;
    }
  }

  List<PastMessage> messages() {
    List<PastMessage> messages = new ArrayList<>(kept.size());
    PriorityQueue<Kept> rest = new PriorityQueue<>(kept);
    while (!rest.isEmpty()) {
      messages.add(rest.remove().message());
    }
    return messages;
  }
}
