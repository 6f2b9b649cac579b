package io.dormouse.host.plugin;

import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One operation on a plugin at a time. What takes milliseconds is waited for; while something
 * longer is under way a second operation is refused, by name.
 */
final class Turn {
  static final String HIBERNATE = "hibernate";
  static final String WAKE = "wake";
  private static final Set<String> SHORT = Set.of(HIBERNATE, WAKE);

  private final String pluginId;
  private final ReentrantLock lock = new ReentrantLock(true);
  private volatile @Nullable String operation;

  Turn(String pluginId) {
    this.pluginId = pluginId;
  }

  /** What is under way; null when nothing is. */
  @Nullable String operation() {
    return operation;
  }

  /**
   * Begins an operation.
   *
   * @throws OperationInProgress when another one is under way
   */
  void take(String begun) {
    if (!lock.tryLock()) {
      String other = operation;
      if (other != null && !SHORT.contains(other)) {
        throw new OperationInProgress(pluginId, other);
      }
      lock.lock();
    }
    operation = begun;
  }

  /** Begins an operation behind whatever is under way. */
  void await(String begun) {
    lock.lock();
    operation = begun;
  }

  /** Begins an operation if that is possible now. */
  boolean tryTake(String begun) {
    if (!lock.tryLock()) {
      return false;
    }
    operation = begun;
    return true;
  }

  void give() {
    operation = null;
    lock.unlock();
  }
}
