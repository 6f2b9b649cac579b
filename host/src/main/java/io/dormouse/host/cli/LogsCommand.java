package io.dormouse.host.cli;

import io.dormouse.host.cli.Terminal.Look;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "logs",
    description = "Shows the host's log, or the part of it that is about one plugin.")
final class LogsCommand extends StreamCommand {
  @Option(names = "--plugin", paramLabel = "ID", description = "only lines about this plugin")
  @Nullable String plugin;

  LogsCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  String path() {
    return plugin == null ? "/logs" : "/logs?plugin=" + AdminClient.escaped(plugin);
  }

  @Override
  String line(String type, Json data) {
    String level = data.text("level");
    Look look =
        switch (level) {
          case "ERROR" -> Look.RED;
          case "WARN" -> Look.YELLOW;
          default -> Look.PLAIN;
        };
    StringBuilder text = new StringBuilder();
    text.append(Terminal.line(joined(simpleName(data.text("logger")), data.text("message"))));
    field(text, "plugin", data.text("plugin"));
    data.fields("fields").forEach((key, value) -> field(text, key, value));
    if (!data.text("thrown").isEmpty()) {
      text.append('\n').append(Terminal.clean(data.text("thrown")).stripTrailing());
    }
    return joined(
        time(data),
        terminal.painted("%-5s".formatted(Terminal.line(level)), look),
        text.toString());
  }

  /** As in the host's own log. */
  private static String simpleName(String logger) {
    return logger.substring(logger.lastIndexOf('.') + 1);
  }

  private static void field(StringBuilder text, String key, String value) {
    if (!value.isEmpty()) {
      text.append(' ').append(Terminal.line(key + "=" + value));
    }
  }
}
