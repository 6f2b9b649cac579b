package io.dormouse.test;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dormouse.api.Arguments;
import io.dormouse.host.engine.EngineServer;
import io.dormouse.host.engine.InMemoryClient;
import io.dormouse.host.engine.SessionRequest;
import io.dormouse.host.protocol.Decoder;
import io.dormouse.host.protocol.DecoderLimits;
import io.dormouse.host.protocol.EncodedPacket;
import io.dormouse.host.protocol.Encoder;
import io.dormouse.host.protocol.Packet;
import io.dormouse.host.protocol.ValueCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One client in one namespace, as the official clients behave. Values are plain: maps, lists, text,
 * numbers, booleans, {@code byte[]}, null; records may be emitted, and come back as maps.
 *
 * <p>Waiting methods give up after five seconds with an {@link AssertionError} that tells what came
 * instead.
 *
 * {@snippet class="TestHostExample" region="test-client"}
 */
public final class TestClient {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final ValueCodec CODEC = ValueCodec.of(TestClient.class.getClassLoader());
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String namespace;
  private final InMemoryClient connection;
  private final Decoder decoder = new Decoder(DecoderLimits.defaults());
  private final Map<String, Deque<List<@Nullable Object>>> events = new HashMap<>();
  private final Map<Long, List<@Nullable Object>> acks = new HashMap<>();
  private final Map<String, Function<List<@Nullable Object>, @Nullable Object>> answers =
      new ConcurrentHashMap<>();
  private long lastAck;
  private @Nullable String id;
  private @Nullable Refused refusal;
  private boolean disconnected;

  /**
   * The plugin refused the connection.
   *
   * {@snippet class="TestHostExample" region="refused"}
   */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient @Nullable Object data;

    Refused(String message, @Nullable Object data) {
      super(message);
      this.data = data;
    }

    /** What came with the message; null when nothing did. */
    public @Nullable Object data() {
      return data;
    }
  }

  TestClient(EngineServer engine, SessionRequest request, String namespace) {
    this.namespace = namespace;
    this.connection = InMemoryClient.connect(engine, request, this::receive, this::closed);
  }

  void join(@Nullable Map<String, ?> auth) {
    String payload = auth == null ? "" : new String(CODEC.write(auth), StandardCharsets.UTF_8);
    connection.send("40" + (namespace.equals("/") ? "" : namespace + ",") + payload);
    synchronized (this) {
      await("an answer to CONNECT", () -> id != null || refusal != null || disconnected);
      if (refusal != null) {
        throw refusal;
      }
    }
  }

  /** The socket's id, the same that the plugin sees. */
  public synchronized String id() {
    return String.valueOf(id);
  }

  /** Whether the client is in the namespace. */
  public synchronized boolean connected() {
    return id != null && !disconnected;
  }

  /** Emits an event and returns at once. */
  public void emit(String event, @Nullable Object... arguments) {
    send(Encoder.event(namespace, -1, event, CODEC, arguments));
  }

  /** Emits an event and waits for its ack: its first argument, null when it has none. */
  public @Nullable Object emitWithAck(String event, @Nullable Object... arguments) {
    long ack;
    synchronized (this) {
      ack = ++lastAck;
    }
    send(Encoder.event(namespace, ack, event, CODEC, arguments));
    synchronized (this) {
      await("the ack of '" + event + "'", () -> acks.containsKey(ack));
      List<@Nullable Object> values = acks.remove(ack);
      return values == null || values.isEmpty() ? null : values.getFirst();
    }
  }

  private void send(EncodedPacket packet) {
    connection.send("4" + new String(packet.text(), StandardCharsets.UTF_8));
    packet.attachments().forEach(connection::send);
  }

  /** Waits for the next event of this name: its first argument, null when it has none. */
  public @Nullable Object next(String event) {
    List<@Nullable Object> arguments = nextArguments(event);
    return arguments.isEmpty() ? null : arguments.getFirst();
  }

  /** Waits for the next event of this name: all its arguments. */
  public synchronized List<@Nullable Object> nextArguments(String event) {
    await("the event '" + event + "'", () -> !queue(event).isEmpty());
    return queue(event).remove();
  }

  /**
   * Events of this name that have come and were not asked for yet. To show that one does not come,
   * first wait for something that is sent after it.
   */
  public synchronized int pending(String event) {
    return queue(event).size();
  }

  /** Answers each event of this name with an ack, made from its arguments. */
  public void answer(String event, Function<List<@Nullable Object>, @Nullable Object> answer) {
    answers.put(event, answer);
  }

  /** Leaves the namespace, as {@code socket.disconnect()} does. */
  public void disconnect() {
    connection.send("41" + (namespace.equals("/") ? "" : namespace + ","));
    closed();
  }

  /** Goes away without a word, as a client does that loses its network. */
  public void close() {
    connection.close();
  }

  /** Waits until the host has disconnected this client. */
  public synchronized void awaitDisconnect() {
    await("the end of the connection", () -> disconnected);
  }

  private Deque<List<@Nullable Object>> queue(String event) {
    return events.computeIfAbsent(event, name -> new ArrayDeque<>());
  }

  private interface Condition {
    boolean holds();
  }

  private void await(String what, Condition condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!condition.holds()) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new AssertionError(
              "Waited "
                  + PATIENCE.toSeconds()
                  + " s for "
                  + what
                  + "; events that came instead: "
                  + events
                  + (disconnected ? "; the client is disconnected" : ""));
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while waiting for " + what, interrupted);
    }
  }

  private void closed() {
    synchronized (this) {
      disconnected = true;
      notifyAll();
    }
  }

  private void receive(String packet) {
    switch (packet.charAt(0)) {
      case '2' -> connection.send("3");
      case '4' -> message(packet);
      case 'b' -> accept(decoder.binary(Base64.getDecoder().decode(packet.substring(1))));
      default -> {}
    }
  }

  private void message(String packet) {
    if (packet.startsWith("44")) {
      refused(packet);
    } else {
      byte[] bytes = packet.getBytes(StandardCharsets.UTF_8);
      accept(decoder.text(bytes, 1, bytes.length - 1));
    }
  }

  private void refused(String packet) {
    try {
      JsonNode error = JSON.readTree(packet.substring(packet.indexOf('{')));
      JsonNode data = error.get("data");
      synchronized (this) {
        refusal =
            new Refused(
                error.get("message").asText(),
                data == null ? null : JSON.treeToValue(data, Object.class));
        notifyAll();
      }
    } catch (JsonProcessingException notJson) {
      throw new AssertionError("CONNECT_ERROR is no JSON: " + packet, notJson);
    }
  }

  private void accept(@Nullable Packet packet) {
    switch (packet) {
      case Packet.Connect connect -> {
        synchronized (this) {
          id = CODEC.payload(connect.auth()).text("sid");
          notifyAll();
        }
      }
      case Packet.Event event -> event(event);
      case Packet.Ack ack -> {
        synchronized (this) {
          acks.put(ack.id(), values(CODEC.arguments(ack.arguments())));
          notifyAll();
        }
      }
      case Packet.Disconnect _ -> closed();
      case null -> {}
    }
  }

  private void event(Packet.Event event) {
    List<@Nullable Object> arguments = values(CODEC.arguments(event.arguments()));
    Function<List<@Nullable Object>, @Nullable Object> answer = answers.get(event.name());
    if (answer != null && event.id() >= 0) {
      send(Encoder.ack(namespace, event.id(), CODEC, answer.apply(arguments)));
    }
    synchronized (this) {
      queue(event.name()).add(arguments);
      notifyAll();
    }
  }

  private static List<@Nullable Object> values(Arguments arguments) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      values.add(arguments.get(i).isNull() ? null : arguments.get(i, Object.class));
    }
    return Collections.unmodifiableList(values);
  }
}
