package io.dormouse.host.protocol;

import java.util.Set;

/** Names that Socket.IO's clients and servers keep for themselves; Node's parser has the same. */
public final class ReservedEvents {
  private static final Set<String> NAMES =
      Set.of(
          "connect",
          "connect_error",
          "disconnect",
          "disconnecting",
          "newListener",
          "removeListener");

  private ReservedEvents() {}

  public static boolean contains(String event) {
    return NAMES.contains(event);
  }
}
