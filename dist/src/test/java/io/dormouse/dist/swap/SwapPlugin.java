package io.dormouse.dist.swap;

import io.dormouse.api.Namespace;
import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;
import io.dormouse.api.Socket;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Counts what each socket sends, across versions, and tells its own version. A version label says
 * what is wrong with it: {@code hangs}, {@code no-probe} or {@code fails}; {@code not-on-two} on a
 * host whose configuration names it {@code two}.
 */
public final class SwapPlugin implements Plugin {
  private static final int HELD_BYTES = 32 * 1024 * 1024;

  /** What an awake plugin costs, and a sleeping one must not. */
  private final byte[] held = new byte[HELD_BYTES];

  private String version = "";

  /** Its configuration; null where the host has no name. */
  record Settings(@Nullable String name) {}

  /** Answers how it came: the number that was expected, and the version that handled it. */
  record Handled(int expected, int got, String version) {}

  @Override
  public void start(PluginContext context) throws InterruptedException {
    version = context.version();
    if (version.contains("hangs")) {
      new CountDownLatch(1).await();
    }
    String name = context.configuration(Settings.class).name();
    if (name != null && version.contains("not-on-" + name)) {
      throw new IllegalStateException("this is " + name);
    }
    Namespace swap = context.namespace("/swap");
    swap.onWithAck("n", Integer.class, this::count);
    swap.onWithAck("version", String.class, (socket, text) -> version + text);
    swap.onWithAck("held", String.class, (socket, text) -> held.length);
    swap.on("tell", String.class, (socket, text) -> swap.emit("told", text, version));
  }

  private Handled count(Socket socket, int n) {
    if (version.contains("fails")) {
      throw new IllegalStateException("version " + version + " fails");
    }
    Integer last = socket.data().get("last", Integer.class);
    int expected = last == null ? 0 : last + 1;
    socket.data().put("last", n);
    return new Handled(expected, n, version);
  }

  @Override
  public void probe() {
    if (version.contains("no-probe")) {
      throw new IllegalStateException(List.of("no database").toString());
    }
  }
}
