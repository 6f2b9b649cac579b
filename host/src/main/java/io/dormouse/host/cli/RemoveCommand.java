package io.dormouse.host.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "remove",
    description = "Removes a plugin and disconnects the sockets of its namespaces.")
final class RemoveCommand extends ClientCommand {
  @Parameters(paramLabel = "ID", description = "the plugin")
  private String id = "";

  RemoveCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  void run(AdminClient admin) {
    show(admin.delete(Plugins.path(id)), _ -> terminal.print(Terminal.clean(id + " is removed")));
  }
}
