package io.dormouse.host.backplane;

import java.util.Map;

/**
 * What a client said when it connected, as Node's servers tell each other.
 *
 * @param headers names in lower case; several values joined by {@code ", "}
 * @param time when it connected, as text for people
 * @param xdomain whether a page of another origin sent the first request
 * @param issued when it connected, in milliseconds since 1970
 * @param query the first value of each parameter
 * @param authJson a JSON value in UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record WireHandshake(
    Map<String, String> headers,
    String time,
    String address,
    boolean xdomain,
    boolean secure,
    long issued,
    String url,
    Map<String, String> query,
    byte[] authJson) {}
