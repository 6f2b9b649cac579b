package io.dormouse.dist;

import io.dormouse.api.Plugin;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Packs a plugin of the tests, with all classes of its package, into a JAR. */
final class PluginJar {
  private PluginJar() {}

  /** A folder {@code target/test-plugins/<name>} with the JARs of these plugins and no others. */
  static Path folder(String name, List<Class<? extends Plugin>> plugins) {
    Path folder = Path.of("target", "test-plugins", name);
    try {
      Files.createDirectories(folder);
      try (Stream<Path> former = Files.list(folder)) {
        for (Path file : former.toList()) {
          Files.delete(file);
        }
      }
      for (Class<? extends Plugin> plugin : plugins) {
        pack(plugin, folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder;
  }

  private static void pack(Class<? extends Plugin> plugin, Path folder) throws IOException {
    String packageName = plugin.getPackageName();
    String id = packageName.substring(packageName.lastIndexOf('.') + 1);
    file(folder.resolve(id + ".jar"), id, "1.0.0", plugin);
  }

  /** Writes the JAR of one version of a plugin. */
  static Path file(Path file, String id, String version, Class<? extends Plugin> plugin)
      throws IOException {
    String packageName = plugin.getPackageName();
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Plugin-Id", id);
    attributes.putValue("Plugin-Version", version);
    attributes.putValue("Plugin-Class", plugin.getName());
    Path classes = classes(plugin);
    try (OutputStream stream = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(stream, manifest);
        Stream<Path> files = Files.walk(classes.resolve(packageName.replace('.', '/')))) {
      for (Path entry : files.filter(Files::isRegularFile).toList()) {
        jar.putNextEntry(new JarEntry(classes.relativize(entry).toString()));
        Files.copy(entry, jar);
      }
    }
    return file;
  }

  private static Path classes(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
