package io.dormouse.host.plugin;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When the tasks of a plugin are due, by name. Outlives its generations: a task that the next one
 * plans under the same name is due when the former's was, and a sleeping plugin is woken for it.
 * What a former generation's last runs still have to say is not heard.
 */
final class TaskTimes {
  private final Map<String, Instant> due = new HashMap<>();
  private int planner;

  /**
   * The generation of this number plans from now on.
   *
   * @param tasks that it has; the times of others are forgotten
   */
  synchronized void takeOver(int by, Set<String> tasks) {
    planner = by;
    due.keySet().retainAll(tasks);
  }

  synchronized @Nullable Instant get(String task) {
    return due.get(task);
  }

  synchronized void put(int by, String task, Instant when) {
    if (by == planner) {
      due.put(task, when);
    }
  }

  synchronized void remove(int by, String task) {
    if (by == planner) {
      due.remove(task);
    }
  }

  /** When the first of them is due. */
  synchronized Optional<Instant> earliest() {
    return due.values().stream().min(Instant::compareTo);
  }
}
