package io.dormouse.host.namespace;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Those who left this host a short while ago, in its memory; the oldest go first. */
final class LeftSockets implements SavedSockets {
  private static final int MOST = 10_000;

  private record Left(SavedSocket socket, long nanos) {}

  private final long limitNanos;
  private final Map<String, Left> byPid = new LinkedHashMap<>();

  LeftSockets(Duration maxDisconnection) {
    limitNanos = maxDisconnection.toNanos();
  }

  @Override
  public synchronized void left(String pid, SavedSocket last) {
    byPid.put(pid, new Left(last, System.nanoTime()));
    Iterator<Left> oldest = byPid.values().iterator();
    while (oldest.hasNext() && (isTooOld(oldest.next()) || byPid.size() > MOST)) {
      oldest.remove();
    }
  }

  @Override
  public synchronized void forget(String pid) {
    byPid.remove(pid);
  }

  @Override
  public synchronized @Nullable SavedSocket take(String pid) {
    Left left = byPid.remove(pid);
    return left == null || isTooOld(left) ? null : left.socket();
  }

  private boolean isTooOld(Left left) {
    return System.nanoTime() - left.nanos() > limitNanos;
  }
}
