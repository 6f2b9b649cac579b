package io.dormouse.host;

import io.dormouse.host.admin.AdminSettings;
import io.dormouse.host.admin.AdminTokens;
import io.dormouse.host.backplane.BackplaneSettings;
import io.dormouse.host.backplane.ForwardSettings;
import io.dormouse.host.backplane.RedisSettings;
import io.dormouse.host.engine.EngineSettings;
import io.dormouse.host.lifecycle.DrainSettings;
import io.dormouse.host.namespace.RecoverySettings;
import io.dormouse.host.namespace.SocketSettings;
import io.dormouse.host.plugin.PluginsSettings;
import io.dormouse.host.plugin.ReplaceSettings;
import io.dormouse.host.plugin.SleepSettings;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.MapPropertySource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.LoggerFactory;

/** Opens the context in which the host's beans find each other and their settings. */
final class HostContext {
  /** A record of settings, and what it finds wrong with itself. */
  private record Settings<T>(Class<T> type, Function<T, List<String>> problems) {
    List<String> problems(ApplicationContext context) {
      return problems.apply(context.getBean(type));
    }
  }

  private static final List<Settings<?>> SETTINGS =
      List.of(
          new Settings<>(ServerSettings.class, ServerSettings::problems),
          new Settings<>(TlsSettings.class, TlsSettings::problems),
          new Settings<>(EngineSettings.class, EngineSettings::problems),
          new Settings<>(SocketSettings.class, SocketSettings::problems),
          new Settings<>(RecoverySettings.class, RecoverySettings::problems),
          new Settings<>(AdminSettings.class, AdminSettings::problems),
          new Settings<>(PluginsSettings.class, PluginsSettings::problems),
          new Settings<>(ReplaceSettings.class, ReplaceSettings::problems),
          new Settings<>(SleepSettings.class, SleepSettings::problems),
          new Settings<>(BackplaneSettings.class, BackplaneSettings::problems),
          new Settings<>(RedisSettings.class, RedisSettings::problems),
          new Settings<>(ForwardSettings.class, ForwardSettings::problems),
          new Settings<>(DrainSettings.class, DrainSettings::problems),
          new Settings<>(LogSettings.class, _ -> List.of()));

  private HostContext() {}

  /**
   * Reads and checks the whole configuration, then lets beans be made; none is made yet.
   *
   * @throws ConfigurationInvalid naming all that is wrong
   * @throws CannotStart when the file cannot be read
   */
  static ApplicationContext open(ConfigurationSources sources) {
    ApplicationContext context =
        ApplicationContext.builder()
            .enableDefaultPropertySources(false)
            .environmentPropertySource(false)
            .deduceEnvironment(false)
            .bootstrapEnvironment(false)
            .banner(false)
            .start();
    Configuration configuration = Configuration.read(keys(context), sources);
    context
        .getEnvironment()
        .addPropertySource(new MapPropertySource("dormouse", literal(configuration.values())));
    context.registerSingleton(Configuration.class, configuration);

    List<String> problems = new ArrayList<>(configuration.problems());
    for (Settings<?> settings : SETTINGS) {
      settings.problems(context).stream().map(configuration::withOrigin).forEach(problems::add);
    }
    context.registerSingleton(AdminTokens.of(configuration.tokens(), problems));
    context.registerSingleton(HookWiring.configured(configuration, problems));
    if (!problems.isEmpty()) {
      context.close();
      throw new ConfigurationInvalid(problems);
    }
    LogSetup.apply(context.getBean(LogSettings.class));
    configuration.warnings().forEach(LoggerFactory.getLogger(Configuration.class)::warn);
    return context;
  }

  /** All keys that may be configured. */
  static ConfigurationKeys keys(ApplicationContext context) {
    return ConfigurationKeys.of(context, SETTINGS.stream().<Class<?>>map(Settings::type).toList());
  }

  /** Micronaut would replace {@code ${NAME}} in text; here a value means what it says. */
  private static Map<String, Object> literal(Map<String, Object> values) {
    Map<String, Object> literal = new HashMap<>();
    values.forEach((name, value) -> literal.put(name, literal(value)));
    return literal;
  }

  private static Object literal(Object value) {
    return switch (value) {
      case String text -> text.replace("${", "${dormouse-dollar:$}{");
      case List<?> list -> list.stream().map(HostContext::literal).toList();
      default -> value;
    };
  }
}
