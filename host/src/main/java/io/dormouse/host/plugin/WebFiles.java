package io.dormouse.host.plugin;

import io.dormouse.host.plugin.Staging.StagedJar;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/** The files under {@code web/} in a staged JAR, read without the plugin's class loader. */
final class WebFiles implements AutoCloseable {
  private static final Map<String, String> CONTENT_TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("mjs", "text/javascript; charset=utf-8"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("map", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("wasm", "application/wasm"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("jpeg", "image/jpeg"),
          Map.entry("gif", "image/gif"),
          Map.entry("webp", "image/webp"),
          Map.entry("avif", "image/avif"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("mp3", "audio/mpeg"),
          Map.entry("mp4", "video/mp4"),
          Map.entry("woff2", "font/woff2"));

  private final JarFile jar;
  private final String etag;

  private WebFiles(JarFile jar, String etag) {
    this.jar = jar;
    this.etag = etag;
  }

  /** Opens a JAR; null when it cannot be read. */
  static @Nullable WebFiles open(StagedJar staged) {
    try {
      JarFile jar = new JarFile(staged.file().toFile());
      return new WebFiles(jar, '"' + staged.digest().substring(0, 20) + '"');
    } catch (IOException gone) {
      return null;
    }
  }

  /**
   * Finds a file.
   *
   * @param path below {@code web/}, decoded, without a leading slash; empty or with a slash at its
   *     end it means the {@code index.html} there
   */
  Optional<WebFile> find(String path) {
    String name = "web/" + (path.isEmpty() || path.endsWith("/") ? path + "index.html" : path);
    JarEntry entry;
    try {
      entry = jar.getJarEntry(name);
    } catch (IllegalStateException closed) {
      return Optional.empty();
    }
    // A JAR finds its folder "web/a/" by "web/a" too; names with ".." never come into a staged JAR.
    if (entry == null || entry.isDirectory() || !entry.getName().equals(name)) {
      return Optional.empty();
    }
    return Optional.of(new WebFile(contentType(name), entry.getSize(), etag, () -> open(entry)));
  }

  private InputStream open(JarEntry entry) throws IOException {
    try {
      return jar.getInputStream(entry);
    } catch (IllegalStateException closed) {
      throw new IOException("The plugin has gone away", closed);
    }
  }

  private static String contentType(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return CONTENT_TYPES.getOrDefault(ending, "application/octet-stream");
  }

  @Override
  public void close() {
    try {
      jar.close();
    } catch (IOException ignored) {
      return; // only read from
    }
  }
}
