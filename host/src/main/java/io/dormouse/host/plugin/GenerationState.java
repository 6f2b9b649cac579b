package io.dormouse.host.plugin;

/**
 * Where a generation stands, which is one loaded version of a plugin.
 *
 * <pre>
 *   LOADED → STARTED → CURRENT → DRAINING → RETIRED → COLLECTED | LEAKED
 *       ↘________↘ QUARANTINED
 * </pre>
 */
public enum GenerationState {
  /** Its classes can be loaded; nothing of it has run. */
  LOADED,
  /** Started and probed; no client has met it. */
  STARTED,
  /** Serves the plugin's namespaces. */
  CURRENT,
  /** Another one serves; it ends what it has begun. */
  DRAINING,
  /** Nothing of it runs; its classes wait for the garbage collector. */
  RETIRED,
  /** Its classes are gone. */
  COLLECTED,
  /** Something still holds its classes. */
  LEAKED,
  /** Did not start, or failed its probe. */
  QUARANTINED
}
