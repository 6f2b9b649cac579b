package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_BAD_JAR;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_STAGING_FAILED;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_TOO_LARGE;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Private copies of JARs, named by their SHA-256. Only these are opened: a JAR that is overwritten
 * while a class loader reads it breaks the plugin in ways nobody can explain.
 *
 * <p>Any thread may call. A copy outlives {@link #keepOnly} for a while after it was made, since
 * what it is for may not have begun.
 */
final class Staging {
  static final Duration GRACE = Duration.ofMinutes(5);

  static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private static final int MAX_NAME = 100;

  private final Path folder;
  private final InstantSource clock;

  /** Both with this object's lock. */
  private final Set<Path> growing = new HashSet<>();

  private final Map<Path, Instant> staged = new HashMap<>();

  /**
   * @param folder one of this host alone, which exists
   */
  Staging(Path folder) {
    this(folder, InstantSource.system());
  }

  Staging(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /**
   * A copy and where it came from.
   *
   * @param name for people only
   */
  record StagedJar(Path file, String digest, String name) {}

  /**
   * Copies a file.
   *
   * @throws PluginRefused when it is no file or too large, or cannot be read or copied
   */
  StagedJar stage(Path jar, long maxBytes) {
    String name = forPeople(String.valueOf(jar.getFileName()));
    if (Files.exists(jar) && !Files.isRegularFile(jar)) { // opening a pipe would wait for a writer
      throw refused(PLUGIN_BAD_JAR, name, "it is a folder or something else that is no file");
    }
    try (InputStream in = Files.newInputStream(jar)) {
      long size = Files.size(jar);
      if (size > maxBytes) {
        throw tooLarge(name, "%,d bytes".formatted(size), maxBytes);
      }
      return stage(in, name, maxBytes);
    } catch (IOException unreadable) {
      throw refused(
          PLUGIN_STAGING_FAILED,
          name,
          "it cannot be read (" + StateFolder.reason(unreadable) + "); check who may read it");
    }
  }

  /**
   * Copies what comes, and reads no further than allowed. Does not close the stream.
   *
   * @param name for people only, it may be anything
   * @throws PluginRefused when it is too large or cannot be copied
   */
  StagedJar stage(InputStream in, String name, long maxBytes) {
    String cleanName = forPeople(name);
    Path part = null;
    try {
      part = newPart();
      String digest = copy(in, part, cleanName, maxBytes);
      return publish(part, new StagedJar(file(digest), digest, cleanName));
    } catch (IOException failed) {
      throw refused(
          PLUGIN_STAGING_FAILED,
          cleanName,
          "it cannot be copied to %s (%s); check the space there and who may write"
              .formatted(folder, StateFolder.reason(failed)));
    } finally {
      if (part != null) {
        forget(part);
      }
    }
  }

  /** A copy that was made earlier, also by a former run of the host. */
  Optional<StagedJar> find(String digest, String name) {
    return DIGEST.matcher(digest).matches() && Files.isRegularFile(file(digest))
        ? Optional.of(new StagedJar(file(digest), digest, forPeople(name)))
        : Optional.empty();
  }

  private Path file(String digest) {
    return folder.resolve(digest + ".jar");
  }

  private synchronized Path newPart() throws IOException {
    Path part = Files.createTempFile(folder, "", ".part");
    growing.add(part);
    return part;
  }

  private static String copy(InputStream from, Path to, String name, long maxBytes)
      throws IOException {
    MessageDigest sha256 = sha256();
    byte[] buffer = new byte[64 * 1024];
    long left = maxBytes;
    try (FileOutputStream out = new FileOutputStream(to.toFile())) {
      for (int n; (n = from.read(buffer)) >= 0; ) {
        left -= n;
        if (left < 0) {
          throw tooLarge(name, "more bytes", maxBytes);
        }
        sha256.update(buffer, 0, n);
        out.write(buffer, 0, n);
      }
      out.getFD().sync(); // the name tells the content, even after a crash
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private synchronized StagedJar publish(Path part, StagedJar jar) throws IOException {
    StateFolder.publish(part, jar.file());
    staged.put(jar.file(), clock.instant());
    return jar;
  }

  private synchronized void forget(Path part) {
    growing.remove(part);
    deleteQuietly(part);
  }

  /** Deletes every copy that is neither among these nor just made. */
  synchronized void keepOnly(Set<Path> named) {
    Instant limit = clock.instant().minus(GRACE);
    staged.values().removeIf(made -> made.isBefore(limit));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{jar,part}")) {
      for (Path file : files) {
        if (!named.contains(file) && !growing.contains(file) && !staged.containsKey(file)) {
          deleteQuietly(file);
        }
      }
    } catch (IOException gone) {
      return; // a folder that cannot be listed keeps its files until the next time
    }
  }

  private static PluginRefused tooLarge(String name, String has, long maxBytes) {
    return refused(
        PLUGIN_TOO_LARGE,
        name,
        "it has %s, dormouse.plugins.max-jar-size allows %,d".formatted(has, maxBytes));
  }

  private static PluginRefused refused(PluginErrorCode code, String name, String reason) {
    return new PluginRefused(code, "JAR '" + name + "' is refused: " + reason);
  }

  /** A name from outside in one short line, without what a terminal would obey. */
  private static String forPeople(String name) {
    String line = name.replaceAll("\\p{C}", "?").strip();
    return line.length() <= MAX_NAME ? line : line.substring(0, MAX_NAME) + "…";
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException kept) {
      // Only space is lost, until the next time.
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible); // every JDK has it
    }
  }
}
