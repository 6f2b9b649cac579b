package io.dormouse.host.admin;

import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Keeps web pages away from an admin listener on loopback. A page in a browser of this machine can
 * send requests to it, but not without its {@code Origin} or, after rebinding its DNS name, without
 * a foreign {@code Host}.
 */
final class LoopbackGuard {
  private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private final String ownName;

  /**
   * @param bind the listener's address
   */
  LoopbackGuard(String bind) {
    ownName = bind.toLowerCase(Locale.ROOT);
  }

  /** Whether a listener on this address is reached from this machine only. */
  static boolean isLoopback(String bind) {
    try {
      return InetAddress.getByName(bind).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false;
    }
  }

  /**
   * @throws Problem when the request may come from a web page
   */
  void check(Headers headers) {
    if (isForeign(headers)) {
      throw new Problem(
          AdminErrorCode.ADMIN_WEB_PAGE,
          "Without a token the admin listener answers programs of this machine only: the request"
              + " must have no Origin, and localhost or 127.0.0.1 as its Host");
    }
  }

  private boolean isForeign(Headers headers) {
    if (headers.contains(HeaderNames.ORIGIN)) {
      return true;
    }
    List<String> hosts = headers.all(HeaderNames.HOST, List::of);
    if (hosts.size() != 1) {
      return true;
    }
    String name = hosts.getFirst().toLowerCase(Locale.ROOT).replaceFirst(":\\d*$", "");
    return !OWN_NAMES.contains(name) && !name.equals(ownName);
  }
}
