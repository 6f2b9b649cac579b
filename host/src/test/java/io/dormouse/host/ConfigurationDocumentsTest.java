package io.dormouse.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.engine.EngineSettings;
import io.dormouse.host.namespace.SocketSettings;
import io.dormouse.host.plugin.PluginsSettings;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documents say of the configuration is what the code does. */
class ConfigurationDocumentsTest {
  private static final Path REPOSITORY = Path.of("..");
  private static final Pattern ROW =
      Pattern.compile("\\| `(dormouse\\.[a-z0-9.-]+)` \\|(?: `?([^`|]*[^`| ])`?)? \\| \\S.* \\|");

  @TempDir private Path folder;

  @Test
  void theTableHasAllKeysWithTheirDefaults() throws IOException {
    assertThat(rows(REPOSITORY.resolve("docs/configuration.md"))).isEqualTo(defaults());
  }

  @Test
  void theReadmeShowsNoOtherDefaults() throws IOException {
    Map<String, String> rows = rows(REPOSITORY.resolve("README.md"));
    assertThat(rows).containsKey("dormouse.server.port");
    assertThat(defaults()).containsAllEntriesOf(rows);
  }

  @Test
  void theExampleOfTheDistributionShowsDefaults() throws IOException {
    String example =
        Files.readString(REPOSITORY.resolve("dist/src/main/distribution/dormouse.yaml"));
    assertThat(read(example).values()).isEqualTo(read("").values());
    Configuration uncommented =
        read(
            example
                .lines()
                .map(line -> line.matches("#( {2}|\\S).*") ? line.substring(1) : line)
                .collect(Collectors.joining("\n")));
    assertThat(uncommented.problems()).isEmpty();
    assertThat(uncommented.values())
        .containsEntry("dormouse.engine.ping-timeout", Duration.ofSeconds(20))
        .isEqualTo(read("").values());
  }

  @Test
  void settingsMadeByHandAreTheDefaultsToo() {
    try (ApplicationContext context = context()) {
      assertThat(EngineSettings.defaults()).isEqualTo(context.getBean(EngineSettings.class));
      assertThat(SocketSettings.defaults()).isEqualTo(context.getBean(SocketSettings.class));
      assertThat(PluginsSettings.defaults()).isEqualTo(context.getBean(PluginsSettings.class));
    }
  }

  private static Map<String, String> rows(Path document) throws IOException {
    Map<String, String> rows = new TreeMap<>();
    for (String line : Files.readAllLines(document)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.put(row.group(1), Objects.requireNonNullElse(row.group(2), ""));
      }
    }
    return rows;
  }

  private static Map<String, String> defaults() {
    Map<String, String> defaults = new TreeMap<>();
    try (ApplicationContext context = context()) {
      for (ConfigurationKey key : HostContext.keys(context).all()) {
        defaults.put(key.name(), Objects.requireNonNullElse(key.defaultValue(), ""));
      }
    }
    return defaults;
  }

  private Configuration read(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("dormouse.yaml"), yaml);
    try (ApplicationContext context = context()) {
      return Configuration.read(
          HostContext.keys(context), new ConfigurationSources(Map.of(), Map.of(), Map.of(), file));
    }
  }

  private static ApplicationContext context() {
    return HostContext.open(new ConfigurationSources(Map.of(), Map.of(), Map.of(), null));
  }
}
