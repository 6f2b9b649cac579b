package io.dormouse.host.namespace;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How something is emitted. Immutable.
 *
 * @param timeout for acks; null for the configured one
 */
public record Emission(boolean isVolatile, boolean compress, @Nullable Duration timeout) {
  public static final Emission PLAIN = new Emission(false, true, null);

  Emission asVolatile() {
    return new Emission(true, compress, timeout);
  }

  Emission compress(boolean on) {
    return new Emission(isVolatile, on, timeout);
  }

  /** With another wait for acks; it must be positive. */
  public Emission timeout(Duration wait) {
    if (wait.isNegative() || wait.isZero()) {
      throw new IllegalArgumentException("An ack's timeout must be positive, was " + wait);
    }
    return new Emission(isVolatile, compress, wait);
  }
}
