package io.dormouse.host.plugin;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which plugins all hosts that share a Redis want, and their JARs. What one host puts here, the
 * others read; each of them then does on its own what is to be done.
 *
 * <p>All methods block for seconds at most, or as long as a JAR takes, and throw {@link
 * IllegalStateException} while Redis cannot be reached. Any thread may call.
 */
public interface SharedInstallations {
  /**
   * What a plugin id stands for, on all hosts.
   *
   * @param revision of a later change it is larger, whatever host made it; 0 before it is put
   * @param digest of the JAR, SHA-256 in lower-case hex; null when it is removed
   * @param jar its file name, for people
   * @param formerDigest of the JAR that a rollback activates; null for none
   * @param removed whether it was taken away, so that no host brings it back by itself
   */
  record Wanted(
      String id,
      long revision,
      @Nullable String digest,
      @Nullable String version,
      @Nullable String jar,
      @Nullable String formerDigest,
      PluginOrigin origin,
      boolean enabled,
      boolean removed) {
    public Wanted {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(origin, "origin");
      if (digest == null && !removed) {
        throw new IllegalArgumentException("'" + id + "' has neither a digest nor been removed");
      }
      checkDigest(digest);
      checkDigest(formerDigest);
    }

    private static void checkDigest(@Nullable String digest) {
      if (digest != null && !Staging.DIGEST.matcher(digest).matches()) {
        throw new IllegalArgumentException("A digest has 64 hexadecimal digits");
      }
    }

    /** The same change, at its place among all. */
    public Wanted at(long place) {
      return new Wanted(id, place, digest, version, jar, formerDigest, origin, enabled, removed);
    }

    /** Whether both want the same. */
    boolean isSameAs(Wanted other) {
      return at(0).equals(other.at(0));
    }
  }

  /** All that were ever wanted. */
  List<Wanted> all();

  /**
   * Puts a change behind all others and tells the hosts.
   *
   * @param seen its revision is larger than this
   * @return its revision
   */
  long put(Wanted change, long seen);

  /**
   * Puts a plugin that no host has put before.
   *
   * @return its revision; 0 when one has
   */
  long putFirst(Wanted first);

  /** Brings back what a Redis has lost, unless it has it, or a later change. */
  void restore(Wanted lost);

  /** Puts a JAR, unless it is there. */
  void putJar(String digest, Path file);

  /**
   * A JAR; null when it is not there. Whoever reads it checks its digest.
   *
   * @throws IllegalStateException also from reading
   */
  @Nullable InputStream jar(String digest);

  /** Drops a JAR that no plugin names any more, after a while; or at once when it is spoilt. */
  void dropJar(String digest, boolean spoilt);

  /** Calls this, which must not block, when another host may have changed something. */
  void onChange(Runnable changed);
}
