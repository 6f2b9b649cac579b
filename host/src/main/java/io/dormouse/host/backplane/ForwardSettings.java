package io.dormouse.host.backplane;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How hosts forward to each other what a balancer brought to the wrong one; for hosts with Redis.
 *
 * @param bind the address of the internal listener; null for the one by which this machine reaches
 *     Redis
 * @param port of the internal listener; 0 takes a free one
 * @param advertise under which the others reach it, {@code host} or {@code host:port}; null for
 *     where it listens
 * @param secret that all hosts have in common; null for one that is kept in Redis
 */
@ConfigurationProperties("dormouse.forward")
public record ForwardSettings(
    @Nullable String bind,
    @Bindable(defaultValue = "0") int port,
    @Nullable String advertise,
    @Nullable String secret) {
  private static final int SHORTEST_SECRET = 16;

  /** What is wrong with these values; empty when nothing is. Never shows the secret. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (port < 0 || port > 65_535) {
      problems.add("dormouse.forward.port must be between 0 and 65535, was " + port);
    }
    if (advertise != null && InternalAddress.parse(advertise, 1) == null) {
      problems.add(
          "dormouse.forward.advertise must be host or host:port, such as 10.0.0.7 or"
              + " [fd00::7]:5100, was '"
              + advertise
              + "'");
    }
    if (secret != null && secret.length() < SHORTEST_SECRET) {
      problems.add("dormouse.forward.secret must have at least " + SHORTEST_SECRET + " characters");
    }
    return problems;
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "ForwardSettings[bind=%s, port=%d, advertise=%s]".formatted(bind, port, advertise);
  }
}
