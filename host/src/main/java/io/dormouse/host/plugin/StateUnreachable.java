package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_STATE_UNREACHABLE;

/** The state of a plugin, which hosts share, cannot be read or written now; later it can. */
public final class StateUnreachable extends IllegalStateException {
  private static final long serialVersionUID = 1;

  /**
   * @param reason what is wrong, without a period
   */
  public StateUnreachable(String pluginId, String reason) {
    super(
        "State of plugin '%s' cannot be reached: %s; try again later [%s]"
            .formatted(pluginId, reason, PLUGIN_STATE_UNREACHABLE));
  }
}
