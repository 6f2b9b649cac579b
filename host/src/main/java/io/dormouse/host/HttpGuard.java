package io.dormouse.host;

import io.helidon.common.socket.SocketOptions;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.http.media.ReadableEntity;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What an HTTP/1.1 server must refuse and Helidon lets pass: requests whose length is ambiguous,
 * requests and TLS handshakes that never end, and connections that go on after {@code Connection:
 * close}. One object serves a listener, as the listener of each connection and as the first filter
 * of each routing.
 */
final class HttpGuard implements Http1ConnectionListener, Filter, AutoCloseable {
  /** A request of which some is still to come. */
  private static final class Pending {
    final ConnectionContext context;
    final long deadline;
    volatile @Nullable ReadableEntity body;

    Pending(ConnectionContext context, long deadline) {
      this.context = context;
      this.deadline = deadline;
    }

    boolean isLate(long now) {
      return now - deadline > 0;
    }

    boolean isComplete() {
      ReadableEntity received = body;
      return received != null && received.consumed();
    }
  }

  private final long timeoutNanos;
  private final TlsHandshakes handshakes;

  /** By the connection's thread, on which listener and filter are called too. */
  private final Map<Thread, Pending> pending = new ConcurrentHashMap<>();

  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("request-deadlines").factory());

  /**
   * @param requestTimeout from a request's first line to the end of its body; also for a TLS
   *     handshake
   */
  HttpGuard(Duration requestTimeout) {
    timeoutNanos = requestTimeout.toNanos();
    handshakes =
        new TlsHandshakes(SocketOptions.builder().tcpNoDelay(true).build(), requestTimeout);
    long period = Math.clamp(timeoutNanos / 4, 10_000_000L, 1_000_000_000L);
    var _ = ticker.scheduleWithFixedDelay(this::closeLate, period, period, TimeUnit.NANOSECONDS);
  }

  /** What each listener must configure its sockets with. */
  SocketOptions socketOptions() {
    return handshakes;
  }

  @Override
  public void prologue(ConnectionContext context, HttpPrologue prologue) {
    pending.put(Thread.currentThread(), new Pending(context, System.nanoTime() + timeoutNanos));
  }

  @Override
  public void headers(ConnectionContext context, Headers headers) {
    List<String> codings = headers.all(HeaderNames.TRANSFER_ENCODING, List::of);
    List<String> lengths = headers.all(HeaderNames.CONTENT_LENGTH, List::of);
    if (!codings.isEmpty()) {
      // RFC 9112, section 6.3: what else stands here lets two servers see two different requests.
      if (!codings.equals(List.of("chunked")) || !lengths.isEmpty()) {
        throw refused("Transfer-Encoding must be chunked, without a Content-Length.");
      }
    } else if (lengths.isEmpty() || lengths.equals(List.of("0"))) {
      pending.remove(Thread.currentThread());
    } else if (lengths.size() > 1 || !isNumber(lengths.getFirst())) {
      throw refused("Content-Length must be one number.");
    }
  }

  private static boolean isNumber(String text) {
    return text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static RequestException refused(String message) {
    return RequestException.builder()
        .type(EventType.BAD_REQUEST)
        .status(Status.BAD_REQUEST_400)
        .setKeepAlive(false)
        .safeMessage(true)
        .message(message)
        .build();
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    Pending waiting = pending.get(Thread.currentThread());
    if (waiting != null) {
      request.streamFilter(RequestBody::new);
      waiting.body = request.content();
    }
    chain.proceed();
    if (waiting != null && waiting.isComplete()) {
      pending.remove(Thread.currentThread(), waiting);
    }
    // Helidon answers so and reads on, even what is left of a refused body, as the next request.
    if (response.isSent() && response.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
      throw new CloseConnectionException("Connection: close");
    }
  }

  private void closeLate() {
    long now = System.nanoTime();
    pending.forEach(
        (thread, request) -> {
          if (request.isLate(now) && pending.remove(thread, request) && !request.isComplete()) {
            // Ending TLS says goodbye to the client, who may not listen.
            Thread.startVirtualThread(() -> close(request.context));
          }
        });
    handshakes.closeLate();
  }

  private static void close(ConnectionContext context) {
    try {
      context.serverSocket().close();
    } catch (UncheckedIOException _) {
      // It is closed all the same.
    }
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
