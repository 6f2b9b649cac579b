package io.dormouse.host.lifecycle;

import java.util.Locale;

/** Where a host is in its life; {@link Lifecycle} has the way. */
public enum HostState {
  /** Plugins start; the public port is not open yet. */
  STARTING,
  /** All is there. */
  READY,
  /** It serves, but lacks something that joins it with others. */
  DEGRADED,
  /** It lets nobody in and moves its clients away. */
  DRAINING,
  /** It serves nobody any more. */
  STOPPED;

  /** As it is written for machines. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
