package io.dormouse.host.hook;

import java.time.Duration;
import java.util.List;

/**
 * What hooks say to a question.
 *
 * @param allowed whether none has vetoed
 * @param delay after which it may be asked again, the longest that was named; zero when allowed
 * @param vetoedBy names of hooks
 */
public record Verdict(boolean allowed, Duration delay, List<String> vetoedBy) {
  static final Verdict ALLOWED = new Verdict(true, Duration.ZERO, List.of());
}
