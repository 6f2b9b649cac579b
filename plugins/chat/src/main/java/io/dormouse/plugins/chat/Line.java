package io.dormouse.plugins.chat;

/**
 * What somebody said.
 *
 * @param id made by the client that sent it, unique together with its sender
 * @param at milliseconds since 1970, by the host's clock
 */
record Line(String id, Person from, String text, long at) {}
