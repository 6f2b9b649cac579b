package io.dormouse.host.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "plugins",
    description =
        "Lists the plugins of a host, or tells all about one: its generations and what became of them.")
final class PluginsCommand extends ClientCommand {
  @Parameters(arity = "0..1", paramLabel = "ID", description = "the plugin to tell all about")
  @Nullable String id;

  PluginsCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  void run(AdminClient admin) {
    if (id == null) {
      show(admin.get("/plugins"), this::list);
    } else {
      show(admin.get(Plugins.path(id)), plugin -> new PluginDetails(terminal, plugin).print());
    }
  }

  private void list(Json answer) {
    Plugins.printTable(terminal, answer.list("plugins"));
  }
}
