package io.dormouse.host.lifecycle;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a drain is, or would be.
 *
 * @param state of the host
 * @param done whether no client is left and no call of a plugin is waited for; false without a
 *     drain
 * @param pace as it was asked for; null without a drain, as are the next two
 * @param began when
 * @param deadline when those that are left are sent away at once
 * @param fits whether all have their turn before
 * @param perSecond clients that are to be moved a second; 0 without a drain
 * @param measured clients that were moved in the last whole second
 * @param sessions that are here now
 * @param moved so far
 * @param busy those whose turn was put off because something of theirs is under way
 * @param calls of plugins that are under way
 * @param cutShort sessions that were sent away at the deadline, without their turn
 * @param abandoned calls of plugins that were waited for no longer
 * @param movedEachSecond since the beginning, of the last ten minutes
 */
public record DrainStatus(
    HostState state,
    boolean done,
    @Nullable String pace,
    @Nullable Instant began,
    @Nullable Instant deadline,
    boolean fits,
    double perSecond,
    int measured,
    int sessions,
    int moved,
    int busy,
    int calls,
    int cutShort,
    int abandoned,
    List<Integer> movedEachSecond) {
  public DrainStatus {
    movedEachSecond = List.copyOf(movedEachSecond);
  }

  /** What was not waited for, for people; null for nothing. */
  public @Nullable String givenUp() {
    if (cutShort == 0 && abandoned == 0) {
      return null;
    }
    return "%,d sessions were closed without their turn, %,d calls of plugins were not waited for"
        .formatted(cutShort, abandoned);
  }
}
