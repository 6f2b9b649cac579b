package io.dormouse.host;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The public listener.
 *
 * @param port where clients connect; 0 takes a free one
 * @param bind the address to listen on; {@code 0.0.0.0} for all
 * @param trustedProxies addresses or CIDR ranges whose {@code X-Forwarded-For} and {@code
 *     X-Forwarded-Proto} are believed; empty for nobody
 * @param requestTimeout how long a client may take to send a request, body included
 * @param idleTimeout how long a kept-alive connection may wait for its next request
 */
@ConfigurationProperties("dormouse.server")
record ServerSettings(
    @Bindable(defaultValue = "5000") int port,
    @Bindable(defaultValue = "0.0.0.0") String bind,
    @Bindable(defaultValue = "") List<String> trustedProxies,
    @Bindable(defaultValue = "30s") Duration requestTimeout,
    @Bindable(defaultValue = "2m") Duration idleTimeout) {

  List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (port < 0 || port > 65_535) {
      problems.add("dormouse.server.port must be between 0 and 65535, was " + port);
    }
    if (bind.isBlank()) {
      problems.add(
          "dormouse.server.bind must be an address such as 0.0.0.0 or 127.0.0.1, was empty");
    }
    for (String proxy : trustedProxies) {
      if (!AddressRange.isValid(proxy)) {
        problems.add(
            "dormouse.server.trusted-proxies '"
                + proxy
                + "' is not an address or range such as 10.0.0.7 or 10.0.0.0/8");
      }
    }
    if (!requestTimeout.isPositive()) {
      problems.add("dormouse.server.request-timeout must be positive, was " + requestTimeout);
    }
    if (!idleTimeout.isPositive()) {
      problems.add("dormouse.server.idle-timeout must be positive, was " + idleTimeout);
    }
    return problems;
  }
}
