package io.dormouse.host.hook;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hook, for people.
 *
 * @param endpoint without path and query, which may be secrets
 * @param types that it is told of
 * @param queued events that wait for it, or are being delivered
 * @param delivered events since the host started
 * @param failedCalls since then, those that were tried again among them
 * @param dead events that were given up since then
 * @param deadLetters those of them that can be sent again
 * @param lastDelivered when it last took one; null for never
 * @param lastFailure of its last failed call; null for none
 */
public record HookStatus(
    String name,
    String endpoint,
    List<String> types,
    int queued,
    long delivered,
    long failedCalls,
    long dead,
    int deadLetters,
    @Nullable Instant lastDelivered,
    @Nullable String lastFailure) {}
