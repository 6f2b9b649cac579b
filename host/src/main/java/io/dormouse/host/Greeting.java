package io.dormouse.host;

import io.dormouse.host.admin.AdminSettings;
import io.dormouse.host.plugin.PluginRuntime;
import io.dormouse.host.plugin.PluginState;
import io.dormouse.host.plugin.PluginStatus;
import io.micronaut.context.ApplicationContext;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a person reads when the host has started.
 *
 * @param scheme of the public listener
 * @param port the real one
 * @param adminPort the real one; -1 when there is none
 */
record Greeting(
    String scheme,
    String bind,
    int port,
    String adminBind,
    int adminPort,
    List<PluginStatus> plugins) {
  private static final Logger LOG = LoggerFactory.getLogger(Greeting.class);

  /** Prints it, or one line of JSON where the log is JSON. */
  static void give(ApplicationContext context) {
    Listeners listeners = context.getBean(Listeners.class);
    Greeting greeting =
        new Greeting(
            context.getBean(TlsSettings.class).enabled() ? "https" : "http",
            context.getBean(ServerSettings.class).bind(),
            listeners.port(),
            context.getBean(AdminSettings.class).bind(),
            listeners.adminPort(),
            context.getBean(PluginRuntime.class).plugins());
    if (context.getBean(LogSettings.class).format() == LogSettings.Format.TEXT) {
      System.out.print(greeting.text());
      System.out.flush();
    } else {
      LOG.atInfo()
          .addKeyValue("port", greeting.port())
          .addKeyValue("adminPort", greeting.adminPort())
          .log("Dormouse {} listens on {}", Main.Version.text(), greeting.address());
    }
  }

  private String address() {
    return address(bind, port);
  }

  String text() {
    StringBuilder text = new StringBuilder();
    text.append("\nDormouse %s listens on %s\n".formatted(Main.Version.text(), address()));
    List<PluginStatus> running =
        plugins.stream().filter(plugin -> plugin.state() == PluginState.ACTIVE).toList();
    if (running.isEmpty()) {
      line(text, "plugins", "none; put JARs into the plugins folder");
    }
    String label = "plugins";
    for (PluginStatus plugin : running) {
      String namespaces = String.join(" ", plugin.namespaces());
      line(text, label, plugin.id() + " " + plugin.version() + "  " + namespaces);
      label = "";
    }
    for (PluginStatus plugin : plugins) {
      if (plugin.state() == PluginState.QUARANTINED) {
        line(text, "refused", String.valueOf(plugin.lastError()));
      }
    }
    line(text, "admin", adminPort < 0 ? "off" : "http://" + address(adminBind, adminPort));
    line(text, "open", scheme + "://localhost:" + port + "/");
    return text.toString();
  }

  private static void line(StringBuilder text, String label, String value) {
    text.append("  %-8s %s\n".formatted(label, value));
  }

  private static String address(String bind, int port) {
    return (bind.contains(":") ? "[" + bind + "]" : bind) + ":" + port;
  }
}
