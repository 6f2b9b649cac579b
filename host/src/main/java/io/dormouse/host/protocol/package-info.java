/**
 * Socket.IO v5 packets: from the text and binary messages of one connection to {@link
 * io.dormouse.host.protocol.Packet}s, and back. Pure: no I/O, no clock, no threads. Knows nothing
 * of Engine.IO; {@code namespace} is its only caller.
 */
@NullMarked
package io.dormouse.host.protocol;

import org.jspecify.annotations.NullMarked;
