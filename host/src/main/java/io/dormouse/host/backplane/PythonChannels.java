package io.dormouse.host.backplane;

import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
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
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final long BATCH_BYTES = 1 << 20;

  private record Message(String channel, byte[] payload, long since) {}

  private final BackplaneSettings settings;
  private final RedisClients redis;
  private final BiConsumer<String, byte[]> listener;
  private final BackplaneMeters meters;
  private final BoundedQueue<Message> incoming;
  private final BoundedQueue<Message> outgoing;
  private final List<Thread> threads = new ArrayList<>();
  private @Nullable Thread sender;
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
    // Room for one message at least, with what a queue counts for it.
    long limit = Math.max(settings.holdBytes(), settings.maxMessage() + 1024L);
    incoming = new BoundedQueue<>(limit);
    outgoing = new BoundedQueue<>(limit);
  }

  /** Returns at once, whether or not Redis is there. */
  void start() {
    threads.add(start("python subscribe", this::subscribe));
    threads.add(start("python receive", this::receive));
    sender = start("python publish", this::send);
    threads.add(sender);
  }

  private static Thread start(String name, Interruptible work) {
    return Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              try {
                work.run();
              } catch (InterruptedException stopped) {
                LOG.debug("{} has ended", name);
              }
            });
  }

  private interface Interruptible {
    void run() throws InterruptedException;
  }

  /** Publishes for a moment what still waits. */
  void stop() {
    stopping = true;
    outgoing.wake();
    try {
      boolean _ = sender == null || sender.join(LAST_WORDS);
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
    if (stopping || !offer(outgoing, channel, payload)) {
      meters.dropped(DropReason.FULL);
    }
  }

  private static boolean offer(BoundedQueue<Message> queue, String channel, byte[] payload) {
    return queue.offer(new Message(channel, payload, System.nanoTime()), payload.length);
  }

  private void subscribe() throws InterruptedException {
    for (String channel : settings.pythonChannels()) {
      MessageListener<byte[]> heard = (name, payload) -> heard(channel, payload);
      Backoff backoff = new Backoff();
      boolean subscribed = false;
      while (!subscribed) {
        try {
          redis.publishing().getTopic(channel).addListener(byte[].class, heard);
          subscribed = true;
        } catch (RuntimeException away) {
          LOG.debug("Channel {} cannot be subscribed yet", channel, away);
          Thread.sleep(backoff.next());
        }
      }
      LOG.info("Listens to Python's channel '{}'", channel);
    }
  }

  /** On a thread of Redisson, which waits for nothing. */
  private void heard(String channel, byte[] payload) {
    if (!offer(incoming, channel, payload)) {
      meters.dropped(DropReason.OVERFLOW);
    }
  }

  private void receive() throws InterruptedException {
    while (true) {
      Message message = incoming.poll(IDLE);
      if (message == null) {
        continue;
      }
      meters.received(false);
      try {
        listener.accept(message.channel, message.payload);
      } catch (RuntimeException broken) {
        LOG.error("A message of Python's channel '{}' fails", message.channel, broken);
      }
    }
  }

  private void send() throws InterruptedException {
    Backoff backoff = new Backoff();
    while (!stopping || !outgoing.isEmpty()) {
      List<Message> some = next();
      while (!some.isEmpty() && !sent(some)) {
        Thread.sleep(backoff.next());
        some.removeIf(this::isTooOld);
      }
      backoff.reset();
    }
  }

  /** What waits, as much as goes out together; nothing when nothing comes for a while. */
  private List<Message> next() throws InterruptedException {
    List<Message> some = new ArrayList<>();
    long room = BATCH_BYTES;
    Message message = outgoing.poll(IDLE);
    while (message != null) {
      some.add(message);
      room -= message.payload.length;
      message = some.size() < MOST_AT_ONCE ? outgoing.pollNow(room) : null;
    }
    return some;
  }

  private boolean isTooOld(Message message) {
    boolean tooOld = System.nanoTime() - message.since > settings.holdAge().toNanos();
    if (tooOld) {
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
