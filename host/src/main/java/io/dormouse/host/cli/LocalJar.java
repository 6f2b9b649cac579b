package io.dormouse.host.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * A plugin's JAR on this machine, as far as a deployment needs to know it; whether it is any good,
 * the host finds out.
 *
 * @param digest SHA-256
 */
record LocalJar(Path file, String id, String version, long bytes, byte[] digest) {
  /**
   * @throws CommandFailed when it cannot be read or its manifest names no plugin
   */
  static LocalJar read(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw bad(file, "is a folder");
      }
      Attributes attributes = attributes(file);
      String id = attributes.getValue("Plugin-Id");
      String version = attributes.getValue("Plugin-Version");
      if (id == null || version == null) {
        throw bad(file, "names no Plugin-Id and Plugin-Version in its manifest");
      }
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      long bytes = 0;
      try (InputStream stream = Files.newInputStream(file)) {
        byte[] buffer = new byte[65_536];
        for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
          digest.update(buffer, 0, count);
          bytes += count;
        }
      }
      return new LocalJar(file, id.strip(), version.strip(), bytes, digest.digest());
    } catch (IOException e) {
      throw bad(file, "cannot be read: " + Reason.of(e));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Attributes attributes(Path file) throws IOException {
    // Says that a file is missing in better words than JarFile.
    Files.size(file);
    try (JarFile jar = new JarFile(file.toFile(), false)) {
      Manifest manifest = jar.getManifest();
      if (manifest == null) {
        throw bad(file, "has no manifest");
      }
      return manifest.getMainAttributes();
    }
  }

  private static CommandFailed bad(Path file, String what) {
    return new CommandFailed(
        CliErrorCode.BAD_USAGE, "'" + file + "' " + what + "; give the JAR of a plugin");
  }

  /** As RFC 9530 writes it. */
  String contentDigest() {
    return "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":";
  }

  String name() {
    return id + " " + version;
  }
}
