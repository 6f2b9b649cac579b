package io.dormouse.host.backplane;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this host publishes and has to hear itself, each once and in its order. For the receiving
 * thread alone, but for what says otherwise.
 */
final class OwnMessages {
  private static final Logger LOG = LoggerFactory.getLogger(OwnMessages.class);

  /** Gets a message when it is its turn. */
  interface Deliver {
    void accept(String channel, String hostId, byte[] payload);
  }

  private final String hostId;
  private final RedisLog log;
  private final BackplaneMeters meters;
  private final Predicate<String> echoed;
  private final LongSupplier lastPublished;
  private final Deliver deliver;
  private volatile boolean areThere;
  private volatile long heardNanos;
  private volatile boolean wereHeard;
  private long last;

  /**
   * @param echoed channels whose messages this host hears itself
   * @param lastPublished the last number that this host has given
   */
  OwnMessages(
      String hostId,
      RedisLog log,
      BackplaneMeters meters,
      Predicate<String> echoed,
      LongSupplier lastPublished,
      Deliver deliver) {
    this.hostId = hostId;
    this.log = log;
    this.meters = meters;
    this.echoed = echoed;
    this.lastPublished = lastPublished;
    this.deliver = deliver;
  }

  boolean areEchoed(String channel) {
    return echoed.test(channel);
  }

  /** This host publishes something; on any thread. */
  void published(String channel) {
    if (!areThere && echoed.test(channel)) {
      areThere = true;
    }
  }

  /** A message of this host came back, echoed or not; on any thread. */
  void heard() {
    heardNanos = System.nanoTime();
    wereHeard = true;
  }

  /** How long ago that was; null when it never was. */
  @Nullable Duration since() {
    return wereHeard ? Duration.ofNanos(System.nanoTime() - heardNanos) : null;
  }

  /** Whether there ever were any. */
  boolean areThere() {
    return areThere;
  }

  void take(String channel, long number, byte[] payload) {
    if (number > lastPublished.getAsLong()) {
      meters.refused(RefusalReason.FIELD); // somebody else's
    } else if (number > last) {
      last = number;
      deliver.accept(channel, hostId, payload);
    }
  }

  private void takeEchoed(long number, LogEntry.Message message) {
    if (echoed.test(message.channel())) {
      take(message.channel(), number, message.payload());
    }
  }

  /** Takes what the stream has after what was heard; false when Redis does not answer. */
  boolean caughtUp() {
    try {
      log.readAll(
          hostId,
          last,
          entry -> {
            entry.forEach(this::takeEchoed);
            return true;
          });
      return true;
    } catch (RuntimeException e) {
      LOG.debug("The stream of this host cannot be read: {}", Outage.reason(e));
      return false;
    }
  }
}
