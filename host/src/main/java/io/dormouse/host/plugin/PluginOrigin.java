package io.dormouse.host.plugin;

/** Where the JAR that a plugin runs was put last. */
public enum PluginOrigin {
  FOLDER,
  UPLOAD,
  /** No JAR: classes of a test's class path. */
  CLASS_PATH
}
