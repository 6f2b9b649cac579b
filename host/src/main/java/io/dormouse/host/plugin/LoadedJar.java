package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_BAD_CLASS;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_BAD_JAR;

import io.dormouse.api.Plugin;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.pf4j.DefaultPluginManager;
import org.pf4j.ManifestPluginDescriptorFinder;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginDescriptorFinder;
import org.pf4j.PluginFactory;
import org.pf4j.PluginLoader;
import org.pf4j.PluginRuntimeException;
import org.pf4j.PluginWrapper;

/**
 * A JAR that PF4J has loaded, in a plugin manager of its own: managers cannot be shared by threads,
 * and know an id only once.
 */
final class LoadedJar implements PluginSource {
  private final DefaultPluginManager manager;
  private final PluginWrapper wrapper;

  private LoadedJar(DefaultPluginManager manager, PluginWrapper wrapper) {
    this.manager = manager;
    this.wrapper = wrapper;
  }

  /**
   * Loads a JAR and looks at its classes, without running any of its code.
   *
   * @param known whether its classes were looked at before
   * @throws PluginRefused when its plugin class or a handler is not acceptable
   */
  static LoadedJar load(VerifiedJar jar, GenerationName name, boolean known) {
    LoadedJar loaded = open(jar, name);
    boolean accepted = false;
    try {
      if (!known) {
        loaded.check(jar.pluginClass(), name);
        HandlerScan.check(jar, loaded.loader(), name);
      }
      accepted = true;
      return loaded;
    } finally {
      if (!accepted) {
        loaded.close();
      }
    }
  }

  private static LoadedJar open(VerifiedJar jar, GenerationName name) {
    try {
      var manager = new OneJarManager(jar.staged().file());
      String id = manager.load(jar.staged().file(), name);
      return new LoadedJar(manager, manager.getPlugin(id));
    } catch (PluginRuntimeException unreadable) {
      throw new PluginRefused(
          PLUGIN_BAD_JAR,
          name.title() + " is refused: " + Failure.oneLine(unreadable.getMessage()));
    }
  }

  private void check(String className, GenerationName name) {
    String problem;
    try {
      problem = problem(Class.forName(className, false, loader()));
    } catch (ClassNotFoundException missing) {
      problem = "is not in the JAR";
    } catch (LinkageError broken) {
      problem = "cannot be loaded: " + Failure.text(broken);
    }
    if (!problem.isEmpty()) {
      throw new PluginRefused(
          PLUGIN_BAD_CLASS,
          name.title() + " is refused: Plugin-Class '" + className + "' " + problem);
    }
  }

  private static String problem(Class<?> type) {
    if (!Plugin.class.isAssignableFrom(type)) {
      return "does not implement " + Plugin.class.getName();
    }
    if (!Modifier.isPublic(type.getModifiers()) || Modifier.isAbstract(type.getModifiers())) {
      return "is not a public class that can be made";
    }
    return Arrays.stream(type.getConstructors()).anyMatch(c -> c.getParameterCount() == 0)
        ? ""
        : "has no public constructor without parameters";
  }

  @Override
  public ClassLoader loader() {
    return wrapper.getPluginClassLoader();
  }

  @Override
  public Plugin create() throws Throwable {
    try {
      return ((Wrapped) wrapper.getPlugin()).plugin;
    } catch (ConstructorFailed failed) {
      throw failed.thrown;
    }
  }

  @Override
  public boolean isIsolated() {
    return true;
  }

  @Override
  public void close() {
    manager.unloadPlugin(wrapper.getPluginId()); // closes the class loader
  }

  /** A plugin as PF4J wants it. */
  private static final class Wrapped extends org.pf4j.Plugin {
    final Plugin plugin;

    Wrapped(Plugin plugin) {
      this.plugin = plugin;
    }
  }

  /** Carries what a plugin's constructor threw past PF4J. */
  private static final class ConstructorFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    final transient Throwable thrown;

    ConstructorFailed(Throwable thrown) {
      super(null, null, false, false);
      this.thrown = thrown;
    }
  }

  private static final class OneJarManager extends DefaultPluginManager {
    private String loaderName = "";

    OneJarManager(Path jar) {
      super(jar.toAbsolutePath().getParent());
    }

    String load(Path jar, GenerationName name) {
      loaderName = name.toString();
      return loadPlugin(jar);
    }

    /** The manifest only: PF4J would prefer a {@code plugin.properties}. */
    @Override
    protected PluginDescriptorFinder createPluginDescriptorFinder() {
      return new ManifestPluginDescriptorFinder();
    }

    @Override
    protected PluginLoader createPluginLoader() {
      return new PluginLoader() {
        @Override
        public boolean isApplicable(Path jar) {
          return true;
        }

        @Override
        public ClassLoader loadPlugin(Path jar, PluginDescriptor descriptor) {
          try {
            return new AllowListClassLoader(loaderName, jar.toUri().toURL());
          } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
          }
        }
      };
    }

    @Override
    protected PluginFactory createPluginFactory() {
      return wrapper -> {
        try {
          Constructor<?> constructor =
              Class.forName(
                      wrapper.getDescriptor().getPluginClass(),
                      true,
                      wrapper.getPluginClassLoader())
                  .getConstructor();
          return new Wrapped((Plugin) constructor.newInstance());
        } catch (InvocationTargetException thrown) {
          throw new ConstructorFailed(Objects.requireNonNullElse(thrown.getCause(), thrown));
        } catch (ReflectiveOperationException impossible) {
          throw new ConstructorFailed(impossible); // checked when loaded
        }
      };
    }
  }
}
