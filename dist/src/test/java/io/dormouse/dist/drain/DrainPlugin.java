package io.dormouse.dist.drain;

import io.dormouse.api.Namespace;
import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;
import java.util.concurrent.CountDownLatch;

/** Notes what it hears in the host's log, and has handlers that do not end by themselves. */
public final class DrainPlugin implements Plugin {
  private static final String BLOCK = "x".repeat(100_000);

  private final CountDownLatch released = new CountDownLatch(1);

  @Override
  public void start(PluginContext context) {
    System.Logger log = context.logger();
    Namespace drain = context.namespace("/drain");
    drain.onWithAck("where", Object.class, (socket, nothing) -> ProcessHandle.current().pid());
    drain.on(
        "note",
        String.class,
        (socket, text) -> log.log(System.Logger.Level.INFO, "noted {0}", text));
    drain.onWithAck(
        "hold",
        String.class,
        (socket, text) -> {
          log.log(System.Logger.Level.INFO, "holds {0}", text);
          released.await();
          return text;
        });
    context
        .namespace("/drain-too")
        .on("release", Object.class, (socket, nothing) -> released.countDown());
    drain.on(
        "hang",
        Object.class,
        (socket, nothing) -> {
          log.log(System.Logger.Level.INFO, "hangs");
          hang();
        });
    drain.on(
        "flood",
        Integer.class,
        (socket, count) -> {
          for (int i = 0; i < count; i++) {
            socket.emit("block", BLOCK);
          }
          log.log(System.Logger.Level.INFO, "flooded");
        });
    drain.onDisconnect(
        (socket, reason) -> log.log(System.Logger.Level.INFO, "left by {0}", reason));
  }

  private static void hang() {
    while (true) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException ignored) {
        // That is what it is here for.
      }
    }
  }
}
