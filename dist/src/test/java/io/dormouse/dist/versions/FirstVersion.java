package io.dormouse.dist.versions;

import io.dormouse.api.Namespace;
import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;

/** Serves a namespace that all versions have, and one that the next has not. */
public final class FirstVersion implements Plugin {
  @Override
  public void start(PluginContext context) {
    Namespace numbers = context.namespace("/numbers");
    numbers.onConnect((socket, handshake) -> socket.join("odd"));
    numbers.onWithAck("version", String.class, (socket, nothing) -> context.version());
    context.namespace("/old").on("x", String.class, (socket, text) -> {});
    context.logger().log(System.Logger.Level.INFO, "The first version starts");
  }
}
