package io.dormouse.host.backplane;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives messages to the listener in the order in which each host published them, each once, and
 * fetches those that were missed. Redisson's threads only put them into a queue; one virtual thread
 * does the rest and calls the listener.
 *
 * <p>Redis may lose messages without telling anybody. A number that is too high shows it, and the
 * stream of that host has what is missing. A number that no stream confirms is not believed.
 */
final class Receiver {
  private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final Duration WHILE_BEHIND = Duration.ofMillis(50);
  private static final Duration FORGET = Duration.ofHours(1);
  private static final int MAX_SENDERS = 10_000;
  private static final long QUEUE_MESSAGES_OF_MAX_SIZE = 8;

  private record Arrived(String channel, @Nullable Stamp stamp, byte[] payload) {}

  private final String hostId;
  private final BackplaneSettings settings;
  private final RedisLog log;
  private final BackplaneMeters meters;
  private final Link.Listener listener;
  private final long startedMillis = System.currentTimeMillis();
  private final BoundedQueue<Arrived> queue;
  private final Map<String, Sender> senders = new HashMap<>();
  private final AtomicBoolean missedSome = new AtomicBoolean();
  private final AtomicBoolean recalling = new AtomicBoolean();
  private final OwnMessages own;
  private boolean missedOwn;
  private boolean confirmed;
  private final Thread thread;
  private volatile int behind;
  private volatile boolean stopped;

  /**
   * @param echoed channels on which this host's own messages are given to the listener, too
   * @param lastPublished the last number that this host has given
   */
  Receiver(
      String hostId,
      BackplaneSettings settings,
      RedisLog log,
      BackplaneMeters meters,
      Predicate<String> echoed,
      LongSupplier lastPublished,
      Link.Listener listener) {
    this.hostId = hostId;
    this.settings = settings;
    this.log = log;
    this.meters = meters;
    this.own = new OwnMessages(hostId, log, meters, echoed, lastPublished, this::deliver);
    this.listener = listener;
    this.queue = new BoundedQueue<>(QUEUE_MESSAGES_OF_MAX_SIZE * settings.maxMessage());
    this.thread = Thread.ofVirtual().name("backplane-receive").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Does not wait for the listener. */
  void stop() {
    stopped = true;
    thread.interrupt();
  }

  /** Takes a message over; never waits. */
  void arrived(String channel, byte[] payload) {
    Stamp stamp = Stamp.of(payload);
    if (stamp != null && stamp.hostId().equals(hostId)) {
      own.heard();
      if (!own.areEchoed(channel)) {
        return;
      }
    }
    if (!queue.offer(new Arrived(channel, stamp, payload), payload.length)) {
      meters.dropped(DropReason.OVERFLOW);
    }
  }

  /** This host publishes on a channel. */
  void published(String channel) {
    own.published(channel);
  }

  /** Something may have been missed: looks into all streams. */
  void missedSome() {
    missedSome.set(true);
    queue.wake();
  }

  /** See {@link Link#recall}. */
  void recall() {
    recalling.set(true);
    queue.wake();
  }

  /** Whether nothing is known to be missing. */
  boolean isInSync() {
    return behind == 0 && !missedSome.get();
  }

  /** How long ago a message of this host itself came back; null when none ever did. */
  @Nullable Duration sinceOwn() {
    return own.since();
  }

  long waitingBytes() {
    return queue.bytes();
  }

  private void run() {
    try {
      while (!stopped) {
        Arrived arrived = queue.poll(behind > 0 ? WHILE_BEHIND : IDLE);
        if (missedSome.get()) {
          senders.values().forEach(this::catchUp);
          missedOwn = own.areThere();
          missedSome.set(false);
          confirmed = true;
        }
        if (confirmed && recalling.getAndSet(false) && !recalled()) {
          recalling.set(true);
        }
        if (missedOwn) {
          missedOwn = !own.caughtUp();
        }
        if (behind > 0) {
          lookAgain();
        }
        if (arrived != null) {
          take(arrived);
        }
      }
    } catch (InterruptedException _) {
      // The host stops.
    }
  }

  private void take(Arrived arrived) {
    Stamp stamp = arrived.stamp();
    if (stamp == null) {
      deliver(arrived.channel(), null, arrived.payload());
      return;
    }
    if (stamp.hostId().equals(hostId)) {
      own.take(arrived.channel(), stamp.number(), arrived.payload());
      return;
    }
    Sender sender = senders.get(stamp.hostId());
    boolean isNew = sender == null;
    if (sender == null) {
      sender = meet(stamp);
      if (sender == null) {
        return;
      }
    }
    sender.heard();
    if (stamp.number() <= sender.last()) {
      meters.duplicate();
    } else if (stamp.number() == sender.last() + 1) {
      sender.seen(stamp.number());
      deliver(arrived.channel(), stamp.hostId(), arrived.payload());
    } else {
      sender.want(stamp.number());
      if (sender.mayRetry()) {
        // Of a host that is new no further: what comes next waits in the queue, in its place among
        // what others say, and a namespace may be opened before that.
        catchUp(sender, isNew ? stamp.number() : Long.MAX_VALUE);
      }
      countBehind();
    }
  }

  /**
   * A host that was not heard before. What it published since this host started is wanted, also
   * from before this host could hear it. Null when its stream cannot be read, or knows nothing.
   */
  private @Nullable Sender meet(Stamp stamp) {
    if (senders.size() >= MAX_SENDERS) {
      forget();
    }
    long before = 0;
    if (stamp.number() > 1) {
      try {
        before = log.before(stamp.hostId(), startedMillis);
        if (before < 0) {
          // All of it is older, if clocks differ; then the stream has at least this message.
          before = log.read(stamp.hostId(), stamp.number() - 1).isEmpty() ? -1 : stamp.number() - 1;
        }
      } catch (RuntimeException e) {
        LOG.debug("The stream of host {} cannot be read", stamp.hostId(), e);
        before = -1;
      }
    }
    if (before < 0 || senders.size() >= MAX_SENDERS) {
      return null;
    }
    Sender sender = new Sender(stamp.hostId(), before);
    senders.put(stamp.hostId(), sender);
    return sender;
  }

  /** False when Redis does not answer. */
  private boolean recalled() {
    try {
      Past past = new Past(2L * settings.replayBytes(), listener::wantsPast);
      for (String id : log.hosts()) {
        if (!id.equals(hostId)) {
          recall(id, past);
        }
      }
      listener.recalled(past.messages());
      return true;
    } catch (RuntimeException e) {
      LOG.debug("What others published before cannot be read: {}", Outage.reason(e));
      return false;
    }
  }

  /** What a host published up to where it was heard, or before this host was there. */
  private void recall(String id, Past past) {
    long before = senders.containsKey(id) ? -1 : log.before(id, startedMillis);
    if (before >= 0) {
      Sender met = new Sender(id, before);
      senders.put(id, met);
      catchUp(met);
    }
    Sender sender = senders.get(id);
    if (sender == null) {
      past.read(log, id, Long.MAX_VALUE, startedMillis);
    } else {
      past.read(log, id, sender.last(), Long.MAX_VALUE);
    }
  }

  private void forget() {
    Iterator<Sender> all = senders.values().iterator();
    while (all.hasNext()) {
      if (all.next().isSilentFor(FORGET)) {
        all.remove();
      }
    }
  }

  private void lookAgain() {
    for (Sender sender : senders.values()) {
      if (sender.isBehind() && sender.mayRetry()) {
        catchUp(sender);
        if (sender.isBehindFor(settings.deadAfter()) && isReachable(sender)) {
          // Its host is gone with what it had, or never was.
          sender.giveUp();
        }
      }
    }
    countBehind();
  }

  /** Whether the stream can be read, so that what it lacks is not to come. */
  private boolean isReachable(Sender sender) {
    try {
      return log.read(sender.hostId(), sender.last()).isEmpty();
    } catch (RuntimeException _) {
      return false;
    }
  }

  private void countBehind() {
    int count = 0;
    for (Sender sender : senders.values()) {
      count += sender.isBehind() ? 1 : 0;
    }
    behind = count;
  }

  private void catchUp(Sender sender) {
    catchUp(sender, Long.MAX_VALUE);
  }

  /** Delivers what the stream has after what was seen, as far as the entry with a number. */
  private void catchUp(Sender sender, long number) {
    try {
      log.readAll(
          sender.hostId(),
          sender.last(),
          entry -> {
            replay(sender, entry);
            return sender.last() < number;
          });
    } catch (RuntimeException e) {
      LOG.debug("The stream of host {} cannot be read", sender.hostId(), e);
    }
    sender.retryLater();
  }

  private void replay(Sender sender, LogEntry entry) {
    if (entry.firstNumber() > sender.last() + 1) {
      lost(sender, entry.firstNumber() - 1);
    }
    entry.forEach(
        (number, message) -> {
          if (number > sender.last()) {
            sender.seen(number);
            meters.replayed();
            deliver(message.channel(), sender.hostId(), message.payload());
          }
        });
    // Of an entry that has fewer messages than it should, nothing more is to come.
    sender.seen(Math.max(sender.last(), entry.last()));
  }

  private void lost(Sender sender, long to) {
    long from = sender.last() + 1;
    LOG.warn(
        "Messages {} to {} of host {} are lost: they are no longer in Redis; a larger"
            + " dormouse.backplane.replay-bytes keeps more. [BACKPLANE_LOST]",
        from,
        to,
        sender.hostId());
    meters.lost(to - sender.last());
    sender.seen(to);
  }

  private void deliver(String channel, @Nullable String from, byte[] payload) {
    if (payload.length > settings.maxMessage()) {
      meters.refused(RefusalReason.TOO_LARGE);
      return;
    }
    meters.received(from != null);
    try {
      listener.received(new Incoming(channel, from, payload));
    } catch (RuntimeException | Error e) {
      LOG.error("A message from Redis could not be acted on", e);
    }
  }
}
