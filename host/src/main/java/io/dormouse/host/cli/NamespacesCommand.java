package io.dormouse.host.cli;

import picocli.CommandLine.Command;

@Command(name = "namespaces", description = "Lists the namespaces that are served, and by whom.")
final class NamespacesCommand extends ClientCommand {
  NamespacesCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  void run(AdminClient admin) {
    show(admin.get("/namespaces"), this::print);
  }

  private void print(Json answer) {
    Table table =
        new Table(terminal, "NAMESPACE", "PLUGIN", "SOCKETS", "ROOMS").mayCut("NAMESPACE");
    for (Json namespace : answer.list("namespaces")) {
      table.row(
          namespace.text("name"),
          namespace.text("pluginId"),
          namespace.text("sockets"),
          namespace.text("rooms"));
    }
    table.print();
  }
}
