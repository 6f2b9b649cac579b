package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsSettingsTest {
  @TempDir Path folder;

  private static PluginsSettings bound(Map<String, Object> values) {
    try (var context = ApplicationContext.run(values)) {
      return context.getBean(PluginsSettings.class);
    }
  }

  @Test
  void hasItsDefaultsInBothPlaces() {
    assertThat(bound(Map.of())).isEqualTo(PluginsSettings.defaults());
    assertThat(PluginsSettings.defaults().problems()).isEmpty();
  }

  @Test
  void bindsItsKeys() {
    assertThat(
            bound(
                Map.of(
                    "dormouse.plugins.folder", folder.toString(),
                    "dormouse.plugins.state-folder", folder.resolve("state").toString(),
                    "dormouse.plugins.scan-interval", "3s",
                    "dormouse.plugins.start-timeout", "5s",
                    "dormouse.plugins.state-limit", "2KB",
                    "dormouse.plugins.max-jar-size", "3MB",
                    "dormouse.plugins.shared", "false")))
        .isEqualTo(
            new PluginsSettings(
                folder,
                folder.resolve("state"),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5),
                2 * 1024,
                3 * 1024 * 1024,
                false));
  }

  @Test
  void reportsAllProblems() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThat(
            new PluginsSettings(file, file, Duration.ZERO, Duration.ZERO, 0, -1, true).problems())
        .containsExactly(
            "dormouse.plugins.folder '" + file + "' is not a folder; make it or name another",
            "dormouse.plugins.state-folder '" + file + "' is not a folder; name another",
            "dormouse.plugins.scan-interval must be positive, was PT0S",
            "dormouse.plugins.start-timeout must be positive, was PT0S",
            "dormouse.plugins.state-limit must be positive, was 0",
            "dormouse.plugins.max-jar-size must be positive, was -1");
  }
}
