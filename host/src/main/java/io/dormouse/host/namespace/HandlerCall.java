package io.dormouse.host.namespace;

import io.dormouse.api.Arguments;
import io.dormouse.api.EventError;
import io.dormouse.host.protocol.EncodedPacket;
import io.dormouse.host.protocol.Encoder;
import io.dormouse.host.protocol.ValueCodec;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One call of a handler, whose ack is sent at most once: by the handler's end, or by the watchdog
 * when it takes too long.
 */
final class HandlerCall {
  private final ServerSocket socket;
  private final String event;
  private final long ackId;
  private final ValueCodec codec;
  private final AtomicBoolean answered = new AtomicBoolean();

  /**
   * @param event the event's name, or what else is handled, such as {@code connect}
   * @param ackId -1 when no ack is wanted
   */
  HandlerCall(ServerSocket socket, String event, long ackId) {
    this(socket, event, ackId, ValueCodec.HOST);
  }

  /**
   * @param codec writes the handler's value
   */
  HandlerCall(ServerSocket socket, String event, long ackId, ValueCodec codec) {
    this.socket = socket;
    this.codec = codec;
    this.event = event;
    this.ackId = ackId;
  }

  String event() {
    return event;
  }

  /** Sends the handler's value. */
  void answer(@Nullable Object value) {
    if (ackId < 0) {
      return;
    }
    EncodedPacket packet = Encoder.ack(socket.name(), ackId, codec, arguments(value));
    if (answered.compareAndSet(false, true)) {
      socket.send(packet);
    }
  }

  private static @Nullable Object[] arguments(@Nullable Object value) {
    if (value instanceof Arguments several) {
      return IntStream.range(0, several.size()).mapToObj(several::get).toArray();
    }
    return Handlers.NO_VALUE.equals(value) ? new Object[0] : new @Nullable Object[] {value};
  }

  void fail(EventError error) {
    fail(error.code(), error.getMessage());
  }

  void fail(NamespaceErrorCode code) {
    fail(code.code(), code.message());
  }

  private void fail(String code, String message) {
    if (ackId >= 0 && answered.compareAndSet(false, true)) {
      Map<String, ?> error = Map.of("error", new ErrorText(code, message));
      socket.send(Encoder.ack(socket.name(), ackId, ValueCodec.HOST, error));
    }
  }

  /** What the client finds under {@code error}. */
  record ErrorText(String code, String message) {}
}
