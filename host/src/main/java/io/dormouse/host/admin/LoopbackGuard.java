package io.dormouse.host.admin;

import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.Status;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
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
final class LoopbackGuard implements Filter {
  private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private final boolean active;
  private final String ownName;

  /**
   * @param bind the listener's address; on any but loopback all requests pass, since probes and
   *     scrapers name whatever they know the host by
   */
  LoopbackGuard(String bind) {
    active = isLoopback(bind);
    ownName = bind.toLowerCase(Locale.ROOT);
  }

  private static boolean isLoopback(String bind) {
    try {
      return InetAddress.getByName(bind).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return true;
    }
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    if (active && isForeign(request.headers())) {
      response
          .status(Status.FORBIDDEN_403)
          .header(HeaderNames.CONTENT_TYPE, "application/json")
          .send("{\"error\":\"The admin port does not answer web pages\"}");
      return;
    }
    chain.proceed();
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
