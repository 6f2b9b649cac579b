package io.dormouse.host.namespace;

import java.util.concurrent.TimeUnit;

/** Counts one socket's events in each second. One thread. */
final class EventRate {
  private long second;
  private int events;

  boolean exceeds(int limit) {
    long now = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
    if (now != second) {
      second = now;
      events = 0;
    }
    return ++events > limit;
  }
}
