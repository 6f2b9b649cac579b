package io.dormouse.host.backplane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The batches that this host published last, as they stand in its stream. One thread. */
final class ReplayLog {
  private final long limitBytes;
  private final Deque<Batch> batches = new ArrayDeque<>();
  private long bytes;

  /**
   * Messages that are published together.
   *
   * @param last number of its last message, which is its id in the stream
   * @param messages channels and payloads by turns
   */
  record Batch(long last, List<byte[]> messages) {
    long bytes() {
      return messages.stream().mapToLong(part -> part.length).sum();
    }

    int size() {
      return messages.size() / 2;
    }
  }

  ReplayLog(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  void add(Batch batch) {
    batches.addLast(batch);
    bytes += batch.bytes();
    while (bytes > limitBytes && batches.size() > 1) {
      bytes -= batches.removeFirst().bytes();
    }
  }

  /** Id of the oldest batch that is kept; 0 when none is. */
  long oldest() {
    return batches.isEmpty() ? 0 : batches.getFirst().last();
  }

  long newest() {
    return batches.isEmpty() ? 0 : batches.getLast().last();
  }

  List<Batch> after(long id) {
    List<Batch> later = new ArrayList<>();
    for (Batch batch : batches) {
      if (batch.last() > id) {
        later.add(batch);
      }
    }
    return later;
  }
}
