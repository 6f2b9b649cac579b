package io.dormouse.host;

import io.dormouse.host.admin.AdminRoutes;
import io.dormouse.host.admin.AdminSettings;
import io.dormouse.host.engine.EngineSettings;
import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.plugin.PluginRuntime;
import io.dormouse.host.plugin.PluginsSettings;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Makes what the other packages leave to the root, since they do not look for each other. */
@Factory
final class Wiring {
  @Singleton
  Namespaces namespaces() {
    return new Namespaces();
  }

  @Singleton
  PluginRuntime plugins(
      Namespaces namespaces, PluginsSettings settings, Configuration configuration) {
    return new PluginRuntime(namespaces, settings, configuration::ofPlugin);
  }

  @Singleton
  Listeners.Public publicSide(EngineSettings engine, PluginRuntime plugins) {
    ClientFiles client = new ClientFiles();
    Pages pages = new Pages(plugins::plugins, plugins::webFile);
    return new Listeners.Public(
        routing -> {
          client.routes(routing, engine.path());
          pages.routes(routing);
        },
        Map.of(),
        UnaryOperator.identity(),
        // The engine refuses what is too long itself, in a way that its clients understand.
        2L * engine.maxPayload());
  }

  @Singleton
  Listeners listeners(
      ServerSettings server,
      TlsSettings tls,
      Listeners.Public open,
      AdminSettings admin,
      AdminRoutes adminRoutes) {
    return new Listeners(server, TlsFiles.read(tls), open, admin, adminRoutes::add);
  }
}
