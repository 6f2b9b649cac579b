package io.dormouse.host.plugin;

/**
 * Where an installation stands, which is what a plugin id stands for.
 *
 * <pre>
 *   ACTIVE ⇄ HIBERNATED     idle; the next event wakes it
 *   ACTIVE → QUARANTINED    cannot start, or has a handler that cannot be ended
 *     any  ⇄ DISABLED       by hand
 * </pre>
 */
public enum PluginState {
  /** A generation serves its namespaces. */
  ACTIVE,
  /** Nothing of it is loaded; its sockets stay, and the first event wakes it. */
  HIBERNATED,
  /** Switched off by hand: its sockets stay, their events are answered with an error. */
  DISABLED,
  /** Refused or taken out of service; {@link PluginStatus#lastError} tells why. */
  QUARANTINED
}
