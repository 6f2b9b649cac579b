package io.dormouse.host.cli;

import io.dormouse.host.cli.Table.Cell;
import picocli.CommandLine.Command;

@Command(
    name = "leaks",
    description =
        "Lets the host find out which retired generations still hold memory, and lists the verdicts with their causes.")
final class LeaksCommand extends ClientCommand {
  LeaksCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  void run(AdminClient admin) {
    show(admin.post("/leaks"), this::print);
  }

  private void print(Json answer) {
    Table table =
        new Table(terminal, "PLUGIN", "GENERATION", "VERSION", "VERDICT", "SINCE", "CAUSE")
            .mayCut("CAUSE");
    boolean any = false;
    for (Json plugin : answer.list("plugins")) {
      for (Json generation : plugin.list("generations")) {
        String state = generation.text("state");
        if (state.equals("RETIRED") || state.equals("COLLECTED") || state.equals("LEAKED")) {
          any = true;
          table.row(
              Cell.of(Plugins.name(plugin)),
              Cell.of(generation.text("number")),
              Cell.of(generation.text("version")),
              Plugins.state(state),
              Cell.of(Age.of(generation.instant("since"), terminal.clock())),
              Cell.of(String.join(", ", generation.texts("leakCauses"))));
        }
      }
    }
    if (any) {
      table.print();
    } else {
      terminal.print("No generation has been retired yet");
    }
  }
}
