package io.dormouse.host;

import io.dormouse.host.engine.ClientAddress;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.List;

/**
 * Believes {@code X-Forwarded-For}, {@code -Proto} and {@code -Host} of trusted proxies: the client
 * is the last address that no trusted proxy has. What stands before it may be the client's own
 * invention.
 */
final class ForwardedAddress implements ClientAddress {
  private static final HeaderName FOR = HeaderNames.create("X-Forwarded-For");
  private static final HeaderName PROTO = HeaderNames.create("X-Forwarded-Proto");
  private static final HeaderName HOST = HeaderNames.create("X-Forwarded-Host");

  private final List<AddressRange> trusted;

  ForwardedAddress(List<String> trustedProxies) {
    trusted = trustedProxies.stream().map(AddressRange::parse).toList();
  }

  @Override
  public Client of(String peerAddress, boolean secure, Headers headers) {
    if (!isTrusted(peerAddress)) {
      return new Client(peerAddress, secure, headers.value(HeaderNames.HOST).orElse(""));
    }
    String client = peerAddress;
    List<String> hops = values(headers, FOR);
    for (int i = hops.size() - 1; i >= 0 && isTrusted(client); i--) {
      String hop = withoutPort(hops.get(i));
      if (!AddressRange.isValid(hop)) {
        break;
      }
      client = hop;
    }
    List<String> schemes = values(headers, PROTO);
    List<String> hosts = values(headers, HOST);
    return new Client(
        client,
        schemes.isEmpty() ? secure : schemes.getLast().equalsIgnoreCase("https"),
        hosts.isEmpty() ? headers.value(HeaderNames.HOST).orElse("") : hosts.getLast());
  }

  private boolean isTrusted(String address) {
    for (AddressRange range : trusted) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }

  private static List<String> values(Headers headers, HeaderName name) {
    return headers.all(name, List::of).stream()
        .flatMap(line -> List.of(line.split(",", -1)).stream())
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  /** Some proxies write {@code 1.2.3.4:5678} and {@code [::1]:5678}. */
  private static String withoutPort(String hop) {
    if (hop.startsWith("[")) {
      int end = hop.indexOf(']');
      return end < 0 ? hop : hop.substring(1, end);
    }
    int colon = hop.indexOf(':');
    return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
  }
}
