package io.dormouse.host.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Loads one generation's classes: the plugin API, SLF4J and JSpecify's annotations from the host,
 * all else from the plugin's own JAR, then from the JDK. Nothing else of the host is visible, so
 * two plugins may carry two versions of a library, and none meets the host's.
 */
final class AllowListClassLoader extends URLClassLoader {
  private static final List<String> SHARED =
      List.of("io.dormouse.api.", "org.slf4j.", "org.jspecify.");

  static {
    registerAsParallelCapable();
  }

  private final ClassLoader host = AllowListClassLoader.class.getClassLoader();

  /**
   * @param name appears in every stack frame: {@code chat@7}
   */
  AllowListClassLoader(String name, URL jar) {
    super(name, new URL[] {jar}, ClassLoader.getPlatformClassLoader());
  }

  static boolean isShared(String className) {
    return SHARED.stream().anyMatch(className::startsWith);
  }

  /** Whether code of the plugin has come to use this class, its own or another's. */
  boolean hasLinked(String className) {
    return findLoadedClass(className) != null;
  }

  /** A copy of a class of the host's that counts as the plugin's own; also after closing. */
  Class<?> adopt(Class<?> original) {
    String name = original.getName();
    synchronized (getClassLoadingLock(name)) {
      Class<?> adopted = findLoadedClass(name);
      return adopted != null ? adopted : define(name);
    }
  }

  private Class<?> define(String name) {
    try (InputStream in = host.getResourceAsStream(name.replace('.', '/') + ".class")) {
      byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        loaded = find(name);
      }
      if (resolve) {
        resolveClass(loaded);
      }
      return loaded;
    }
  }

  private Class<?> find(String name) throws ClassNotFoundException {
    if (isShared(name)) {
      return host.loadClass(name);
    }
    if (name.startsWith("java.")) {
      return getParent().loadClass(name);
    }
    try {
      return findClass(name);
    } catch (ClassNotFoundException notMine) {
      return getParent().loadClass(name);
    }
  }

  @Override
  public @Nullable URL getResource(String name) {
    URL own = findResource(name);
    return own != null ? own : getParent().getResource(name);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return findResources(name); // services of the host must not be found
  }
}
