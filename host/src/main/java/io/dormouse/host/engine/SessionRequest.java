package io.dormouse.host.engine;

import java.time.Instant;
import java.util.Map;

/**
 * The request that opened a session.
 *
 * @param headers names in lower case; several values joined by {@code ", "}
 * @param query decoded; the first value of each parameter
 * @param address the client's IP address
 * @param crossOrigin whether a web page of another origin sent it
 * @param url path and query as sent
 */
public record SessionRequest(
    Map<String, String> headers,
    Map<String, String> query,
    String address,
    boolean secure,
    boolean crossOrigin,
    String url,
    Instant opened) {}
