package io.dormouse.host.hook;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended.
 *
 * @param code null when the event was taken, or vetoed
 * @param again whether the same call may work later
 * @param retryAfter when the endpoint wants to be called again; null when it has not said
 * @param reason for people; empty when taken
 */
record Answer(
    boolean vetoed,
    @Nullable HookErrorCode code,
    boolean again,
    @Nullable Duration retryAfter,
    String reason) {
  static final Answer TAKEN = new Answer(false, null, false, null, "");

  /** What was asked for is not to be done. */
  static Answer veto(@Nullable Duration retryAfter) {
    return new Answer(true, null, false, retryAfter, "");
  }

  static Answer again(HookErrorCode code, @Nullable Duration retryAfter, String reason) {
    return new Answer(false, code, true, retryAfter, reason);
  }

  static Answer never(HookErrorCode code, String reason) {
    return new Answer(false, code, false, null, reason);
  }

  String outcome() {
    return code != null ? code.label() : vetoed ? "vetoed" : "taken";
  }
}
