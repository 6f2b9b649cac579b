package io.dormouse.host.admin;

import io.dormouse.host.backplane.HostStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a plugin is on one host, as it is written.
 *
 * @param host its id
 * @param name its name, for people
 * @param alive whether it was heard lately
 * @param digest of the JAR that it has; null for none
 * @param state in lower case; {@code absent} when it has no such plugin
 * @param error why a newer JAR did not come into service there; null when all is well
 * @param refused the digest of that JAR; null when the error is about none
 */
record PluginOnHost(
    String host,
    String name,
    boolean alive,
    @Nullable String version,
    @Nullable String digest,
    String state,
    @Nullable String error,
    @Nullable String refused) {
  private static final String ABSENT = "absent";

  /** On each host, the one that is asked first. */
  static List<PluginOnHost> all(HostList hosts, String pluginId) {
    List<PluginOnHost> all = new ArrayList<>();
    for (HostStatus host : hosts.all()) {
      all.add(
          host.plugins().stream()
              .filter(one -> one.id().equals(pluginId))
              .findFirst()
              .map(one -> of(host, one))
              .orElseGet(() -> of(host)));
    }
    return all;
  }

  private static PluginOnHost of(HostStatus host, HostStatus.PluginPart part) {
    return new PluginOnHost(
        host.id(),
        host.name(),
        host.alive(),
        part.version(),
        part.digest(),
        part.state(),
        part.error(),
        part.refused());
  }

  private static PluginOnHost of(HostStatus host) {
    return new PluginOnHost(host.id(), host.name(), host.alive(), null, null, ABSENT, null, null);
  }

  boolean isAbsent() {
    return state.equals(ABSENT);
  }

  /** Whether it has a JAR, or has refused it, or is not there to be waited for. */
  boolean isThrough(String wanted) {
    return !alive || wanted.equals(digest) || wanted.equals(refused);
  }
}
