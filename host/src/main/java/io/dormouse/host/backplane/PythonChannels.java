package io.dormouse.host.backplane;

import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.redisson.api.BatchOptions;
import org.redisson.api.RBatch;
import org.redisson.api.listener.MessageListener;
import org.redisson.client.RedisConnectionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels that Python's servers share. Messages come in the order of each channel, on one
 * virtual thread, and go out in the order of {@link #publish}; nothing here blocks the caller.
 *
 * <p>As among Python's servers, what is published while Redis is away is lost to this host. What
 * this host publishes then waits as {@link BackplaneSettings} says.
 */
final class PythonChannels {
  private static final Logger LOG = LoggerFactory.getLogger(PythonChannels.class);
  private static final int MOST_AT_ONCE = 256;
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private record Message(String channel, byte[] payload, long since) {}

  private final BackplaneSettings settings;
  private final RedisClients redis;
  private final BiConsumer<String, byte[]> listener;
  private final BackplaneMeters meters;
  private final BlockingQueue<Message> incoming = new LinkedBlockingQueue<>();
  private final BlockingQueue<Message> outgoing = new LinkedBlockingQueue<>();
  private final AtomicLong incomingBytes = new AtomicLong();
  private final AtomicLong outgoingBytes = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  /**
   * @param listener gets each message with its channel, one at a time
   */
  PythonChannels(
      BackplaneSettings settings,
      RedisClients redis,
      BiConsumer<String, byte[]> listener,
      BackplaneMeters meters) {
    this.settings = settings;
    this.redis = redis;
    this.listener = listener;
    this.meters = meters;
  }

  /** Returns at once, whether or not Redis is there. */
  void start() {
    start("python subscribe", this::subscribe);
    start("python receive", this::receive);
    start("python publish", this::send);
  }

  private void start(String name, Interruptible work) {
    threads.add(
        Thread.ofVirtual()
            .name(name)
            .start(
                () -> {
                  try {
                    work.run();
                  } catch (InterruptedException stopped) {
                    LOG.debug("{} has ended", name);
                  }
                }));
  }

  private interface Interruptible {
    void run() throws InterruptedException;
  }

  /** Publishes for a moment what still waits. */
  void stop() {
    stopping = true;
    long end = System.nanoTime() + LAST_WORDS.toNanos();
    try {
      while (outgoingBytes.get() > 0 && System.nanoTime() < end) {
        Thread.sleep(10);
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    threads.forEach(Thread::interrupt);
  }

  /** On each channel: a server listens to one of them. */
  void publishOnAll(byte[] payload) {
    settings.pythonChannels().forEach(channel -> publish(channel, payload));
  }

  void publish(String channel, byte[] payload) {
    if (stopping || !offer(outgoing, outgoingBytes, settings.holdBytes(), channel, payload)) {
      meters.dropped(DropReason.FULL);
    }
  }

  private static boolean offer(
      BlockingQueue<Message> queue, AtomicLong bytes, long most, String channel, byte[] payload) {
    // An empty queue takes any message, since each has a limit of its own.
    int size = payload.length + 1;
    if (bytes.addAndGet(size) > Math.max(most, size)) {
      bytes.addAndGet(-size);
      return false;
    }
    return queue.offer(new Message(channel, payload, System.nanoTime()));
  }

  private void subscribe() throws InterruptedException {
    for (String channel : settings.pythonChannels()) {
      MessageListener<byte[]> heard = (name, payload) -> heard(channel, payload);
      boolean subscribed = false;
      while (!subscribed) {
        try {
          redis.publishing().getTopic(channel).addListener(byte[].class, heard);
          subscribed = true;
        } catch (RuntimeException away) {
          LOG.debug("Channel {} cannot be subscribed yet", channel, away);
          Thread.sleep(PAUSE);
        }
      }
      LOG.info("Listens to Python's channel '{}'", channel);
    }
  }

  /** On a thread of Redisson, which waits for nothing. */
  private void heard(String channel, byte[] payload) {
    if (!offer(incoming, incomingBytes, settings.holdBytes(), channel, payload)) {
      meters.dropped(DropReason.OVERFLOW);
    }
  }

  private void receive() throws InterruptedException {
    while (true) {
      Message message = incoming.take();
      incomingBytes.addAndGet(-message.payload.length - 1);
      meters.received(false);
      try {
        listener.accept(message.channel, message.payload);
      } catch (RuntimeException broken) {
        LOG.error("A message of Python's channel '{}' fails", message.channel, broken);
      }
    }
  }

  private void send() throws InterruptedException {
    List<Message> some = new ArrayList<>();
    while (true) {
      some.add(outgoing.take());
      outgoing.drainTo(some, MOST_AT_ONCE - 1);
      while (!some.isEmpty() && !sent(some)) {
        Thread.sleep(PAUSE);
        some.removeIf(this::isTooOld);
      }
      some.forEach(message -> outgoingBytes.addAndGet(-message.payload.length - 1));
      some.clear();
    }
  }

  private boolean isTooOld(Message message) {
    boolean tooOld = System.nanoTime() - message.since > settings.holdAge().toNanos();
    if (tooOld) {
      outgoingBytes.addAndGet(-message.payload.length - 1);
      meters.dropped(DropReason.AGE);
    }
    return tooOld;
  }

  /** False when they are to be sent again: only when Redis has certainly not got them. */
  private boolean sent(List<Message> some) {
    try {
      RBatch batch = redis.publishing().createBatch(BatchOptions.defaults().retryAttempts(0));
      for (Message message : some) {
        var _ = batch.getTopic(message.channel).publishAsync(message.payload);
      }
      batch.execute();
      meters.published(some.size());
    } catch (RuntimeException failed) {
      if (isUnsent(failed)) {
        LOG.debug("{} messages for Python wait for Redis", some.size(), failed);
        return false;
      }
      LOG.warn("{} messages for Python are perhaps lost ({})", some.size(), failed.getMessage());
      some.forEach(_ -> meters.dropped(DropReason.UNWRITABLE));
    }
    return true;
  }

  private static boolean isUnsent(Throwable failure) {
    int depth = 0;
    for (Throwable cause = failure; cause != null && depth < 10; cause = cause.getCause()) {
      if (cause instanceof RedisConnectionException || cause instanceof ConnectException) {
        return true;
      }
      depth++;
    }
    return false;
  }
}
