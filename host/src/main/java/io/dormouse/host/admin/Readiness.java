package io.dormouse.host.admin;

import jakarta.inject.Singleton;

/** Whether this host wants new clients: once it listens, until it stops. */
@Singleton
public final class Readiness {
  private volatile boolean ready;
  private volatile boolean started;

  public boolean isReady() {
    return ready;
  }

  /** Whether it was ever ready; stays so. */
  public boolean hasStarted() {
    return started;
  }

  /** Takes effect at the next probe. */
  public void set(boolean ready) {
    this.ready = ready;
    started |= ready;
  }
}
