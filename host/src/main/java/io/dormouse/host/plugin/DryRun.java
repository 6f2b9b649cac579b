package io.dormouse.host.plugin;

import java.util.List;

/** What deploying a JAR would change: it was loaded, started and probed, then thrown away. */
public record DryRun(
    String id,
    String version,
    String digest,
    List<String> addedNamespaces,
    List<String> removedNamespaces,
    List<String> keptNamespaces) {
  public DryRun {
    addedNamespaces = List.copyOf(addedNamespaces);
    removedNamespaces = List.copyOf(removedNamespaces);
    keptNamespaces = List.copyOf(keptNamespaces);
  }
}
