package io.dormouse.host;

import io.dormouse.host.admin.AdminRoutes;
import io.dormouse.host.admin.AdminSettings;
import io.dormouse.host.admin.HostList;
import io.dormouse.host.admin.LogLines;
import io.dormouse.host.admin.PluginMeters;
import io.dormouse.host.backplane.BackplaneSettings;
import io.dormouse.host.backplane.HostCard;
import io.dormouse.host.backplane.HostStatus;
import io.dormouse.host.backplane.RedisBackplane;
import io.dormouse.host.backplane.RedisSettings;
import io.dormouse.host.engine.EngineServer;
import io.dormouse.host.engine.EngineSettings;
import io.dormouse.host.lifecycle.Drain;
import io.dormouse.host.lifecycle.DrainSettings;
import io.dormouse.host.lifecycle.Lifecycle;
import io.dormouse.host.lifecycle.LifecycleMeters;
import io.dormouse.host.namespace.NamespaceStatus;
import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.namespace.RecoverySettings;
import io.dormouse.host.namespace.SocketSettings;
import io.dormouse.host.plugin.PluginRuntime;
import io.dormouse.host.plugin.PluginStatus;
import io.dormouse.host.plugin.PluginsSettings;
import io.dormouse.host.plugin.ReplaceSettings;
import io.dormouse.host.plugin.Sharing;
import io.dormouse.host.plugin.SleepSettings;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes what the other packages leave to the root, since they do not look for each other. */
@Factory
final class Wiring {
  /** The one registry that every part of the host counts in. */
  @Singleton
  @Bean(
      preDestroy = "close",
      typed = {MeterRegistry.class, PrometheusMeterRegistry.class})
  PrometheusMeterRegistry registry() {
    return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  }

  @Singleton
  Namespaces namespaces(
      SocketSettings settings, RecoverySettings recovery, MeterRegistry registry) {
    return new Namespaces(settings, recovery, registry);
  }

  /** What joins this host with others; a host without Redis has nothing in it. */
  record Joined(@Nullable RedisBackplane backplane) {
    Sharing sharing() {
      return backplane == null ? Sharing.nothing() : backplane.sharing();
    }

    void start() {
      if (backplane != null) {
        backplane.start();
      }
    }

    void stop() {
      if (backplane != null) {
        backplane.stop();
      }
    }
  }

  @Singleton
  Joined backplane(
      BackplaneSettings settings,
      RedisSettings redis,
      RecoverySettings recovery,
      Namespaces namespaces,
      Provider<PluginRuntime> plugins,
      Provider<ForwardWiring.Inward> inward,
      ServerSettings server,
      Lifecycle lifecycle,
      MeterRegistry registry) {
    if (!redis.isConfigured()) {
      return new Joined(null);
    }
    Instant started = Instant.now();
    String name = HostName.of(server.port());
    RedisBackplane backplane =
        new RedisBackplane(
            settings,
            redis,
            recovery.maxDisconnection(),
            namespaces,
            registry,
            () ->
                card(name, started, inward.get().address(), plugins.get(), namespaces, lifecycle));
    lifecycle.dependOn(backplane::lacks, settings.readyWithoutRedis());
    return new Joined(backplane);
  }

  @Singleton
  HostList hosts(
      Joined joined,
      ForwardWiring.Inward inward,
      ServerSettings server,
      PluginRuntime plugins,
      Namespaces namespaces,
      Lifecycle lifecycle) {
    Instant started = Instant.now();
    String name = HostName.of(server.port());
    return () -> {
      HostCard self = card(name, started, inward.address(), plugins, namespaces, lifecycle);
      RedisBackplane backplane = joined.backplane();
      List<HostStatus> all = new ArrayList<>();
      all.add(
          new HostStatus(
              backplane == null ? "alone" : backplane.hostId(),
              self.name(),
              self.version(),
              self.started(),
              Instant.now(),
              true,
              self.sockets(),
              namespaces.statuses().stream().map(NamespaceStatus::name).toList(),
              self.plugins(),
              self.state()));
      if (backplane != null) {
        all.addAll(backplane.hosts());
      }
      return all;
    };
  }

  private static HostCard card(
      String name,
      Instant started,
      @Nullable String address,
      PluginRuntime plugins,
      Namespaces namespaces,
      Lifecycle lifecycle) {
    List<HostStatus.PluginPart> parts = new ArrayList<>();
    for (PluginStatus plugin : plugins.plugins()) {
      if (plugin.id() != null) {
        parts.add(
            new HostStatus.PluginPart(
                plugin.id(),
                plugin.version(),
                plugin.digest(),
                plugin.state().name().toLowerCase(Locale.ROOT),
                plugin.lastError(),
                plugin.refusedDigest()));
      }
    }
    int sockets = namespaces.statuses().stream().mapToInt(NamespaceStatus::sockets).sum();
    return new HostCard(
        name, Main.Version.text(), started, address, sockets, parts, lifecycle.state().toString());
  }

  @Singleton
  Drain drain(
      Lifecycle lifecycle,
      DrainSettings settings,
      EngineServer engine,
      PluginRuntime plugins,
      MeterRegistry registry) {
    Drain drain = new Drain(lifecycle, settings, new HostClients(engine, plugins));
    LifecycleMeters.bind(lifecycle, drain, registry);
    return drain;
  }

  @Singleton
  EngineServer engine(
      EngineSettings settings,
      Namespaces namespaces,
      ServerSettings server,
      ForwardWiring.Outward outward,
      MeterRegistry registry) {
    return new EngineServer(
        settings,
        namespaces,
        new ForwardedAddress(server.trustedProxies()),
        registry,
        outward.router());
  }

  @Singleton
  PluginRuntime plugins(
      Namespaces namespaces,
      Joined joined, // also because namespaces are joined before any is opened
      MeterRegistry registry,
      PluginsSettings settings,
      ReplaceSettings replace,
      SleepSettings sleep,
      Configuration configuration) {
    PluginRuntime runtime =
        new PluginRuntime(
            namespaces,
            registry,
            settings,
            replace,
            sleep,
            configuration::ofPlugin,
            joined.sharing());
    PluginMeters.bind(runtime, registry);
    return runtime;
  }

  @Singleton
  Listeners.Public publicSide(EngineSettings settings, EngineServer engine, PluginRuntime plugins) {
    ClientFiles client = new ClientFiles();
    Pages pages = new Pages(plugins::plugins, plugins::webFile);
    Http1Upgrader upgrader = engine.upgrader();
    return new Listeners.Public(
        routing -> {
          client.routes(routing, settings.path());
          engine.routing(routing);
          pages.routes(routing);
        },
        // Helidon looks upgraders up by the header's exact value.
        Map.of("websocket", upgrader, "WebSocket", upgrader),
        UnaryOperator.identity(),
        engine.maxRequestBytes());
  }

  @Singleton
  LogLines logLines() {
    return LogSetup.lines();
  }

  @Singleton
  Listeners.Admin adminSide(AdminSettings settings, AdminRoutes routes, PluginsSettings plugins) {
    return new Listeners.Admin(settings, routes::add, routes.beforeRoutes(), plugins.maxJarSize());
  }

  @Singleton
  Listeners listeners(
      ServerSettings server, TlsSettings tls, Listeners.Public open, Listeners.Admin admin) {
    return new Listeners(server, tls, open, admin);
  }
}
