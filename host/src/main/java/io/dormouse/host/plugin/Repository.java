package io.dormouse.host.plugin;

import io.dormouse.host.plugin.InstallationStore.Installed;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The JARs of this host, and what a restart must find again: one state folder. */
final class Repository implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Repository.class);

  private final StateFolder folder;
  private final Staging staging;
  private final InstallationStore store;
  private final long maxJarBytes;

  private Repository(StateFolder folder, long maxJarBytes) {
    this.folder = folder;
    this.maxJarBytes = maxJarBytes;
    staging = new Staging(folder.jars());
    store = new InstallationStore(folder);
  }

  /**
   * Opens the state folder.
   *
   * @throws StateFolderUnusable when another host holds it or it cannot be written
   */
  static Repository open(PluginsSettings settings) {
    return new Repository(StateFolder.open(settings.stateFolder()), settings.maxJarSize());
  }

  Staging staging() {
    return staging;
  }

  /**
   * Copies and verifies what comes.
   *
   * @throws PluginRefused when it is too large, no plugin, or cannot be copied
   */
  VerifiedJar stage(InputStream jar, String name) {
    return VerifiedJar.of(staging.stage(jar, name, maxJarBytes));
  }

  /** A copy that was made before; null when it has gone or is spoilt. */
  @Nullable VerifiedJar find(@Nullable String digest, @Nullable String name) {
    if (digest == null) {
      return null;
    }
    try {
      return staging.find(digest, name == null ? digest : name).map(VerifiedJar::of).orElse(null);
    } catch (PluginRefused spoilt) {
      LOG.warn(spoilt.getMessage());
      return null;
    }
  }

  List<Installed> remembered() {
    return store.read();
  }

  /** What cannot be written is said in the log: the host goes on, a restart would not know. */
  void remember(Collection<Installed> installed) {
    try {
      store.write(installed);
    } catch (PluginRefused unwritten) {
      LOG.error(unwritten.getMessage());
    }
  }

  /** Deletes the copies that nobody needs. */
  void keepOnly(Collection<Loadable> versions) {
    Set<Path> named = new HashSet<>();
    for (Loadable version : versions) {
      if (version instanceof VerifiedJar jar) {
        named.add(jar.staged().file());
      }
    }
    staging.keepOnly(named);
  }

  @Override
  public void close() {
    folder.close();
  }
}
