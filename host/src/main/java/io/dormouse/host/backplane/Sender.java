package io.dormouse.host.backplane;

import java.time.Duration;

/** How far another host's messages were seen. For the receiving thread alone. */
final class Sender {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final String hostId;
  private long last;
  private long wanted;
  private long wantedSinceNanos;
  private long retryNanos;
  private long heardNanos = System.nanoTime();

  /**
   * @param last the number that is taken as seen
   */
  Sender(String hostId, long last) {
    this.hostId = hostId;
    this.last = last;
  }

  String hostId() {
    return hostId;
  }

  long last() {
    return last;
  }

  void seen(long number) {
    last = number;
  }

  void heard() {
    heardNanos = System.nanoTime();
  }

  boolean isSilentFor(Duration duration) {
    return System.nanoTime() - heardNanos > duration.toNanos();
  }

  /** A message with this number was seen, but not those before it. */
  void want(long number) {
    if (!isBehind()) {
      wantedSinceNanos = System.nanoTime();
      retryNanos = wantedSinceNanos;
    }
    wanted = Math.max(wanted, number);
  }

  boolean isBehind() {
    return wanted > last;
  }

  /** Whether it is time to look again. */
  boolean mayRetry() {
    return System.nanoTime() - retryNanos >= 0;
  }

  void retryLater() {
    retryNanos = System.nanoTime() + PAUSE.toNanos();
  }

  boolean isBehindFor(Duration duration) {
    return isBehind() && System.nanoTime() - wantedSinceNanos > duration.toNanos();
  }

  void giveUp() {
    wanted = last;
  }
}
