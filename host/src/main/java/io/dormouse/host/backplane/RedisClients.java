package io.dormouse.host.backplane;

import java.net.MalformedURLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.BaseConfig;
import org.redisson.config.BaseMasterSlaveServersConfig;
import org.redisson.config.Config;
import org.redisson.config.EqualJitterDelay;
import org.redisson.config.ReadMode;
import org.redisson.config.SslVerificationMode;
import org.redisson.config.SubscriptionMode;

/**
 * The two connections to Redis, which need not be there: a call fails within the timeout then, is
 * never tried again by itself, and the connection comes back by itself.
 *
 * <p>Redisson sends commands in the order of their calls only where its pool has one connection,
 * and a command that waits holds that connection. So one client publishes, and the other one does
 * the rest.
 */
final class RedisClients {
  private static final Duration PING_INTERVAL = Duration.ofSeconds(3);
  private static final Duration SHORTEST_DELAY = Duration.ofMillis(50);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(1);
  private static final int SUBSCRIPTIONS_PER_CONNECTION = 10_000;
  private static final int COMMAND_CONNECTIONS = 8;

  private final RedisSettings settings;
  private final RedisAddress address;
  private @Nullable RedissonClient publishing;
  private @Nullable RedissonClient commands;
  private boolean shutDown;

  /**
   * @throws IllegalArgumentException for settings that have {@link RedisSettings#problems}
   */
  RedisClients(RedisSettings settings) {
    this.settings = settings;
    try {
      this.address = settings.address();
    } catch (RedisAddress.Malformed malformed) {
      throw new IllegalArgumentException(malformed.getMessage(), malformed);
    }
  }

  RedisAddress address() {
    return address;
  }

  /** Where Redis is, for people; without credentials. */
  String location() {
    return address.toString();
  }

  /** Subscribes, and sends its commands in the order of their calls. Nothing may wait in it. */
  synchronized RedissonClient publishing() {
    if (publishing == null) {
      publishing = create(1);
    }
    return publishing;
  }

  /** For everything else. */
  synchronized RedissonClient commands() {
    if (commands == null) {
      commands = create(COMMAND_CONNECTIONS);
    }
    return commands;
  }

  /** Does not wait for what is under way. */
  synchronized void shutdown() {
    shutDown = true;
    for (RedissonClient client : new RedissonClient[] {publishing, commands}) {
      if (client != null) {
        client.shutdown(0, 0, TimeUnit.SECONDS);
      }
    }
  }

  private RedissonClient create(int connections) {
    if (shutDown) {
      throw new IllegalStateException("Redis is no longer used: the host stops.");
    }
    return Redisson.create(config(connections));
  }

  private Config config(int connections) {
    Config config =
        new Config()
            .setThreads(2)
            .setNettyThreads(2)
            // The default one reads any class that a message names.
            .setCodec(ByteArrayCodec.INSTANCE)
            .setLazyInitialization(true)
            .setTcpNoDelay(true)
            .setTcpKeepAlive(true);
    if (address.user() != null) {
      config.setUsername(address.user());
    }
    if (address.password() != null) {
      config.setPassword(address.password());
    }
    if (address.tls()) {
      secure(config);
    }
    switch (settings.mode()) {
      case SINGLE ->
          common(config.useSingleServer())
              .setAddress(address.location())
              .setDatabase(address.database())
              .setConnectionPoolSize(connections)
              .setConnectionMinimumIdleSize(1)
              .setSubscriptionConnectionPoolSize(1)
              .setSubscriptionConnectionMinimumIdleSize(1);
      case SENTINEL ->
          pools(connections, common(config.useSentinelServers()))
              .setMasterName(settings.sentinelMaster())
              .setSentinelPassword(settings.sentinelPassword())
              .setDatabase(address.database())
              // It would refuse fewer than two.
              .setCheckSentinelsList(false)
              .addSentinelAddress(locations());
      case CLUSTER ->
          pools(connections, common(config.useClusterServers())).addNodeAddress(locations());
    }
    return config;
  }

  private void secure(Config config) {
    config.setSslVerificationMode(
        settings.verifyHostname() ? SslVerificationMode.STRICT : SslVerificationMode.CA_ONLY);
    if (settings.trustStore() != null) {
      try {
        config.setSslTruststore(settings.trustStore().toUri().toURL());
      } catch (MalformedURLException impossible) {
        throw new IllegalStateException(impossible);
      }
      if (settings.trustStorePassword() != null) {
        config.setSslTruststorePassword(settings.trustStorePassword());
      }
    }
  }

  private <T extends BaseConfig<T>> T common(T servers) {
    int timeout = (int) settings.timeout().toMillis();
    return servers
        // A command that is tried again comes after those that followed it.
        .setRetryAttempts(0)
        .setTimeout(timeout)
        .setConnectTimeout(timeout)
        .setSubscriptionTimeout(timeout)
        .setPingConnectionInterval((int) PING_INTERVAL.toMillis())
        .setReconnectionDelay(new EqualJitterDelay(SHORTEST_DELAY, LONGEST_DELAY))
        .setSubscriptionsPerConnection(SUBSCRIPTIONS_PER_CONNECTION);
  }

  private static <T extends BaseMasterSlaveServersConfig<T>> T pools(int connections, T servers) {
    return servers
        .setReadMode(ReadMode.MASTER)
        .setSubscriptionMode(SubscriptionMode.MASTER)
        .setMasterConnectionPoolSize(connections)
        .setMasterConnectionMinimumIdleSize(1)
        .setSubscriptionConnectionPoolSize(1)
        .setSubscriptionConnectionMinimumIdleSize(1);
  }

  private String[] locations() {
    String scheme = address.tls() ? "rediss://" : "redis://";
    List<String> nodes = settings.nodes();
    return Stream.concat(Stream.of(address.location()), nodes.stream().map(node -> scheme + node))
        .distinct()
        .toArray(String[]::new);
  }
}
