package io.dormouse.host.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "reload",
    description =
        "Starts a plugin anew from its JAR, one that was refused as well; without ID, looks at the plugins folder now.")
final class ReloadCommand extends ClientCommand {
  @Parameters(arity = "0..1", paramLabel = "ID", description = "the plugin to start anew")
  @Nullable String id;

  ReloadCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  void run(AdminClient admin) {
    if (id != null) {
      show(
          admin.post(Plugins.path(id) + "/reload"),
          plugin -> terminal.print(Plugins.sentence(plugin)));
    } else {
      show(admin.post("/reload"), answer -> Plugins.printTable(terminal, answer.list("plugins")));
    }
  }
}
