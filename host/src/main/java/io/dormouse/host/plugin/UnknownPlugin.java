package io.dormouse.host.plugin;

/** There is no plugin of that id. */
public final class UnknownPlugin extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnknownPlugin(String pluginId) {
    super("There is no plugin '" + pluginId + "'");
  }
}
