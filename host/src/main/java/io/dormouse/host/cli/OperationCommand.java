package io.dormouse.host.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What is done with one plugin by its id alone. */
@Command
final class OperationCommand extends ClientCommand {
  /** In the words of the admin REST. */
  enum Operation {
    ROLLBACK("rollback", "Puts the former version of a plugin back; sockets stay connected."),
    HIBERNATE("hibernate", "Puts a plugin to sleep; its sockets stay, the next event wakes it."),
    WAKE("wake", "Wakes a plugin that sleeps."),
    DISABLE("disable", "Takes a plugin out of service until it is enabled again."),
    ENABLE("enable", "Puts a disabled plugin back into service.");

    private final String word;
    private final String description;

    Operation(String word, String description) {
      this.word = word;
      this.description = description;
    }

    String word() {
      return word;
    }

    String description() {
      return description;
    }
  }

  private final Operation operation;

  @Parameters(paramLabel = "ID", description = "the plugin")
  private String id = "";

  OperationCommand(Surroundings surroundings, Operation operation) {
    super(surroundings);
    this.operation = operation;
  }

  Operation operation() {
    return operation;
  }

  @Override
  void run(AdminClient admin) {
    show(
        admin.post(Plugins.path(id) + "/" + operation.word()),
        plugin -> terminal.print(Plugins.sentence(plugin)));
  }
}
