package io.dormouse.host.plugin;

import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The JDBC drivers of a plugin. The JDK shows a driver only to code of the driver's own loader, so
 * each plugin that has any gets a copy of this class as one of its own; the copy refers to the JDK
 * only.
 */
final class PluginDrivers implements Function<@Nullable String, List<String>> {

  /** Class names of the drivers that the plugin has registered and not deregistered. */
  static List<String> find(AllowListClassLoader loader) {
    return ask(loader, null);
  }

  static void deregister(AllowListClassLoader loader, String driver) {
    ask(loader, driver);
  }

  private static List<String> ask(AllowListClassLoader loader, @Nullable String driver) {
    if (!loader.hasLinked(DriverManager.class.getName())) {
      return List.of(); // so none of its classes can have registered one
    }
    try {
      var constructor = loader.adopt(PluginDrivers.class).getDeclaredConstructor();
      constructor.setAccessible(true);
      @SuppressWarnings("unchecked")
      var copy = (Function<@Nullable String, List<String>>) constructor.newInstance();
      return copy.apply(driver);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible); // it is this class
    }
  }

  private PluginDrivers() {}

  /** Deregisters drivers of this class name, then lists those that are left. */
  @Override
  public List<String> apply(@Nullable String deregistered) {
    List<String> left = new ArrayList<>();
    for (Enumeration<Driver> all = DriverManager.getDrivers(); all.hasMoreElements(); ) {
      Driver driver = all.nextElement();
      Class<?> type = driver.getClass();
      if (getClass().getClassLoader().equals(type.getClassLoader())) {
        if (type.getName().equals(deregistered)) {
          deregister(driver);
        } else {
          left.add(type.getName());
        }
      }
    }
    return left;
  }

  private static void deregister(Driver driver) {
    try {
      DriverManager.deregisterDriver(driver);
    } catch (SQLException refused) {
      throw new IllegalStateException(refused);
    }
  }
}
