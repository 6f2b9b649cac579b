package io.dormouse.host.hook;

import java.time.Instant;

/**
 * An event that a hook has not got and is not going to get by itself.
 *
 * @param id of the event
 * @param at when it happened
 * @param givenUp when it was given up
 * @param calls that were made for it
 * @param reason for people
 */
public record DeadLetter(
    String id,
    String type,
    String subject,
    Instant at,
    Instant givenUp,
    int calls,
    HookErrorCode code,
    String reason) {}
