package io.dormouse.host.admin;

import jakarta.inject.Singleton;

/** Whether this host wants new clients: once it listens, until it stops. */
@Singleton
public final class Readiness {
  private volatile boolean ready;

  public boolean isReady() {
    return ready;
  }

  /** Takes effect at the next probe. */
  public void set(boolean ready) {
    this.ready = ready;
  }
}
