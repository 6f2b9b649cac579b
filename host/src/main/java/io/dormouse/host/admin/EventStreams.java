package io.dormouse.host.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Tells several listeners what happened last and what happens then, as server-sent events (WHATWG
 * HTML, 9.2). Any thread may tell it something, which never blocks. A listener that is too slow is
 * dropped, with a last event that says so; one that does not even take that within some seconds is
 * disconnected.
 *
 * @param <T> what happens
 */
final class EventStreams<T> {
  /**
   * What limits listeners.
   *
   * @param listeners at a time
   * @param kept of what happened, for those who come later
   * @param waiting for one listener
   * @param heartbeat after how long a comment comes when nothing else does
   * @param lastWords how long a dropped listener may take to hear of it
   */
  record Limits(int listeners, int kept, int waiting, Duration heartbeat, Duration lastWords) {
    static final Limits USUAL =
        new Limits(50, 1000, 1000, Duration.ofSeconds(15), Duration.ofSeconds(5));
  }

  /** The query parameter that says whether a listener wants to hear more than what happened. */
  static final String FOLLOW = "follow";

  private static final byte[] COMMENT = ":\n\n".getBytes(UTF_8);

  private final Limits limits;
  private final Function<T, String> name;
  private final Function<T, ?> data;
  private final Deque<T> past = new ArrayDeque<>();
  private final Set<EventQueue<T>> listeners = ConcurrentHashMap.newKeySet();

  /**
   * @param name of an event, as listeners see it
   * @param data written as JSON
   */
  EventStreams(Limits limits, Function<T, String> name, Function<T, ?> data) {
    this.limits = limits;
    this.name = name;
    this.data = data;
  }

  /** Tells it now and to those who come later. */
  synchronized void remember(T event) {
    if (past.size() == limits.kept()) {
      past.removeFirst();
    }
    past.add(event);
    publish(event);
  }

  /** Whether nobody listens to what is only published. */
  boolean isEmpty() {
    return listeners.isEmpty();
  }

  /** Tells it now. */
  void publish(T event) {
    listeners.removeIf(listener -> !listener.offer(event));
  }

  /**
   * Answers with what happened; then, unless the caller does not want to follow, with what happens,
   * until either side ends it.
   *
   * @throws Problem when there are too many listeners
   */
  void answer(Call call, Predicate<T> wanted) {
    boolean follow = call.flag(FOLLOW, true);
    EventQueue<T> listener = new EventQueue<>(wanted, limits.waiting());
    List<T> first;
    synchronized (this) {
      first = past.stream().filter(wanted).toList();
      if (follow) {
        add(listener);
      }
    }
    ServerResponse response = call.response();
    response
        .header(HeaderNames.CONTENT_TYPE, "text/event-stream")
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .header(HeaderValues.CONNECTION_CLOSE);
    LastWords lastWords = new LastWords(Thread.currentThread());
    listener.whenDropped(() -> lastWords.within(limits.lastWords()));
    try (OutputStream out = response.outputStream()) {
      out.write(COMMENT);
      write(first, out);
      out.flush();
      while (follow && write(listener, out)) {
        out.flush();
      }
    } catch (IOException | RuntimeException | InterruptedException gone) {
      throw new CloseConnectionException("The listener is gone", gone);
    } finally {
      listeners.remove(listener);
      lastWords.spoken();
    }
  }

  private void add(EventQueue<T> listener) {
    if (listeners.size() >= limits.listeners()) {
      throw new Problem(
          AdminErrorCode.ADMIN_TOO_MANY_STREAMS,
          "%d streams of this kind are open already; close one of them"
              .formatted(limits.listeners()));
    }
    listeners.add(listener);
  }

  /** Whether the queue goes on. */
  private boolean write(EventQueue<T> listener, OutputStream out)
      throws IOException, InterruptedException {
    List<T> events = listener.take(limits.heartbeat());
    write(events, out);
    EventQueue.End end = listener.ended();
    if (end != null) {
      write(listener.take(Duration.ZERO), out);
      write(end.toString(), new LastEvent(end.detail()), out);
    } else if (events.isEmpty()) {
      out.write(COMMENT);
    }
    return end == null;
  }

  private void write(List<T> events, OutputStream out) throws IOException {
    for (T event : events) {
      write(name.apply(event), data.apply(event), out);
    }
  }

  private static void write(String event, Object data, OutputStream out) throws IOException {
    String json = new String(Json.write(data), UTF_8);
    out.write("event: %s\ndata: %s\n\n".formatted(event, json).getBytes(UTF_8));
  }

  /** Ends all streams that are open, each with a last event. */
  void stop() {
    listeners.forEach(listener -> listener.end(EventQueue.End.STOPPING));
  }

  /** As it is written. */
  record LastEvent(String detail) {}

  /** Keeps a client that takes nothing from blocking a thread for ever. */
  private static final class LastWords {
    private final Thread writer;
    private boolean spoken;

    LastWords(Thread writer) {
      this.writer = writer;
    }

    void within(Duration time) {
      CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
          .execute(this::interrupt);
    }

    /** Whoever is blocked on a socket loses it by that. */
    private synchronized void interrupt() {
      if (!spoken) {
        writer.interrupt();
      }
    }

    synchronized void spoken() {
      spoken = true;
    }
  }
}
