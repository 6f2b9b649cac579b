package io.dormouse.host.cli;

import io.dormouse.host.cli.Terminal.Look;
import picocli.CommandLine.Command;

@Command(
    name = "events",
    description =
        "Tells what has happened to plugins of late; with -f what happens to them and to sockets.")
final class EventsCommand extends StreamCommand {
  EventsCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  String path() {
    return "/events";
  }

  @Override
  String line(String type, Json data) {
    String what = data.text("type").isEmpty() ? type : data.text("type");
    String who =
        data.text("pluginId").isEmpty()
            ? joined(
                data.text("id"),
                data.text("namespace"),
                data.text("address"),
                data.text("transport"))
            : data.text("pluginId") + " " + data.text("version");
    return joined(
        time(data),
        terminal.painted("%-12s".formatted(Terminal.line(what)), Look.BOLD),
        Terminal.line(joined(who, data.text("detail"))));
  }
}
