package io.dormouse.host.namespace;

import io.dormouse.host.protocol.EventData;

/**
 * An event in a namespace with recovery that another host emitted before this one heard it.
 *
 * @param origin see {@link Backplane#origin}
 * @param emittedMillis by the clock of that host
 */
public record PastEvent(
    String origin,
    long number,
    String name,
    Target target,
    Emission emission,
    EventData event,
    long emittedMillis) {}
