package io.dormouse.host.backplane;

import io.dormouse.host.namespace.Emission;
import io.dormouse.host.namespace.Target;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which sockets a message is for, and how it is sent.
 *
 * @param rooms empty for everyone
 * @param timeout for acks; null when it says none
 */
record Options(
    Set<String> rooms,
    Set<String> except,
    boolean isVolatile,
    boolean compress,
    @Nullable Duration timeout) {
  static final Options EVERYONE = to(Set.of(), Set.of());

  static Options of(Target target, Emission emission) {
    return new Options(
        target.rooms(),
        target.except(),
        emission.isVolatile(),
        emission.compress(),
        emission.timeout());
  }

  Target target() {
    return new Target(rooms, except);
  }

  Emission emission() {
    return new Emission(isVolatile, compress, timeout);
  }

  static Options to(Set<String> rooms, Set<String> except) {
    return new Options(rooms, except, false, true, null);
  }
}
