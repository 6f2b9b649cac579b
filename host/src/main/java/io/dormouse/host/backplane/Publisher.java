package io.dormouse.host.backplane;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes in the order of {@link #publish}, as many per round trip as wait, each once.
 *
 * <p>One virtual thread numbers the messages, stores them in this host's stream and publishes them.
 * When a reply is missing it asks the stream what became of them; what the stream lacks of what was
 * published before, it gets again, without being published again: whoever missed it sees the gap
 * and looks there. While Redis is away, messages are held, within their limits.
 */
final class Publisher {
  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
  private static final int BATCH_MESSAGES = 256;
  private static final long BATCH_BYTES = 1 << 20;
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final String hostId;
  private final BackplaneSettings settings;
  private final RedisLog log;
  private final BackplaneMeters meters;
  private final BoundedQueue<Outgoing> held;
  private final ReplayLog sent;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private final Backoff backoff = new Backoff();

  /** Since it was told last. */
  private final LongAdder givenUp = new LongAdder();

  private volatile long last;
  private @Nullable LogEntry underWay;
  private long enlistedNanos;
  private volatile boolean synced;
  private volatile boolean doubtful;
  private volatile boolean stopped;

  Publisher(String hostId, BackplaneSettings settings, RedisLog log, BackplaneMeters meters) {
    this.hostId = hostId;
    this.settings = settings;
    this.log = log;
    this.meters = meters;
    this.held = new BoundedQueue<>(settings.holdBytes());
    this.sent = new ReplayLog(settings.replayBytes());
    this.thread = Thread.ofVirtual().name("backplane-publish").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Publishes what waits, if Redis takes it within moments. */
  void stop() {
    stopped = true;
    stopping.countDown();
    held.wake();
    try {
      if (!thread.join(LAST_WORDS)) {
        thread.interrupt();
        thread.join(LAST_WORDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Never waits. False when the message is dropped, which is counted. */
  boolean publish(Outgoing message) {
    DropReason reason = null;
    if (message.size() > settings.maxMessage()) {
      reason = DropReason.TOO_LARGE;
    } else if (message.isVolatile() && !synced) {
      reason = DropReason.VOLATILE;
    } else if (stopped || !held.offer(message, message.size())) {
      reason = DropReason.FULL;
      givenUp.increment();
    }
    if (reason != null) {
      meters.dropped(reason);
    }
    return reason == null;
  }

  /** The connection was lost meanwhile: Redis may be another one, or have lost something. */
  void doubt() {
    doubtful = true;
    held.wake();
  }

  /** Whether the last thing that was asked of Redis was done. */
  boolean isSynced() {
    return synced;
  }

  /** The last number that this host has given to a message. */
  long lastNumber() {
    return last;
  }

  long heldBytes() {
    return held.bytes();
  }

  private void run() {
    try {
      while (!stopped || (synced && !held.isEmpty())) {
        try {
          if (!synced || doubtful) {
            doubtful = false;
            synchronize();
            enlist();
          }
          if (System.nanoTime() - enlistedNanos > RedisLog.ENLIST_EVERY.toNanos()) {
            enlist();
          }
          LogEntry entry = next();
          if (entry != null) {
            send(entry);
          }
        } catch (RuntimeException e) {
          failed(e);
        }
      }
    } catch (InterruptedException _) {
      // The host stops.
    }
  }

  private void enlist() {
    log.enlist(hostId);
    enlistedNanos = System.nanoTime();
  }

  private void failed(RuntimeException failure) throws InterruptedException {
    synced = false;
    LOG.debug("Redis does not answer: {}; messages wait for it", Outage.reason(failure));
    dropOld();
    if (stopping.await(backoff.next().toMillis(), TimeUnit.MILLISECONDS)) {
      throw new InterruptedException();
    }
  }

  private void dropOld() {
    held.removeOlderThan(
        settings.holdAge(),
        _ -> {
          meters.dropped(DropReason.AGE);
          givenUp.increment();
        });
  }

  /** Once for all of an outage, when it is over. */
  private void tellOfGivenUp() {
    long messages = givenUp.sumThenReset();
    if (messages > 0) {
      LOG.warn(
          "{} messages of this host did not reach others: they waited for Redis longer than"
              + " dormouse.backplane.hold-age ({}), or more than hold-bytes ({}) waited."
              + " [BACKPLANE_GIVEN_UP]",
          messages,
          settings.holdAge(),
          settings.holdBytes());
    }
  }

  /** Brings the stream to where it should be, and publishes what was under way. */
  private void synchronize() {
    long there = log.last(hostId);
    LogEntry pending = underWay;
    long end = pending == null ? Long.MAX_VALUE : pending.last();
    for (LogEntry entry : sent.between(there, end)) {
      log.append(hostId, entry, sent.oldest(), false);
    }
    if (pending != null) {
      if (there < pending.last()) {
        log.append(hostId, pending, sent.oldest(), true);
      }
      done(pending);
    }
    synced = true;
    backoff.reset();
    dropOld();
    tellOfGivenUp();
  }

  private void send(LogEntry entry) {
    last = entry.last();
    underWay = entry;
    sent.add(entry);
    log.append(hostId, entry, sent.oldest(), true);
    done(entry);
  }

  private void done(LogEntry entry) {
    underWay = null;
    meters.published(entry.messages().size());
  }

  /** What waits, as one entry; null when nothing does for a while. */
  private @Nullable LogEntry next() throws InterruptedException {
    List<LogEntry.Message> messages = new ArrayList<>();
    long number = last;
    long room = BATCH_BYTES;
    Outgoing outgoing = held.poll(IDLE);
    while (outgoing != null) {
      byte[] payload = payload(outgoing, number + 1);
      if (payload != null) {
        messages.add(new LogEntry.Message(outgoing.channel(), payload));
        number++;
        room -= payload.length;
      }
      outgoing = messages.size() < BATCH_MESSAGES ? held.pollNow(room) : null;
    }
    if (messages.isEmpty()) {
      return null;
    }
    return new LogEntry(number, System.currentTimeMillis(), messages);
  }

  private byte @Nullable [] payload(Outgoing outgoing, long number) {
    DropReason reason = DropReason.UNWRITABLE;
    try {
      byte[] payload = outgoing.payload().apply(new Stamp(hostId, number).text());
      if (payload.length <= settings.maxMessage()) {
        return payload;
      }
      reason = DropReason.TOO_LARGE;
    } catch (RuntimeException e) {
      LOG.error("A message for other hosts could not be written.", e);
    }
    meters.dropped(reason);
    return null;
  }
}
