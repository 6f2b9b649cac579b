package io.dormouse.host.backplane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What this host published last, for a Redis that came back without it. For the publishing thread
 * alone.
 */
final class ReplayLog {
  private static final int MAX_MESSAGES = 1_000;
  private static final long MAX_BYTES = 256 << 10;

  private final Deque<LogEntry> entries = new ArrayDeque<>();
  private final long limitBytes;
  private long bytes;

  ReplayLog(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Keeps at least this one. */
  void add(LogEntry entry) {
    entries.addLast(entry);
    bytes += entry.bytes();
    while (bytes > limitBytes && entries.size() > 1) {
      bytes -= entries.removeFirst().bytes();
    }
  }

  /** The id of the oldest entry; what Redis has before it, it need not keep. 0 for none. */
  long oldest() {
    return entries.isEmpty() ? 0 : entries.getFirst().last();
  }

  /** What follows one id and precedes another one, in fewer and larger entries. */
  List<LogEntry> between(long after, long before) {
    List<LogEntry> merged = new ArrayList<>();
    List<LogEntry.Message> messages = new ArrayList<>();
    LogEntry last = null;
    long size = 0;
    for (LogEntry entry : entries) {
      if (entry.last() <= after || entry.last() >= before) {
        continue;
      }
      if (last != null
          && (size + entry.bytes() > MAX_BYTES
              || messages.size() + entry.messages().size() > MAX_MESSAGES)) {
        merged.add(new LogEntry(last.last(), last.publishedMillis(), List.copyOf(messages)));
        messages.clear();
        size = 0;
      }
      messages.addAll(entry.messages());
      size += entry.bytes();
      last = entry;
    }
    if (last != null) {
      merged.add(new LogEntry(last.last(), last.publishedMillis(), List.copyOf(messages)));
    }
    return merged;
  }
}
