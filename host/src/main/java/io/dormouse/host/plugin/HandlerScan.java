package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_BAD_HANDLER;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** Finds annotated methods of a wrong form before any code of a plugin runs. */
final class HandlerScan {
  /** In the constant pool of each class that uses one of the annotations. */
  private static final String ANNOTATIONS = "Lio/dormouse/api/On";

  private static final String CLASS = ".class";

  private HandlerScan() {}

  /**
   * @throws PluginRefused when a method has a form that is not allowed
   */
  static void check(VerifiedJar verified, ClassLoader loader, GenerationName name) {
    try (JarFile jar = new JarFile(verified.staged().file().toFile())) {
      for (JarEntry entry : jar.stream().toList()) {
        if (isOwnClass(entry.getName()) && uses(jar, entry)) {
          check(entry.getName(), loader);
        }
      }
    } catch (IOException broken) {
      throw new PluginRefused(
          PluginErrorCode.PLUGIN_BAD_JAR,
          name.title() + " is refused: " + Failure.oneLine(broken.getMessage()));
    } catch (PluginRefused refused) {
      throw refused.saidOf(name.title() + " is refused");
    }
  }

  private static boolean isOwnClass(String entry) {
    return entry.endsWith(CLASS)
        && !entry.startsWith("META-INF/")
        && !AllowListClassLoader.isShared(entry.replace('/', '.'));
  }

  private static boolean uses(JarFile jar, JarEntry entry) throws IOException {
    try (var in = jar.getInputStream(entry)) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).contains(ANNOTATIONS);
    }
  }

  private static void check(String entry, ClassLoader loader) {
    String className = entry.substring(0, entry.length() - CLASS.length()).replace('/', '.');
    try {
      HandlerMethod.of(Class.forName(className, false, loader));
    } catch (ClassNotFoundException | LinkageError broken) {
      throw new PluginRefused(
          PLUGIN_BAD_HANDLER,
          "class '" + className + "' with handlers cannot be loaded: " + Failure.text(broken));
    }
  }
}
