package io.dormouse.api;

/**
 * A planned task.
 *
 * {@snippet class="ContextExample" region="task"}
 */
public interface Task {
  /** The name given when it was planned, unique within the plugin. */
  String name();

  /** Plans no further run. A run under way goes on to its end. Has no effect the second time. */
  void cancel();
}
