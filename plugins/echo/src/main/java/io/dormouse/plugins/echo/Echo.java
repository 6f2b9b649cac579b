package io.dormouse.plugins.echo;

import io.dormouse.api.Namespace;
import io.dormouse.api.Payload;
import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;
import java.util.Map;

/** Whatever one client says, everyone hears. */
public final class Echo implements Plugin {
  @Override
  public void start(PluginContext context) {
    Namespace root = context.namespace("/");
    root.on(
        "message", Payload.class, (socket, data) -> root.emit("response", Map.of("echo", data)));
  }
}
