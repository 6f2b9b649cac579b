package io.dormouse.dist.swap;

import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;

/** Cannot even be made. */
public final class BrokenPlugin implements Plugin {
  public BrokenPlugin() {
    throw new IllegalStateException("broken from the beginning");
  }

  @Override
  public void start(PluginContext context) {}
}
