package io.dormouse.host.plugin;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One loaded version of a plugin.
 *
 * @param number counts all that this host has loaded
 * @param digest SHA-256 of its JAR in lower-case hex; null without a JAR
 * @param since when it came into this state
 * @param reason why it is in quarantine or was rolled back; null when it was not
 * @param leakCauses what holds a leaked one; empty when it is none
 */
public record GenerationStatus(
    int number,
    String version,
    @Nullable String digest,
    GenerationState state,
    Instant since,
    @Nullable String reason,
    List<String> leakCauses) {
  public GenerationStatus {
    leakCauses = List.copyOf(leakCauses);
  }
}
