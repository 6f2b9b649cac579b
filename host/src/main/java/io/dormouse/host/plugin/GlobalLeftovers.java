package io.dormouse.host.plugin;

import java.lang.Thread.UncaughtExceptionHandler;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.management.InstanceNotFoundException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a plugin has put into places that belong to the whole JVM, and not taken out. */
final class GlobalLeftovers {
  private static final Logger LOG = LoggerFactory.getLogger(GlobalLeftovers.class);

  private static volatile @Nullable UncaughtExceptionHandler hosts;

  private final ClassLoader loader;
  private final Reach reach;
  private final List<Leftover> found = new ArrayList<>();

  private GlobalLeftovers(ClassLoader loader) {
    this.loader = loader;
    this.reach = new Reach(loader);
  }

  /** Keeps in mind what is the host's own; called before the first plugin is loaded. */
  static void remember() {
    hosts = Thread.getDefaultUncaughtExceptionHandler();
  }

  static List<Leftover> of(ClassLoader loader) {
    var all = new GlobalLeftovers(loader);
    all.shutdownHooks();
    all.managedBeans();
    all.drivers();
    all.uncaughtExceptionHandler();
    all.systemProperties();
    all.securityProviders();
    return all.found;
  }

  private void shutdownHooks() {
    for (Thread hook : JdkInternals.shutdownHooks()) {
      boolean own =
          loader.equals(hook.getClass().getClassLoader()) || reach.from(JdkInternals.task(hook));
      if (own) {
        found.add(
            new Leftover(
                "shutdown hook '" + hook.getName() + "'",
                () -> Runtime.getRuntime().removeShutdownHook(hook)));
      } else if (loader.equals(hook.getContextClassLoader())) {
        found.add(
            new Leftover(
                "shutdown hook '" + hook.getName() + "' with its context class loader",
                () -> hook.setContextClassLoader(GlobalLeftovers.class.getClassLoader())));
      }
    }
  }

  /** Asks only servers that are there: making the platform's would cost memory. */
  private void managedBeans() {
    for (MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
      for (ObjectName name : server.queryNames(null, null)) {
        try {
          if (loader.equals(server.getClassLoaderFor(name))) {
            found.add(new Leftover("MBean " + name, () -> server.unregisterMBean(name)));
          }
        } catch (InstanceNotFoundException gone) {
          LOG.debug("{} was unregistered meanwhile", name);
        }
      }
    }
  }

  private void drivers() {
    if (loader instanceof AllowListClassLoader own) {
      for (String driver : PluginDrivers.find(own)) {
        found.add(
            new Leftover("JDBC driver " + driver, () -> PluginDrivers.deregister(own, driver)));
      }
    }
  }

  private void uncaughtExceptionHandler() {
    UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
    if (handler != null && reach.from(handler)) {
      found.add(
          new Leftover(
              "default uncaught exception handler " + handler.getClass().getName(),
              () -> Thread.setDefaultUncaughtExceptionHandler(hosts)));
    }
  }

  private void systemProperties() {
    for (Map.Entry<Object, Object> property : System.getProperties().entrySet()) {
      Object key = property.getKey();
      if (reach.from(key) || reach.from(property.getValue())) {
        found.add(
            new Leftover(
                key instanceof String name
                    ? "system property '" + name + "'"
                    : "system property with a " + key.getClass().getName() + " as its key",
                () -> System.getProperties().remove(key)));
      }
    }
  }

  private void securityProviders() {
    for (Provider provider : Security.getProviders()) {
      if (loader.equals(provider.getClass().getClassLoader())) {
        found.add(
            new Leftover(
                "security provider '" + provider.getName() + "'",
                () -> Security.removeProvider(provider.getName())));
      }
    }
  }
}
