package io.dormouse.host.protocol;

import java.util.List;

/**
 * A packet ready to be sent: its text in UTF-8 ({@code 2/chat,["hello",{}]}) and the attachments
 * that follow it, in order.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record EncodedPacket(byte[] text, List<byte[]> attachments) {}
