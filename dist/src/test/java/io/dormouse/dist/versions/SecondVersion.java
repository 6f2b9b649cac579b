package io.dormouse.dist.versions;

import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;

/** Has another second namespace than the first. */
public final class SecondVersion implements Plugin {
  @Override
  public void start(PluginContext context) {
    context
        .namespace("/numbers")
        .onWithAck("version", String.class, (socket, nothing) -> context.version());
    context.namespace("/new").on("x", String.class, (socket, text) -> {});
    context.logger().log(System.Logger.Level.INFO, "The second version starts");
  }
}
