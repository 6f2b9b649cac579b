package io.dormouse.host.namespace;

/** Another plugin serves this namespace already, or a pattern that overlaps with this one. */
public class NamespaceTaken extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String namespace;
  private final String pluginId;

  NamespaceTaken(String namespace, String pluginId) {
    super("Namespace '" + namespace + "' is already served by plugin '" + pluginId + "'");
    this.namespace = namespace;
    this.pluginId = pluginId;
  }

  public String namespace() {
    return namespace;
  }

  /** The plugin that serves it. */
  public String pluginId() {
    return pluginId;
  }
}
