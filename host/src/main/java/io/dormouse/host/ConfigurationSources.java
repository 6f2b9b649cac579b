package io.dormouse.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where configuration comes from.
 *
 * @param options values of the command line by option ({@code --port})
 * @param properties system properties
 * @param environment environment variables
 * @param file null for none
 */
record ConfigurationSources(
    Map<String, String> options,
    Map<String, String> properties,
    Map<String, String> environment,
    @Nullable Path file) {

  private static final String FILE_NAME = "dormouse.yaml";

  /**
   * Those of this process.
   *
   * @param options values of the command line by option; {@code --config} names the file, which
   *     otherwise is {@code dormouse.yaml} in the working folder, else in the distribution's
   */
  static ConfigurationSources ofProcess(Map<String, String> options) {
    Map<String, String> properties = new TreeMap<>();
    for (String name : System.getProperties().stringPropertyNames()) {
      properties.put(name, System.getProperty(name));
    }
    String config = options.get("--config");
    Path file = config != null ? Path.of(config) : usualFile(home(properties));
    return new ConfigurationSources(options, properties, System.getenv(), file);
  }

  /** The folder of the distribution, named by the launcher; null when there is none. */
  @Nullable Path home() {
    return home(properties);
  }

  private static @Nullable Path home(Map<String, String> properties) {
    String home = properties.getOrDefault("dormouse.home", "");
    return home.isEmpty() ? null : Path.of(home);
  }

  private static @Nullable Path usualFile(@Nullable Path home) {
    Path here = Path.of(FILE_NAME);
    if (Files.exists(here)) {
      return here;
    }
    Path ofHome = home == null ? null : home.resolve(FILE_NAME);
    return ofHome != null && Files.exists(ofHome) ? ofHome : null;
  }
}
