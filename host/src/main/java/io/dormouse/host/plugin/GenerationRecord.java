package io.dormouse.host.plugin;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is told about one generation, for longer than it lives; holds nothing of its classes. */
final class GenerationRecord {
  private final GenerationName name;
  private final @Nullable String digest;
  private GenerationState state = GenerationState.LOADED;
  private Instant since = Instant.now();
  private @Nullable String reason;
  private List<String> leakCauses = List.of();

  GenerationRecord(GenerationName name, @Nullable String digest) {
    this.name = name;
    this.digest = digest;
  }

  GenerationName name() {
    return name;
  }

  /** One that was refused stays so until its classes are gone. */
  synchronized void become(GenerationState next) {
    boolean over = next == GenerationState.COLLECTED || next == GenerationState.LEAKED;
    if (state != GenerationState.QUARANTINED || over) {
      state = next;
      since = Instant.now();
    }
  }

  synchronized void quarantined(String why) {
    become(GenerationState.QUARANTINED);
    reason = why;
  }

  /** Why it is not to stay, whatever becomes of it now. */
  synchronized void because(String why) {
    reason = why;
  }

  synchronized void leaked(List<String> causes) {
    become(GenerationState.LEAKED);
    leakCauses = causes;
  }

  synchronized GenerationStatus status() {
    return new GenerationStatus(
        name.number(), name.version(), digest, state, since, reason, leakCauses);
  }
}
