package io.dormouse.host.plugin;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When the tasks of a plugin are due, by name. Outlives its generations: a task that the next one
 * plans under the same name is due when the former's was, and a sleeping plugin is woken for it.
 */
final class TaskTimes {
  private final Map<String, Instant> due = new HashMap<>();

  synchronized @Nullable Instant get(String task) {
    return due.get(task);
  }

  synchronized void put(String task, Instant when) {
    due.put(task, when);
  }

  synchronized void remove(String task) {
    due.remove(task);
  }

  /** When the first of them is due. */
  synchronized Optional<Instant> earliest() {
    return due.values().stream().min(Instant::compareTo);
  }
}
