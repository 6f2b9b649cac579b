package io.dormouse.host.backplane;

import org.jspecify.annotations.Nullable;

/**
 * Where a host's internal listener is. What is not configured is found: the address by which this
 * machine reaches Redis, which is loopback when Redis is there.
 */
public final class ListenAddress {
  private final ForwardSettings settings;
  private final RedisAddress redis;

  ListenAddress(ForwardSettings settings, RedisAddress redis) {
    this.settings = settings;
    this.redis = redis;
  }

  /** The address to listen on: that towards Redis, or all while there is no way to it. */
  public String bind() {
    String configured = settings.bind();
    if (configured != null) {
      return configured;
    }
    String found = found();
    return found == null ? "0.0.0.0" : found;
  }

  /** The configured port; 0 for a free one. */
  public int port() {
    return settings.port();
  }

  /**
   * What the other hosts are told; null while that is not known.
   *
   * @param port that is listened on
   */
  public @Nullable String advertised(int port) {
    InternalAddress configured = InternalAddress.parse(settings.advertise(), port);
    if (configured != null) {
      return configured.toString();
    }
    String bind = settings.bind();
    String host = bind == null || bind.equals("0.0.0.0") || bind.equals("::") ? found() : bind;
    return host == null ? null : new InternalAddress(host, port).toString();
  }

  private @Nullable String found() {
    return InternalAddress.towards(redis.host(), redis.port());
  }
}
