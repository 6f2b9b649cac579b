package io.dormouse.host.plugin;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Which host of several runs a task that is to run once for all of them. */
public interface TaskLeases {
  /** For a host that is alone. */
  TaskLeases ALONE = (pluginId, task) -> pause -> {};

  /**
   * Asks for the right to run a task now. It is kept until {@link Lease#end}, and lost soon after
   * when the host dies.
   *
   * @return null when another host has it, or had it just now
   * @throws IllegalStateException when nobody can tell
   */
  @Nullable Lease take(String pluginId, String task);

  /** The right to run a task. */
  interface Lease {
    /**
     * The run has ended. Throws nothing.
     *
     * @param pause until the next one, on any host
     */
    void end(Duration pause);
  }
}
