package io.dormouse.host.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A Socket.IO packet that a client sent, attachments included (protocol v5, "Packet types"). Binary
 * events and acks are {@link Event} and {@link Ack} whose arguments have attachments.
 */
public sealed interface Packet {
  /** The namespace it is for, without a query; {@code "/"} when the packet names none. */
  String namespace();

  /** Asks to join; {@code auth} is null when absent, else a JSON object. */
  record Connect(String namespace, @Nullable RawArguments auth) implements Packet {}

  /** Leaves the namespace. */
  record Disconnect(String namespace) implements Packet {}

  /** An event; {@code id} is what the ack must carry, or -1 when none is wanted. */
  record Event(String namespace, long id, String name, RawArguments arguments) implements Packet {}

  /** The answer to an event of ours. */
  record Ack(String namespace, long id, RawArguments arguments) implements Packet {}
}
