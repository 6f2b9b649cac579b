package io.dormouse.host.engine;

import io.helidon.http.Headers;

/** Who a request really comes from when a trusted proxy stands in between. */
public interface ClientAddress {
  /**
   * Who is on the other side.
   *
   * @param address an IP address, without port
   * @param secure whether the client came by TLS
   * @param host what the client asked for, as in the {@code Host} header; empty when unknown
   */
  record Client(String address, boolean secure, String host) {}

  /** Reads the proxy's headers when the peer is a trusted proxy, and ignores them otherwise. */
  Client of(String peerAddress, boolean secure, Headers headers);
}
