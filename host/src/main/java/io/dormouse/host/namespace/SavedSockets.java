package io.dormouse.host.namespace;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of sockets for clients that come back, by {@code pid}: a secret that only the client
 * knows. Writing never waits; for any thread.
 */
public interface SavedSockets {
  /** A socket has joined, and may be lost with this host at any moment from now on. */
  default void joined(String pid, Supplier<SavedSocket> now) {}

  /** What it has now differs from what it had. */
  default void changed(String pid) {}

  /** It has left, and its client may come back. */
  void left(String pid, SavedSocket last);

  /** It has left for good. */
  void forget(String pid);

  /**
   * Takes over what was kept, once: who comes second with the same id gets nothing. May block for
   * some seconds.
   *
   * @return null when there is nothing, or it cannot be had
   */
  @Nullable SavedSocket take(String pid);
}
