package io.dormouse.host.backplane;

/**
 * What another host published before this one heard it.
 *
 * @param publishedMillis by the clock of that host
 */
record PastMessage(Incoming message, long publishedMillis) {}
