package io.dormouse.host.backplane;

import org.jspecify.annotations.Nullable;

/**
 * What another published.
 *
 * @param hostId of the host of ours that it is of; null when it is of a Node server or an emitter
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Incoming(String channel, @Nullable String hostId, byte[] payload) {}
