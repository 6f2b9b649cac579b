package io.dormouse.host.plugin;

/** Why a plugin is refused: the end of its message, a field of its log line, a metric's label. */
public enum PluginErrorCode {
  /** The file is no readable JAR: no zip, truncated, names that leave the JAR. */
  PLUGIN_BAD_JAR,
  /** The JAR is larger than {@code dormouse.plugins.max-jar-size}. */
  PLUGIN_TOO_LARGE,
  /**
   * The host cannot make or record its private copy, for a reason of its own: no space, no right.
   */
  PLUGIN_STAGING_FAILED,
  /** The manifest is missing, lacks an attribute or has one that is malformed. */
  PLUGIN_BAD_MANIFEST,
  /** {@code Plugin-Requires} asks for an API that this host does not have. */
  PLUGIN_WRONG_API,
  /** Another JAR of the folder, or a running plugin, has the same {@code Plugin-Id}. */
  PLUGIN_DUPLICATE_ID,
  /** {@code Plugin-Class} is missing, cannot be loaded or made, or is no plugin. */
  PLUGIN_BAD_CLASS,
  /** A handler has a form or an event name that is not allowed. */
  PLUGIN_BAD_HANDLER,
  /** Two handlers for one event. */
  PLUGIN_DUPLICATE_HANDLER,
  /** A namespace's name or pattern is malformed. */
  PLUGIN_BAD_NAMESPACE,
  /** Another plugin serves the namespace. */
  PLUGIN_NAMESPACE_TAKEN,
  /** The plugin's configuration has an unknown key or a value that does not fit. */
  PLUGIN_CONFIG_INVALID,
  /** {@code start} threw. */
  PLUGIN_START_FAILED,
  /** {@code probe} threw. */
  PLUGIN_PROBE_FAILED,
  /** The constructor, {@code start} or {@code probe} took longer than allowed. */
  PLUGIN_START_TIMEOUT,
  /** {@code onReplace} threw. */
  PLUGIN_REPLACE_FAILED,
  /**
   * The version before did not end what it had begun, so that an exclusive replacement could not.
   */
  PLUGIN_DRAIN_TIMEOUT,
  /** The state that hosts share cannot be read or written, because Redis is away. */
  PLUGIN_STATE_UNREACHABLE,
  /** It lacks a namespace of the version before, which was asked to be kept. */
  PLUGIN_NAMESPACE_REMOVED
}
