package io.dormouse.host.protocol;

import java.util.List;

/**
 * An event's name and arguments as they stand in a packet: a JSON array in UTF-8, {@code
 * ["news",1]}, with a placeholder for each attachment.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record EventData(byte[] json, List<byte[]> attachments) {}
