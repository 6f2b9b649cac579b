package io.dormouse.host.plugin;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a plugin is, or what became of a JAR that is none.
 *
 * @param id its {@code Plugin-Id}; null when a JAR was refused before that was read
 * @param version its {@code Plugin-Version}; null as the id
 * @param digest SHA-256 of the JAR that it runs or would run, in lower-case hex; null without one
 * @param formerDigest of the JAR that a rollback would bring back; null when there is none
 * @param jar the JAR's file name, for people; null without one
 * @param namespaces names and patterns that it serves, sorted
 * @param page whether it has a {@code web/index.html}
 * @param lastError why its newest JAR was refused or rolled back, or why it is in quarantine; null
 *     when all is well
 * @param refusedDigest of the JAR that {@code lastError} is about; null when it is about none
 * @param operation what is being done with it, such as {@code replace}; null when nothing is
 * @param sockets in its namespaces, on this host
 * @param leases handlers, tasks and waits for acks under way
 * @param wakes how often it was woken
 * @param changed when another version came into service; null when none ever did
 * @param generations the newest first, a limited number of them
 */
public record PluginStatus(
    @Nullable String id,
    @Nullable String version,
    @Nullable String digest,
    @Nullable String formerDigest,
    @Nullable String jar,
    PluginOrigin origin,
    PluginState state,
    List<String> namespaces,
    boolean page,
    @Nullable String lastError,
    @Nullable String refusedDigest,
    @Nullable String operation,
    int sockets,
    int leases,
    long wakes,
    @Nullable Instant changed,
    List<GenerationStatus> generations) {
  public PluginStatus {
    namespaces = List.copyOf(namespaces);
    generations = List.copyOf(generations);
  }

  /**
   * A file of the folder that is not used.
   *
   * @param jar null when it is not known what the file is
   */
  static PluginStatus ofRefused(String fileName, @Nullable VerifiedJar jar, PluginRefused refused) {
    return new PluginStatus(
        jar == null ? null : jar.id(),
        jar == null ? null : jar.version(),
        jar == null ? null : jar.digest(),
        null,
        fileName,
        PluginOrigin.FOLDER,
        PluginState.QUARANTINED,
        List.of(),
        false,
        refused.getMessage(),
        jar == null ? null : jar.digest(),
        null,
        0,
        0,
        0,
        null,
        List.of());
  }

  /** One that all hosts want and this one cannot have. */
  static PluginStatus ofUnfit(SharedInstallations.Wanted wanted, String reason) {
    return new PluginStatus(
        wanted.id(),
        null,
        null,
        null,
        wanted.jar(),
        wanted.origin(),
        PluginState.QUARANTINED,
        List.of(),
        false,
        reason,
        wanted.digest(),
        null,
        0,
        0,
        0,
        null,
        List.of());
  }
}
