package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_BAD_JAR;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Private copies of JARs, named by their SHA-256. Only these are opened: a JAR that is overwritten
 * while a class loader reads it breaks the plugin in ways nobody can explain.
 */
final class Staging {
  private final Path folder;
  private final boolean temporary;

  /**
   * @param configured a folder of this host alone, made when missing; null for a new temporary one
   */
  Staging(@Nullable Path configured) throws IOException {
    temporary = configured == null;
    folder =
        configured == null
            ? Files.createTempDirectory("dormouse-staging-")
            : Files.createDirectories(configured);
  }

  /** A copy and where it came from. */
  record StagedJar(Path file, String digest, String name) {}

  /**
   * Copies a JAR.
   *
   * @throws PluginRefused when it cannot be read or is too large
   */
  StagedJar stage(Path jar, long maxBytes) {
    String name = String.valueOf(jar.getFileName());
    Path part = folder.resolve(name + ".part");
    try {
      if (Files.size(jar) > maxBytes) {
        throw new PluginRefused(
            PLUGIN_BAD_JAR,
            "JAR '%s' is refused: it has %,d bytes, dormouse.plugins.max-jar-size allows %,d"
                .formatted(name, Files.size(jar), maxBytes));
      }
      String digest = copy(jar, part);
      Path staged = folder.resolve(digest + ".jar");
      Files.move(part, staged, StandardCopyOption.ATOMIC_MOVE);
      return new StagedJar(staged, digest, name);
    } catch (IOException unreadable) {
      deleteQuietly(part);
      throw new PluginRefused(
          PLUGIN_BAD_JAR,
          "JAR '%s' is refused: it cannot be copied to %s (%s)"
              .formatted(name, folder, Failure.oneLine(unreadable.toString())));
    }
  }

  private static String copy(Path from, Path to) throws IOException {
    MessageDigest sha256 = sha256();
    try (InputStream in = Files.newInputStream(from);
        FileOutputStream file = new FileOutputStream(to.toFile());
        DigestOutputStream out = new DigestOutputStream(file, sha256)) {
      in.transferTo(out);
      file.getFD().sync(); // the name tells the content, even after a crash
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  /** Deletes every copy that is not among these. */
  void keepOnly(Set<Path> named) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{jar,part}")) {
      for (Path file : files) {
        if (!named.contains(file)) {
          deleteQuietly(file);
        }
      }
    } catch (IOException gone) {
      return; // a folder that cannot be listed keeps its files until the next time
    }
  }

  /** Deletes all copies, and the folder when it was temporary. */
  void close() {
    keepOnly(Set.of());
    if (temporary) {
      deleteQuietly(folder);
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException kept) {
      // Only space is lost, until the next start.
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
