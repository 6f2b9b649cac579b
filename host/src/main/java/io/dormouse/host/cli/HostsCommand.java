package io.dormouse.host.cli;

import io.dormouse.host.cli.Table.Cell;
import io.dormouse.host.cli.Terminal.Look;
import picocli.CommandLine.Command;

@Command(
    name = "hosts",
    description = "Lists the hosts that act as one over Redis, the one that is asked first.")
final class HostsCommand extends ClientCommand {
  HostsCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  void run(AdminClient admin) {
    show(admin.get("/hosts"), this::print);
  }

  private static Cell state(Json host) {
    if (!host.isTrue("alive")) {
      return new Cell("SILENT", Look.RED);
    }
    return switch (host.text("state")) {
      case "draining" -> new Cell("DRAINING", Look.YELLOW);
      case "degraded" -> new Cell("DEGRADED", Look.YELLOW);
      default -> new Cell("ALIVE", Look.GREEN);
    };
  }

  private void print(Json answer) {
    Table table =
        new Table(terminal, "NAME", "ID", "VERSION", "STATE", "SOCKETS", "PLUGINS", "STARTED");
    for (Json host : answer.list("hosts")) {
      long troubled =
          host.list("plugins").stream().filter(one -> !one.text("error").isEmpty()).count();
      String plugins = host.list("plugins").size() + (troubled == 0 ? "" : " (" + troubled + " !)");
      table.row(
          Cell.of(host.text("name")),
          Cell.of(host.text("id")),
          Cell.of(host.text("version")),
          state(host),
          Cell.of(host.text("sockets")),
          Cell.of(plugins),
          Cell.of(Age.of(host.instant("started"), terminal.clock())));
    }
    table.print();
    for (Json host : answer.list("hosts")) {
      for (Json plugin : host.list("plugins")) {
        if (!plugin.text("error").isEmpty()) {
          terminal.print(Terminal.clean("\n" + host.text("name") + ": " + plugin.text("error")));
        }
      }
    }
  }
}
