package io.dormouse.plugins.chat;

/**
 * Somebody who talks.
 *
 * @param id the same for all connections of one browser, and no secret
 */
record Person(String id, String name) {}
