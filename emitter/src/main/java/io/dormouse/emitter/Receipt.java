package io.dormouse.emitter;

/**
 * What a broadcast has reached.
 *
 * @param hosts how many hosts have answered that they took it, also those without a chosen socket
 * @param sockets into how many sockets' queues they have put it
 * @param complete whether all hosts have answered that serve the namespace; never true when none
 *     did
 */
public record Receipt(int hosts, int sockets, boolean complete) {}
