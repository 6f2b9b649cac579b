package io.dormouse.host;

import io.dormouse.host.admin.AdminSettings;
import io.dormouse.host.plugin.PluginRuntime;
import io.dormouse.host.plugin.PluginState;
import io.dormouse.host.plugin.PluginStatus;
import io.micronaut.context.ApplicationContext;
import java.util.List;

/** What a person reads when the host has started. */
final class Greeting {
  private Greeting() {}

  static String text(ApplicationContext context) {
    ServerSettings server = context.getBean(ServerSettings.class);
    AdminSettings admin = context.getBean(AdminSettings.class);
    boolean tls = context.getBean(TlsSettings.class).enabled();
    Listeners listeners = context.getBean(Listeners.class);
    return text(
        server,
        admin,
        tls,
        listeners.port(),
        listeners.adminPort(),
        context.getBean(PluginRuntime.class).plugins());
  }

  private static String text(
      ServerSettings server,
      AdminSettings admin,
      boolean tls,
      int port,
      int adminPort,
      List<PluginStatus> plugins) {
    StringBuilder text = new StringBuilder();
    text.append(
        "\nDormouse %s listens on %s\n"
            .formatted(Main.Version.text(), address(server.bind(), port)));
    boolean any = false;
    for (PluginStatus plugin : plugins) {
      if (plugin.state() == PluginState.CURRENT) {
        String name = plugin.id() + " " + plugin.version();
        line(text, any ? "" : "plugins", name + "  " + String.join(" ", plugin.namespaces()));
        any = true;
      }
    }
    if (!any) {
      line(text, "plugins", "none; put JARs into the plugins folder and start again");
    }
    for (PluginStatus plugin : plugins) {
      if (plugin.state() == PluginState.QUARANTINED) {
        line(text, "refused", String.valueOf(plugin.refusal()));
      }
    }
    line(
        text,
        "admin",
        adminPort < 0 ? "off" : "http://" + address(admin.bind(), adminPort) + "/metrics");
    line(text, "open", (tls ? "https" : "http") + "://localhost:" + port + "/");
    return text.toString();
  }

  private static void line(StringBuilder text, String label, String value) {
    text.append("  %-8s %s\n".formatted(label, value));
  }

  private static String address(String bind, int port) {
    return (bind.contains(":") ? "[" + bind + "]" : bind) + ":" + port;
  }
}
