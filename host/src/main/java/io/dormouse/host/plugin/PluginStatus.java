package io.dormouse.host.plugin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a JAR of the folder.
 *
 * @param jar its file name; null for a plugin that came without one
 * @param id its {@code Plugin-Id}; null when the JAR was refused before that was read
 * @param version its {@code Plugin-Version}; null as the id
 * @param namespaces names and patterns that it serves, sorted
 * @param page whether it has a {@code web/index.html}
 * @param refusal why it is in quarantine; null when it is not
 */
public record PluginStatus(
    @Nullable String jar,
    @Nullable String id,
    @Nullable String version,
    List<String> namespaces,
    PluginState state,
    boolean page,
    @Nullable String refusal) {
  public PluginStatus {
    namespaces = List.copyOf(namespaces);
  }
}
