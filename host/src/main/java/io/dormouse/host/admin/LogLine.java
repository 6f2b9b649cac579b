package io.dormouse.host.admin;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of the host's log.
 *
 * @param plugin that it is about; null for none
 * @param fields what it says beside its message
 * @param thrown an exception with its stack; null for none
 */
public record LogLine(
    Instant at,
    String level,
    String logger,
    String message,
    @Nullable String plugin,
    Map<String, String> fields,
    @Nullable String thrown) {
  public LogLine {
    fields = Map.copyOf(fields);
  }
}
