package io.dormouse.host.backplane;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is.
 *
 * @param url of one server, of a sentinel or of a node of a cluster; null or empty for no Redis
 * @param nodes further sentinels or nodes, as {@code host:port}
 * @param username in the place of the URL's
 * @param password in the place of the URL's
 * @param sentinelMaster the name that sentinels know the master by; needed for them alone
 * @param sentinelPassword of the sentinels themselves
 * @param trustStore with the certificates that are trusted; the JDK's when null
 * @param verifyHostname whether the certificate must name the host
 * @param timeout how long an answer of Redis, or a connection to it, may take
 */
@ConfigurationProperties("dormouse.backplane.redis")
public record RedisSettings(
    @Nullable String url,
    @Bindable(defaultValue = "single") Mode mode,
    @Bindable(defaultValue = "") List<String> nodes,
    @Nullable String username,
    @Nullable String password,
    @Nullable String sentinelMaster,
    @Nullable String sentinelPassword,
    @Nullable Path trustStore,
    @Nullable String trustStorePassword,
    @Bindable(defaultValue = "true") boolean verifyHostname,
    @Bindable(defaultValue = "2s") Duration timeout) {

  /** How several servers of Redis belong together. */
  public enum Mode {
    SINGLE,
    SENTINEL,
    CLUSTER
  }

  private static final String PREFIX = "dormouse.backplane.redis.";

  /** One server, without TLS of its own or credentials besides those of the URL. */
  public static RedisSettings of(String url) {
    return new RedisSettings(
        url,
        Mode.SINGLE,
        List.of(),
        null,
        null,
        null,
        null,
        null,
        null,
        true,
        Duration.ofSeconds(2));
  }

  /** Whether this host is to join others at all. */
  public boolean isConfigured() {
    return url != null && !url.isBlank();
  }

  /** What is wrong with these values; empty when nothing is. Never shows a secret. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    RedisAddress address = null;
    if (isConfigured()) {
      try {
        address = address();
      } catch (RedisAddress.Malformed malformed) {
        problems.add(PREFIX + "url " + malformed.getMessage());
      }
    } else if (mode != Mode.SINGLE || !nodes.isEmpty()) {
      problems.add(PREFIX + "url is missing, which names the first of the nodes");
    }
    for (String node : nodes) {
      if (!isNode(node)) {
        problems.add(PREFIX + "nodes must each be host:port, was '" + masked(node) + "'");
      }
    }
    if (mode == Mode.SINGLE && !nodes.isEmpty()) {
      problems.add(PREFIX + "nodes go with mode sentinel or cluster only");
    }
    if ((mode == Mode.SENTINEL) != (sentinelMaster != null)) {
      problems.add(PREFIX + "sentinel-master and mode sentinel go together; only one is set");
    }
    if (mode == Mode.CLUSTER && address != null && address.database() != 0) {
      problems.add(PREFIX + "url must not choose a database: a cluster has only number 0");
    }
    if (trustStore != null && !Files.isReadable(trustStore)) {
      problems.add(PREFIX + "trust-store '" + trustStore + "' is not a file that can be read");
    }
    if (trustStore != null && address != null && !address.tls()) {
      problems.add(PREFIX + "trust-store is for rediss:// only");
    }
    if (timeout.compareTo(Duration.ofMillis(100)) < 0
        || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
      problems.add(PREFIX + "timeout must be between 100ms and 1m, was " + timeout);
    }
    return problems;
  }

  /** With user and password from where they are set. */
  RedisAddress address() throws RedisAddress.Malformed {
    RedisAddress parsed = RedisAddress.parse(url == null ? "" : url.strip());
    return new RedisAddress(
        parsed.tls(),
        parsed.host(),
        parsed.port(),
        parsed.database(),
        username == null ? parsed.user() : username,
        password == null ? parsed.password() : password);
  }

  private static boolean isNode(String node) {
    try {
      RedisAddress parsed = RedisAddress.parse("redis://" + node);
      return node.matches(".*:\\d+") && parsed.password() == null && parsed.user() == null;
    } catch (RedisAddress.Malformed _) {
      return false;
    }
  }

  private static String masked(String node) {
    return node.contains("@") ? "***" + node.substring(node.lastIndexOf('@')) : node;
  }

  /** Without passwords. */
  @Override
  public String toString() {
    try {
      return isConfigured() ? "RedisSettings[%s, %s]".formatted(mode, address()) : "no Redis";
    } catch (RedisAddress.Malformed malformed) {
      return "RedisSettings[" + malformed.getMessage() + "]";
    }
  }
}
