package io.dormouse.host.plugin;

import io.dormouse.host.plugin.InstallationStore.Installed;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The versions that a plugin id knows: which one is wanted, which one was before, which one was
 * refused last and why, and what the folder has.
 *
 * <p>All methods may be called from any thread.
 */
final class Versions {
  private PluginOrigin origin = PluginOrigin.FOLDER;
  private @Nullable Loadable wanted;
  private boolean hasServed;
  private @Nullable Loadable former;
  private @Nullable Loadable refused;
  private @Nullable String lastError;
  private @Nullable String refusedDigest;
  private @Nullable Instant changed;
  private @Nullable String folderDigest;

  /** Why JARs were refused, by digest; those are not tried again by themselves. */
  private final Map<String, String> quarantined = new TreeMap<>();

  /** The one that serves, sleeps or is disabled; or the first one ever tried. */
  synchronized @Nullable Loadable wanted() {
    return wanted;
  }

  /** What a rollback brings back. */
  synchronized @Nullable Loadable former() {
    return former;
  }

  /** What was refused last, unless another one was accepted since. */
  synchronized @Nullable Loadable refused() {
    return refused;
  }

  synchronized PluginOrigin origin() {
    return origin;
  }

  synchronized @Nullable String lastError() {
    return lastError;
  }

  /** Of the JAR that {@link #lastError} is about; null when it is about none. */
  synchronized @Nullable String refusedDigest() {
    return refusedDigest;
  }

  synchronized @Nullable Instant changed() {
    return changed;
  }

  /** The folder's JAR when it was looked at last; null when it had none. */
  synchronized @Nullable String folderDigest() {
    return folderDigest;
  }

  synchronized void folderOffers(@Nullable String digest) {
    folderDigest = digest;
  }

  /** As all hosts have it. */
  synchronized void formerIs(Loadable earlier) {
    former = earlier;
  }

  synchronized boolean isWanted(Loadable version) {
    return wanted != null && wanted.isSameAs(version);
  }

  /** Whether a JAR was refused before and is not to be tried again by itself. */
  synchronized boolean isQuarantined(@Nullable String digest) {
    return digest != null && quarantined.containsKey(digest);
  }

  /** Those whose JARs must be kept. */
  synchronized List<Loadable> kept() {
    return Stream.of(wanted, former, refused).filter(Objects::nonNull).toList();
  }

  /**
   * A version is wanted from now on.
   *
   * @return whether it is another one than before
   */
  synchronized boolean want(Loadable next, PluginOrigin from) {
    boolean other = wanted != null && !next.isSameAs(wanted);
    if (other && hasServed) {
      former = wanted;
    }
    hasServed = hasServed && !other;
    wanted = next;
    origin = from;
    return other;
  }

  /** A version came into service. */
  synchronized boolean adopt(Loadable next, PluginOrigin from) {
    lastError = null;
    refusedDigest = null;
    refused = null;
    changed = Instant.now();
    boolean other = want(next, from);
    hasServed = true;
    return other;
  }

  /** A version is not to be tried again by itself. */
  synchronized void quarantine(Loadable bad, String reason) {
    lastError = reason;
    refusedDigest = bad.digest();
    refused = bad;
    if (bad.digest() != null) {
      quarantined.put(bad.digest(), reason);
    }
    if (wanted == null) {
      wanted = bad;
    }
  }

  /** Somebody tries it again by hand. */
  synchronized void lift(Loadable next) {
    if (next.digest() != null) {
      quarantined.remove(next.digest());
    }
  }

  /** What went wrong is nothing about a version. */
  synchronized void failed(String reason) {
    failed(reason, null);
  }

  /**
   * A JAR cannot be had here.
   *
   * @param digest null when what went wrong is nothing about one
   */
  synchronized void failed(String reason, @Nullable String digest) {
    lastError = reason;
    refusedDigest = digest;
  }

  /** That is over. */
  synchronized void recovered() {
    lastError = null;
    refusedDigest = null;
  }

  /** Takes up what a former run of the host had installed. */
  synchronized void recall(Installed before, VerifiedJar version, @Nullable Loadable earlier) {
    wanted = version;
    hasServed = !before.quarantined().containsKey(version.digest());
    former = earlier;
    origin = before.origin();
    folderDigest = before.folderDigest();
    quarantined.putAll(before.quarantined());
  }

  /** For the next start of the host; null when there is nothing to start. */
  synchronized @Nullable Installed remembered(String id, boolean enabled) {
    Loadable version = wanted;
    if (version == null || version.digest() == null) {
      return null;
    }
    return new Installed(
        id,
        version.digest(),
        version.version(),
        version.fileName(),
        former == null ? null : former.digest(),
        origin,
        enabled,
        false,
        folderDigest,
        quarantined,
        changed == null ? Instant.now() : changed,
        null);
  }
}
