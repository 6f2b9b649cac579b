package io.dormouse.host.backplane;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A host of the cluster, as it says itself.
 *
 * @param id new at each of its starts
 * @param name for people: of its machine, and its port
 * @param lastHeard by this host
 * @param alive whether that was not too long ago
 * @param sockets on it
 * @param state in lower case, {@code draining} for one; empty when it does not say
 * @param namespaces names and patterns that clients can join there, a limited number of them
 */
public record HostStatus(
    String id,
    String name,
    String version,
    Instant started,
    Instant lastHeard,
    boolean alive,
    int sockets,
    List<String> namespaces,
    List<PluginPart> plugins,
    String state) {
  public HostStatus {
    namespaces = List.copyOf(namespaces);
    plugins = List.copyOf(plugins);
  }

  /**
   * A plugin on a host.
   *
   * @param digest of its JAR; null when it has none
   * @param state in lower case
   * @param error why a newer JAR did not come into service there; null when all is well
   * @param refused the digest of that JAR; null when the error is about none
   */
  public record PluginPart(
      String id,
      @Nullable String version,
      @Nullable String digest,
      String state,
      @Nullable String error,
      @Nullable String refused) {}
}
