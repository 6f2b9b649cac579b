package io.dormouse.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Every key's value and where it came from: command line option over system property over {@code
 * DORMOUSE_*} over {@code PORT} and {@code REDIS_URL} over the file over the default.
 */
final class Configuration {
  /** The key behind each option. */
  static final Map<String, String> OPTIONS =
      Map.of(
          "--port", "dormouse.server.port",
          "--bind", "dormouse.server.bind",
          "--admin-port", "dormouse.admin.port",
          "--plugins", "dormouse.plugins.folder",
          "--redis", "dormouse.backplane.redis.url");

  /** The variables that others set for any server. */
  private static final Map<String, String> ALIASES =
      Map.of(
          "PORT", "dormouse.server.port",
          "REDIS_URL", "dormouse.backplane.redis.url");

  private static final String PREFIX = "dormouse.";
  private static final String VARIABLE_PREFIX = "DORMOUSE_";

  /** What is for the launcher and for commands that talk to a host. */
  private static final Set<String> OF_THE_LAUNCHER =
      Set.of("DORMOUSE_JAVA_OPTS", "DORMOUSE_ADMIN_URL", "DORMOUSE_ADMIN_TOKEN");

  /** What Kubernetes sets in every container for a Service called dormouse or dormouse-anything. */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "DORMOUSE_([A-Z0-9_]+_)?"
              + "(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_[A-Z]+)?)?)");

  private static final Pattern LINK_VALUE = Pattern.compile("(tcp|udp|sctp)://.*");

  private record Setting(Object value, String origin) {}

  private final ConfigurationKeys keys;
  private final Map<String, Setting> settings = new TreeMap<>();
  private final ConfigurationGroup plugins = new ConfigurationGroup("dormouse.plugin");
  private final ConfigurationGroup tokens = new ConfigurationGroup("dormouse.admin.tokens");
  private final ConfigurationGroup hooks = new ConfigurationGroup("dormouse.hooks");
  private final Map<String, Object> values = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private Configuration(ConfigurationKeys keys) {
    this.keys = keys;
  }

  /**
   * Reads all sources; never throws for a bad value, see {@link #problems}.
   *
   * @throws CannotStart when the file cannot be read
   */
  static Configuration read(ConfigurationKeys keys, ConfigurationSources sources) {
    Configuration configuration = new Configuration(keys);
    for (ConfigurationKey key : keys.all()) {
      String value = key.defaultValue();
      if (value != null) {
        configuration.settings.put(key.name(), new Setting(value, "default"));
      }
    }
    Path plugins = sources.home() == null ? null : sources.home().resolve("plugins");
    if (plugins != null && Files.isDirectory(plugins)) {
      configuration.set("dormouse.plugins.folder", plugins.toString(), "default");
    }
    configuration.readFile(sources);
    configuration.readEnvironment(sources.environment());
    sources
        .properties()
        .forEach(
            (name, value) -> {
              if (name.startsWith(PREFIX) && !name.equals("dormouse.home")) {
                configuration.set(name, value, "system property " + name);
              }
            });
    sources
        .options()
        .forEach(
            (option, value) -> {
              String name = OPTIONS.get(option);
              if (name != null) {
                configuration.set(name, value, "option " + option);
              }
            });
    configuration.parse();
    configuration.keepStateBeside(sources.home());
    return configuration;
  }

  /** A host is known by its port: several of one distribution do not share what they keep. */
  private void keepStateBeside(@Nullable Path home) {
    if (home != null
        && Files.isWritable(home)
        && values.get("dormouse.server.port") instanceof Integer port
        && port > 0) {
      values.putIfAbsent("dormouse.plugins.state-folder", home.resolve("state").resolve("" + port));
    }
  }

  private void readFile(ConfigurationSources sources) {
    if (sources.file() != null) {
      String origin = "file " + sources.file();
      ConfigurationFile.read(sources.file()).forEach((name, value) -> set(name, value, origin));
    }
  }

  private void readEnvironment(Map<String, String> environment) {
    ALIASES.forEach(
        (variable, name) -> {
          String value = environment.getOrDefault(variable, "");
          if (!value.isEmpty()) {
            set(name, value, "environment variable " + variable);
          }
        });
    new TreeMap<>(environment)
        .forEach(
            (variable, value) -> {
              if (variable.startsWith(VARIABLE_PREFIX)
                  && !OF_THE_LAUNCHER.contains(variable)
                  && !value.isEmpty()) {
                readVariable(variable, value);
              }
            });
  }

  private void readVariable(String variable, String value) {
    ConfigurationKey key = keys.setBy(variable);
    if (SERVICE_LINK.matcher(variable).matches()
        && (key == null || LINK_VALUE.matcher(value).matches())) {
      return;
    }
    if (key != null) {
      set(key.name(), value, "environment variable " + variable);
    } else if (!plugins.setVariable(variable, value)
        && !tokens.setVariable(variable, value)
        && !hooks.setVariable(variable, value)) {
      warnings.add(
          "Environment variable '%s' sets nothing%s. [%s]"
              .formatted(
                  variable,
                  keys.nearestVariable(variable)
                      .map(near -> "; the nearest that does is '" + near + "'")
                      .orElse(""),
                  HostErrorCode.CONFIG_IGNORED));
    }
  }

  private void set(String name, Object value, String origin) {
    if (keys.named(name) != null) {
      settings.put(name, new Setting(value, origin));
    } else if (!plugins.set(name, value) && !tokens.set(name, value) && !hooks.set(name, value)) {
      problems.add(
          "'%s' (%s) is not a key%s"
              .formatted(
                  name,
                  origin,
                  keys.nearest(name).map(near -> ", the nearest is '" + near + "'").orElse("")));
    }
  }

  private void parse() {
    settings.forEach(
        (name, setting) -> {
          ConfigurationKey key = Objects.requireNonNull(keys.named(name));
          try {
            values.put(name, key.parse(setting.value()));
          } catch (ConfigurationKey.Misfit misfit) {
            String shown = key.isSecret() ? name : name + " '" + setting.value() + "'";
            problems.add(
                "%s (%s) is not %s".formatted(shown, setting.origin(), misfit.getMessage()));
          }
        });
  }

  /** Values of the type that their record wants; keys whose value does not fit are left out. */
  Map<String, Object> values() {
    return values;
  }

  /** Unknown keys and values of the wrong type. */
  List<String> problems() {
    return problems;
  }

  /** What is ignored, and why. */
  List<String> warnings() {
    return warnings;
  }

  /**
   * Adds to a problem that begins with a key where its value came from; a default that is wrong
   * only together with other values has no place to name.
   */
  String withOrigin(String problem) {
    String name = problem.split(" ", 2)[0];
    Setting setting = settings.get(name);
    return setting == null || setting.origin().equals("default")
        ? problem
        : problem + " (" + setting.origin() + ")";
  }

  /** What is configured for a plugin, keys without {@code dormouse.plugin.<id>.}. */
  Map<String, Object> ofPlugin(String id) {
    return plugins.of(id);
  }

  /** What is configured for each token, keys without {@code dormouse.admin.tokens.<name>.}. */
  Map<String, Map<String, Object>> tokens() {
    return tokens.all();
  }

  /** What is configured for each hook, keys without {@code dormouse.hooks.<name>.}. */
  Map<String, Map<String, Object>> hooks() {
    return hooks.all();
  }
}
