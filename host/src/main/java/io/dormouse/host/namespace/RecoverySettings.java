package io.dormouse.host.namespace;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Settings of clients that come back after a short break, {@code dormouse.recovery.*}. They hold
 * for namespaces whose plugin asked for recovery; a pattern's children count as one namespace.
 *
 * @param enabled false turns it off whatever plugins ask for
 * @param maxDisconnection how long a break may be
 * @param maxMessages of one namespace that are remembered
 * @param maxBytes of the same
 */
@ConfigurationProperties("dormouse.recovery")
public record RecoverySettings(
    @Bindable(defaultValue = "true") boolean enabled,
    @Bindable(defaultValue = "2m") Duration maxDisconnection,
    @Bindable(defaultValue = "10000") int maxMessages,
    @ReadableBytes @Bindable(defaultValue = "16MB") int maxBytes) {

  /** The defaults. */
  public static RecoverySettings defaults() {
    return new RecoverySettings(true, Duration.ofMinutes(2), 10_000, 16_000_000);
  }

  /** What is wrong with these values, in a form for people; empty when nothing is. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (maxDisconnection.compareTo(Duration.ofSeconds(1)) < 0
        || maxDisconnection.compareTo(Duration.ofDays(1)) > 0) {
      problems.add(
          "dormouse.recovery.max-disconnection must be from 1s to 1d, was " + maxDisconnection);
    }
    if (maxMessages <= 0) {
      problems.add("dormouse.recovery.max-messages must be positive, was " + maxMessages);
    }
    if (maxBytes <= 0) {
      problems.add("dormouse.recovery.max-bytes must be positive, was " + maxBytes);
    }
    return problems;
  }
}
