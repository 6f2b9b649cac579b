package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes messages from Redis and passes them on in the order of each sender, each once, on one
 * virtual thread.
 *
 * <p>A gap in a sender's numbers is filled from its stream before what came behind it is passed on.
 * What waits is bounded: a message that does not fit is let go, and comes back as a gap.
 */
final class Receiver {
  private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);
  private static final long MOST_BYTES_WAITING = 32_000_000;
  private static final int BATCHES_AT_ONCE = 50;

  /** How long a gap is tried to be filled while Redis does not answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Waits between others to make the thread look after all senders. */
  private static final Raw CATCH_UP = new Raw("", new byte[0]);

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Raw(String channel, byte[] payload) {}

  private static final class Sender {
    final String id;

    /** Number of its last message that was passed on or given up. */
    long last;

    Sender(String id, long last) {
      this.id = id;
      this.last = last;
    }
  }

  private final String ownId;
  private final Function<String, MessageStream> streams;
  private final int maxMessage;
  private final Duration settled;
  private final BackplaneMeters meters;
  private final Link.Listener listener;
  private final Deque<Raw> queue = new ArrayDeque<>();
  private final Thread thread = Thread.ofVirtual().name("backplane receive").unstarted(this::run);

  private final Map<String, Sender> senders = new HashMap<>();

  private long queuedBytes;
  private volatile long subscribedSince;
  private volatile long ownSeen;
  private volatile boolean ownWasSeen;

  /**
   * @param streams of each host
   * @param settled after being subscribed for so long, every host that was there has been heard
   */
  Receiver(
      String ownId,
      Function<String, MessageStream> streams,
      int maxMessage,
      Duration settled,
      BackplaneMeters meters,
      Link.Listener listener) {
    this.ownId = ownId;
    this.streams = streams;
    this.maxMessage = maxMessage;
    this.settled = settled;
    this.meters = meters;
    this.listener = listener;
  }

  void start() {
    thread.start();
  }

  void stop() {
    thread.interrupt();
  }

  /** Messages come from now on, for the first time or again. */
  void subscribed() {
    if (subscribedSince == 0) {
      subscribedSince = System.nanoTime();
    } else {
      synchronized (this) {
        queue.addLast(CATCH_UP);
        notifyAll();
      }
    }
  }

  /** How long ago a message of this host itself came back; null when none ever did. */
  @Nullable Duration sinceOwn() {
    return ownWasSeen ? Duration.ofNanos(System.nanoTime() - ownSeen) : null;
  }

  synchronized long waitingBytes() {
    return queuedBytes;
  }

  /** Never blocks. */
  void offer(String channel, byte[] payload) {
    synchronized (this) {
      if (queuedBytes + payload.length <= MOST_BYTES_WAITING) {
        queue.addLast(new Raw(channel, payload));
        queuedBytes += payload.length;
        if (queue.size() == 1) {
          notifyAll();
        }
      }
    }
  }

  private synchronized Raw take() throws InterruptedException {
    while (queue.isEmpty()) {
      wait();
    }
    Raw raw = queue.removeFirst();
    queuedBytes -= raw.payload.length;
    return raw;
  }

  private void run() {
    try {
      while (true) {
        Raw raw = take();
        if (raw.channel.isEmpty()) {
          for (Sender sender : senders.values()) {
            fill(sender, 0);
          }
        } else {
          received(raw);
        }
      }
    } catch (InterruptedException stopped) {
      LOG.debug("Receiving has ended");
    }
  }

  private void received(Raw raw) throws InterruptedException {
    Stamp stamp = Stamp.of(raw.payload);
    if (stamp == null) {
      pass(raw.channel, null, raw.payload);
      return;
    }
    if (stamp.hostId().equals(ownId)) {
      ownSeen = System.nanoTime();
      ownWasSeen = true;
      return;
    }
    Sender sender =
        senders.computeIfAbsent(
            stamp.hostId(), id -> new Sender(id, isSettled() ? 0 : stamp.number() - 1));
    if (stamp.number() > sender.last + 1) {
      fill(sender, stamp.number() - 1);
    }
    if (stamp.number() <= sender.last) {
      meters.duplicate();
      return;
    }
    sender.last = stamp.number();
    pass(raw.channel, sender.id, raw.payload);
  }

  /**
   * Whether a host that was not heard yet has started since, so that it is missed from its start.
   */
  private boolean isSettled() {
    long since = subscribedSince;
    return since != 0 && System.nanoTime() - since > settled.toNanos();
  }

  /**
   * Passes on what a sender's stream has beyond what was seen.
   *
   * @param to the last number that is known to exist; 0 when none is
   */
  private void fill(Sender sender, long to) throws InterruptedException {
    MessageStream stream = streams.apply(sender.id);
    Backoff backoff = new Backoff();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        List<byte[]> messages;
        do {
          messages = stream.from(sender.last + 1, BATCHES_AT_ONCE);
          for (int i = 0; i < messages.size(); i += 2) {
            replay(sender, messages.get(i), messages.get(i + 1));
          }
        } while (!messages.isEmpty());
        break;
      } catch (RuntimeException away) {
        if (System.nanoTime() > deadline) {
          LOG.debug("The stream of host {} cannot be read", sender.id, away);
          break;
        }
        Thread.sleep(backoff.next());
      }
    }
    if (sender.last < to) {
      lost(sender, to);
      sender.last = to;
    }
  }

  private void replay(Sender sender, byte[] channel, byte[] payload) {
    Stamp stamp = Stamp.of(payload);
    if (stamp != null && stamp.hostId().equals(sender.id) && stamp.number() > sender.last) {
      if (stamp.number() > sender.last + 1) {
        lost(sender, stamp.number() - 1);
      }
      sender.last = stamp.number();
      meters.replayed();
      pass(new String(channel, UTF_8), sender.id, payload);
    }
  }

  private void lost(Sender sender, long to) {
    long messages = to - sender.last;
    meters.lost(messages);
    LOG.warn(
        "{} messages of host {} are lost, numbers {} to {}: Redis does not have them any more."
            + " [BACKPLANE_LOST]",
        messages,
        sender.id,
        sender.last + 1,
        to);
  }

  private void pass(String channel, @Nullable String hostId, byte[] payload) {
    if (payload.length > maxMessage) {
      meters.refused(RefusalReason.TOO_LARGE);
      return;
    }
    meters.received();
    try {
      listener.received(new Incoming(channel, hostId, payload));
    } catch (RuntimeException | StackOverflowError failed) {
      LOG.error("A message on '{}' could not be handled", channel, failed);
    }
  }
}
