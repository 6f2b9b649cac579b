package io.dormouse.api;

/**
 * A planned task.
 *
 * {@snippet class="ContextExample" region="task"}
 */
public interface Task {
  /** The name given when it was planned, unique within the plugin. */
  String name();

  /**
   * Runs once for all hosts that share a Redis, instead of once on each: on the first one where it
   * is due. Elsewhere it is skipped, until the next period has passed since that run ended; a task
   * planned with {@link PluginContext#after} is skipped for its delay, at least for a minute. A
   * host that dies while it runs the task makes room for another one at its next time. While Redis
   * cannot be reached, no host runs it. A host that is alone runs it as any other.
   *
   * <p>Call it at once on what planned the task: a run under way is not affected.
   *
   * {@snippet class="ContextExample" region="once"}
   *
   * @return this task
   */
  Task once();

  /** Plans no further run. A run under way goes on to its end. Has no effect the second time. */
  void cancel();
}
