package io.dormouse.host.plugin;

import java.time.Instant;

/**
 * Something that happened to a plugin.
 *
 * @param version of the generation that it happened to
 * @param detail for people; empty when there is nothing to add
 */
public record PluginEvent(Instant at, String pluginId, String version, Type type, String detail) {
  /** What happened. */
  public enum Type {
    /** Serves for the first time. */
    STARTED,
    /** Another version serves. */
    REPLACED,
    /** The former version serves again. */
    ROLLED_BACK,
    /** A new version did not come into service. */
    REFUSED,
    HIBERNATED,
    WOKEN,
    DISABLED,
    ENABLED,
    REMOVED,
    /** Taken out of service. */
    QUARANTINED,
    /** A retired generation's classes are gone. */
    COLLECTED,
    /** A retired generation's classes are held by something. */
    LEAKED
  }
}
