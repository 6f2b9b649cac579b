package io.dormouse.host.plugin;

import org.jspecify.annotations.Nullable;

/**
 * What the plugins of this host have in common with those of other hosts.
 *
 * @param states where their values are
 * @param leases which host runs a task
 * @param installations which plugins all hosts want; null for a host that has its own
 */
public record Sharing(
    States states, TaskLeases leases, @Nullable SharedInstallations installations) {
  /** Opens the store of a plugin. */
  @FunctionalInterface
  public interface States {
    StateStore of(String pluginId, long limitBytes);
  }

  /** For a host that is alone: state is in its memory, all tasks are its own. */
  public static Sharing nothing() {
    return new Sharing(MemoryState::new, TaskLeases.ALONE, null);
  }
}
