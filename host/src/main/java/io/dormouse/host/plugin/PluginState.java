package io.dormouse.host.plugin;

/**
 * Where a loaded version of a plugin stands.
 *
 * <pre>
 * staged → verified → loaded → started → CURRENT → retired
 *      ↘────────↘─────────↘────────↘ QUARANTINED
 * </pre>
 */
public enum PluginState {
  /** Its namespaces are open. */
  CURRENT,
  /** Refused; nothing of it is loaded or visible. */
  QUARANTINED
}
