package io.dormouse.dist.versions;

import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;

/** Does not start. */
public final class BrokenVersion implements Plugin {
  @Override
  public void start(PluginContext context) {
    throw new IllegalStateException("broken on purpose");
  }
}
