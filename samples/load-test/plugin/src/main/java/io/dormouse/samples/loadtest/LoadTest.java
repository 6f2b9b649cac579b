package io.dormouse.samples.loadtest;

import io.dormouse.api.Namespace;
import io.dormouse.api.Payload;
import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;
import java.util.Map;

/** One event to the sender, one as an ack, one to everyone: what the load test counts. */
public final class LoadTest implements Plugin {
  @Override
  public void start(PluginContext context) {
    Namespace root = context.namespace("/");
    root.on("echo", Payload.class, (socket, x) -> socket.emit("echo", x));
    root.onWithAck("ackme", Payload.class, (socket, x) -> x);
    root.on("message", Payload.class, (socket, x) -> root.emit("response", Map.of("echo", x)));
  }
}
