package io.dormouse.host.admin;

import jakarta.inject.Singleton;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether this host wants new clients: once it listens, until it stops, and, if so configured, only
 * while what it depends on is there.
 */
@Singleton
public final class Readiness {
  private volatile boolean ready;
  private volatile boolean started;

  private volatile Supplier<@Nullable String> degraded = () -> null;
  private volatile boolean readyAnyway = true;

  public boolean isReady() {
    return ready && (readyAnyway || degraded() == null);
  }

  /** What it lacks at the moment, for people; null when nothing. */
  @Nullable String degraded() {
    return degraded.get();
  }

  /**
   * Depends on something from now on.
   *
   * @param lacks what is missing at the moment; null when nothing is
   * @param anyway whether the host is ready all the same
   */
  public void dependOn(Supplier<@Nullable String> lacks, boolean anyway) {
    degraded = lacks;
    readyAnyway = anyway;
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
