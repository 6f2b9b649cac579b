package io.dormouse.host.plugin;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where plugins come from and what they may take.
 *
 * @param folder the folder of JARs; null for none
 * @param stateFolder a folder of this host alone for what a restart must find again: uploaded JARs,
 *     private copies of all, what is installed; null for a temporary one, which ends with the host
 * @param scanInterval how often the folder is looked at
 * @param startTimeout how long each of a plugin's {@code start}, {@code probe} and {@code stop} may
 *     take
 * @param stateLimit how many bytes of JSON each plugin may keep in its {@code state()}
 * @param maxJarSize the largest JAR that is loaded, in bytes
 * @param shared whether all hosts with the same Redis have the same plugins
 */
@ConfigurationProperties("dormouse.plugins")
public record PluginsSettings(
    @Nullable Path folder,
    @Nullable Path stateFolder,
    @Bindable(defaultValue = "1s") Duration scanInterval,
    @Bindable(defaultValue = "30s") Duration startTimeout,
    @ReadableBytes @Bindable(defaultValue = "1MB") long stateLimit,
    @ReadableBytes @Bindable(defaultValue = "100MB") long maxJarSize,
    @Bindable(defaultValue = "true") boolean shared) {

  /** The defaults: no folder. */
  public static PluginsSettings defaults() {
    return new PluginsSettings(
        null, null, Duration.ofSeconds(1), Duration.ofSeconds(30), 1_048_576, 104_857_600, true);
  }

  /** What is wrong with these settings, one sentence each; empty when nothing is. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (folder != null && !Files.isDirectory(folder)) {
      problems.add(
          "dormouse.plugins.folder '" + folder + "' is not a folder; make it or name another");
    }
    if (stateFolder != null && Files.exists(stateFolder) && !Files.isDirectory(stateFolder)) {
      problems.add(
          "dormouse.plugins.state-folder '" + stateFolder + "' is not a folder; name another");
    }
    positive(problems, "scan-interval", scanInterval, scanInterval.isPositive());
    positive(problems, "start-timeout", startTimeout, startTimeout.isPositive());
    positive(problems, "state-limit", stateLimit, stateLimit > 0);
    positive(problems, "max-jar-size", maxJarSize, maxJarSize > 0);
    return problems;
  }

  private static void positive(List<String> problems, String key, Object value, boolean positive) {
    if (!positive) {
      problems.add("dormouse.plugins." + key + " must be positive, was " + value);
    }
  }
}
