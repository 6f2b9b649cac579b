package io.dormouse.host.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "disconnect", description = "Disconnects a socket.")
final class DisconnectCommand extends ClientCommand {
  @Parameters(paramLabel = "SOCKET", description = "its id, as dormouse sockets lists it")
  private String id = "";

  DisconnectCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  void run(AdminClient admin) {
    show(
        admin.delete("/sockets/" + AdminClient.escaped(id)),
        _ -> terminal.print(Terminal.clean(id + " is disconnected")));
  }
}
