package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes in the order of offers, as many messages at once as wait, on one virtual thread.
 *
 * <p>Offering never blocks. While Redis is away messages wait, up to a number of bytes and an age;
 * what does not fit or is too old is dropped and counted.
 */
final class Publisher {
  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
  private static final int MOST_AT_ONCE = 256;
  private static final int MOST_BYTES_AT_ONCE = 4_000_000;

  private record Waiting(Outgoing message, long since) {}

  private final String hostId;
  private final MessageStream stream;
  private final ReplayLog log;
  private final long holdBytes;
  private final Duration holdAge;
  private final BackplaneMeters meters;
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private final Thread thread = Thread.ofVirtual().name("backplane publish").unstarted(this::run);
  private long queuedBytes;
  private long number;
  private boolean stopping;
  private volatile boolean away = true;
  private volatile boolean doubtful;

  Publisher(
      String hostId, MessageStream stream, BackplaneSettings settings, BackplaneMeters meters) {
    this.hostId = hostId;
    this.stream = stream;
    this.log = new ReplayLog(settings.replayBytes());
    this.holdBytes = settings.holdBytes();
    this.holdAge = settings.holdAge();
    this.meters = meters;
  }

  void start() {
    thread.start();
  }

  /** Publishes what waits, for a moment, and ends. */
  void stop(Duration patience) {
    synchronized (this) {
      stopping = true;
      notifyAll();
    }
    try {
      if (!thread.join(patience)) {
        thread.interrupt();
      }
    } catch (InterruptedException hurried) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  /** Whether Redis did not answer when it was asked last. */
  boolean isAway() {
    return away;
  }

  /** The connection was lost meanwhile: Redis may be another one, or have lost something. */
  void doubt() {
    doubtful = true;
  }

  synchronized long heldBytes() {
    return queuedBytes;
  }

  /** False when it is dropped. */
  boolean offer(Outgoing message) {
    synchronized (this) {
      boolean room = queuedBytes + message.size() <= holdBytes && !(away && message.isVolatile());
      if (room && !stopping) {
        queue.addLast(new Waiting(message, System.nanoTime()));
        queuedBytes += message.size();
        if (queue.size() == 1) {
          notifyAll();
        }
        return true;
      }
    }
    meters.dropped(1);
    return false;
  }

  private void run() {
    Backoff backoff = new Backoff();
    try {
      while (true) {
        List<Waiting> some = next();
        if (some.isEmpty()) {
          return;
        }
        publish(stamped(some), some.getLast().since(), backoff);
      }
    } catch (InterruptedException stopped) {
      LOG.debug("Publishing has ended");
    }
  }

  /** What waits and is young enough; blocks while nothing does. Empty at the end. */
  private synchronized List<Waiting> next() throws InterruptedException {
    while (true) {
      while (queue.isEmpty() && !stopping) {
        wait();
      }
      List<Waiting> some = new ArrayList<>();
      int tooOld = 0;
      int bytes = 0;
      while (!queue.isEmpty() && some.size() < MOST_AT_ONCE && bytes < MOST_BYTES_AT_ONCE) {
        Waiting waiting = queue.removeFirst();
        queuedBytes -= waiting.message.size();
        if (isTooOld(waiting.since)) {
          tooOld++;
        } else {
          some.add(waiting);
          bytes += waiting.message.size();
        }
      }
      if (tooOld > 0) {
        meters.dropped(tooOld);
        LOG.warn(
            "{} messages are not published: they waited for Redis for longer than {}",
            tooOld,
            holdAge);
      }
      if (!some.isEmpty() || stopping) {
        return some;
      }
    }
  }

  private boolean isTooOld(long since) {
    return System.nanoTime() - since > holdAge.toNanos();
  }

  private ReplayLog.Batch stamped(List<Waiting> some) {
    List<byte[]> messages = new ArrayList<>(2 * some.size());
    for (Waiting waiting : some) {
      number++;
      messages.add(waiting.message.channel().getBytes(UTF_8));
      messages.add(waiting.message.payload().apply(new Stamp(hostId, number).text()));
    }
    return new ReplayLog.Batch(number, messages);
  }

  /** Tries until Redis has it, or it is too old: then others find it missing. */
  private void publish(ReplayLog.Batch batch, long since, Backoff backoff)
      throws InterruptedException {
    while (true) {
      try {
        if (doubtful) {
          doubtful = false;
          refill();
        }
        stream.publish(batch, log.oldest());
        away = false;
        backoff.reset();
        log.add(batch);
        meters.published(batch.size());
        return;
      } catch (RuntimeException failed) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedException();
        }
        doubtful = true;
        away = true;
        LOG.debug("Redis does not answer; messages wait for it", failed);
        if (isTooOld(since) || isStopping()) {
          meters.dropped(batch.size());
          return;
        }
        Thread.sleep(backoff.next());
      }
    }
  }

  private synchronized boolean isStopping() {
    return stopping;
  }

  /** A Redis that came back without its data, or another one, gets what this host still has. */
  private void refill() {
    long there = stream.last();
    if (there < log.newest()) {
      List<ReplayLog.Batch> missing = log.after(there);
      missing.forEach(batch -> stream.restore(batch, log.oldest()));
      LOG.info(
          "Redis had lost the last messages of this host; {} batches are back", missing.size());
    }
  }
}
