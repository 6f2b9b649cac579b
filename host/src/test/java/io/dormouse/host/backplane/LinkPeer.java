package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** One end of a link, with a heart that beats, and all that it received. */
final class LinkPeer implements AutoCloseable {
  static final String KEY = "test";

  private static final Pattern NUMBER = Pattern.compile("\"n\":(\\d+)");

  /** What the tests publish; what else comes is in {@link #others}. */
  private final List<Integer> numbers = new CopyOnWriteArrayList<>();

  private final List<Integer> recalled = new CopyOnWriteArrayList<>();
  private final List<Incoming> others = new CopyOnWriteArrayList<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RedisClients clients;
  private final Link link;
  private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor();
  private volatile Consumer<Incoming> listener = _ -> {};

  LinkPeer(String url) {
    this(url, settings());
  }

  LinkPeer(String url, BackplaneSettings settings) {
    this(RedisSettings.of(url), settings);
  }

  LinkPeer(RedisSettings redis, BackplaneSettings settings) {
    clients = new RedisClients(redis);
    link =
        new Link(
            settings, clients, Duration.ofMinutes(5), new BackplaneMeters(registry), new Inbound());
    link.start();
    var _ = heart.scheduleWithFixedDelay(this::beat, 0, 200, TimeUnit.MILLISECONDS);
  }

  static BackplaneSettings settings() {
    return settings(1 << 24, Duration.ofSeconds(30), 1 << 24);
  }

  static BackplaneSettings settings(int holdBytes, Duration holdAge, int replayBytes) {
    return new BackplaneSettings(
        KEY,
        List.of("node"),
        List.of("socketio"),
        false,
        Duration.ofMillis(200),
        Duration.ofSeconds(3),
        Duration.ofSeconds(2),
        holdBytes,
        holdAge,
        replayBytes,
        100_000,
        true);
  }

  private void beat() {
    link.publish(message(KEY + "-host#", "\"beat\":1", true));
    link.checkHearing();
  }

  private final class Inbound implements Link.Listener {
    @Override
    public void received(Incoming message) {
      LinkPeer.this.received(message);
    }

    @Override
    public boolean wantsPast(String channel) {
      return !channel.equals(KEY + "-host#");
    }

    @Override
    public void recalled(List<PastMessage> messages) {
      messages.forEach(past -> recalled.add(number(past.message())));
    }
  }

  private static @Nullable Integer number(Incoming message) {
    Matcher number = NUMBER.matcher(new String(message.payload(), UTF_8));
    return number.find() ? Integer.valueOf(number.group(1)) : null;
  }

  private void received(Incoming message) {
    if (message.channel().equals(KEY + "-host#")) {
      return;
    }
    Integer number = number(message);
    if (message.hostId() != null && number != null) {
      numbers.add(number);
    } else {
      others.add(message);
    }
    listener.accept(message);
  }

  private static Outgoing message(String channel, String rest, boolean isVolatile) {
    return new Outgoing(
        channel,
        rest.length() + 40,
        uid -> ("{\"uid\":\"" + uid + "\"," + rest + "}").getBytes(UTF_8),
        isVolatile);
  }

  Link link() {
    return link;
  }

  /** Called after a message is noted. */
  void onMessage(Consumer<Incoming> listener) {
    this.listener = listener;
  }

  boolean publish(int number) {
    return publish(number, 0, false);
  }

  /** On one of several channels by turns. */
  boolean publish(int number, int padding, boolean isVolatile) {
    String channel = KEY + (number % 2 == 0 ? "#/#" : "-request#/#");
    String rest = "\"n\":" + number + ",\"x\":\"" + "x".repeat(padding) + "\"";
    return link.publish(message(channel, rest, isVolatile));
  }

  /** On a channel whose messages their own host gets too. */
  void adopt(int number) {
    link.publish(message(KEY + "-adopted#/#", "\"n\":" + number, false));
  }

  void publish(int from, int to) {
    for (int n = from; n < to; n++) {
      if (!publish(n)) {
        throw new AssertionError("dropped: " + n);
      }
    }
  }

  LinkPeer awaitJoined() {
    Awaitility.await("joined").atMost(Duration.ofSeconds(20)).until(link::isJoined);
    return this;
  }

  List<Integer> numbers() {
    return List.copyOf(numbers);
  }

  /** What came after {@link Link#recall}. */
  List<Integer> recalled() {
    return List.copyOf(recalled);
  }

  List<Incoming> others() {
    return List.copyOf(others);
  }

  int count(String meter) {
    return registry.find("dormouse.backplane." + meter).counters().stream()
        .mapToInt(counter -> (int) counter.count())
        .sum();
  }

  int count(String meter, String reason) {
    return registry.find("dormouse.backplane." + meter).tag("reason", reason).counters().stream()
        .mapToInt(counter -> (int) counter.count())
        .sum();
  }

  @Override
  public void close() {
    heart.shutdownNow();
    link.stop();
    clients.shutdown();
  }
}
