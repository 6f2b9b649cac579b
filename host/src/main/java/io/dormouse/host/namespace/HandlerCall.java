package io.dormouse.host.namespace;

import io.dormouse.api.EventError;
import io.dormouse.host.protocol.Encoder;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One call of a handler, whose ack is sent at most once: by the handler's end, or by the watchdog
 * when it takes too long.
 */
final class HandlerCall {
  private final ServerSocket socket;
  private final String event;
  private final long ackId;
  private final AtomicBoolean answered = new AtomicBoolean();

  /**
   * @param event the event's name, or what else is handled, such as {@code connect}
   * @param ackId -1 when no ack is wanted
   */
  HandlerCall(ServerSocket socket, String event, long ackId) {
    this.socket = socket;
    this.event = event;
    this.ackId = ackId;
  }

  String event() {
    return event;
  }

  void answer(@Nullable Object value) {
    if (claim()) {
      LiveNamespace namespace = socket.live();
      socket.send(
          Handlers.NO_VALUE.equals(value)
              ? Encoder.ack(namespace.name(), ackId, namespace.codec())
              : Encoder.ack(namespace.name(), ackId, namespace.codec(), value));
    }
  }

  void fail(EventError error) {
    fail(error.code(), error.getMessage());
  }

  void fail(NamespaceErrorCode code) {
    fail(code.code(), code.message());
  }

  private void fail(String code, String message) {
    if (claim()) {
      LiveNamespace namespace = socket.live();
      Map<String, ?> error = Map.of("error", new ErrorText(code, message));
      socket.send(Encoder.ack(namespace.name(), ackId, Answers.CODEC, error));
    }
  }

  private boolean claim() {
    return ackId >= 0 && answered.compareAndSet(false, true);
  }

  /** What the client finds under {@code error}. */
  record ErrorText(String code, String message) {}
}
