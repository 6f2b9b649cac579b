package io.dormouse.samples.loadtest;

import io.dormouse.api.Namespace;
import io.dormouse.api.Payload;
import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;
import io.dormouse.api.Socket;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One event to the sender, one as an ack, one to everyone: what the load test counts. And one whose
 * ack tells which number the same socket sent before, as far as this handler knows.
 */
public final class LoadTest implements Plugin {
  private static final int BLOCK = 1 << 14;
  private static final int BLOCKS_PER_MEGABYTE = 64;

  @SuppressWarnings("unused") // to be held is all that it is for
  private byte[][] ballast = {};

  /**
   * @param ballastMegabytes memory that is held for nothing, so that one sees whether it comes back
   */
  record Settings(int ballastMegabytes) {}

  @Override
  public void start(PluginContext context) {
    int megabytes = context.configuration(Settings.class).ballastMegabytes();
    ballast = new byte[megabytes * BLOCKS_PER_MEGABYTE][BLOCK];
    Namespace root = context.namespace(Variant.namespace());
    root.on("echo", Payload.class, (socket, x) -> socket.emit("echo", x));
    root.onWithAck("ackme", Payload.class, (socket, x) -> x);
    root.on("message", Payload.class, (socket, x) -> root.emit("response", Map.of("echo", x)));
    root.onWithAck("numbered", Long.class, LoadTest::numbered);
    if (Variant.namespace().equals("/")) {
      Namespace kept = context.namespace("/kept").recoverable();
      kept.on("message", Payload.class, (socket, x) -> kept.emit("response", Map.of("echo", x)));
    }
  }

  private static List<Object> numbered(Socket socket, Long number) {
    long last = Objects.requireNonNullElse(socket.data().get("last", Long.class), 0L);
    socket.data().put("last", number);
    return List.of(last, Variant.letter());
  }
}
