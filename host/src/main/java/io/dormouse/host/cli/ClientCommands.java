package io.dormouse.host.cli;

import io.dormouse.host.cli.OperationCommand.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The commands that talk to a running host. */
public final class ClientCommands {
  private static final int WIDTH_OF_FILES = 100;
  private static final int LEAST_WIDTH = 60;

  private ClientCommands() {}

  /** Adds them to the command line. None does anything before it is called. */
  public static void addTo(CommandLine root) {
    addTo(root, Surroundings.ofProcess());
  }

  static void addTo(CommandLine root, Surroundings surroundings) {
    List<ClientCommand> commands = new ArrayList<>();
    commands.add(new PluginsCommand(surroundings));
    commands.add(new DeployCommand(surroundings));
    commands.add(new ReloadCommand(surroundings));
    for (Operation operation : Operation.values()) {
      commands.add(new OperationCommand(surroundings, operation));
    }
    commands.add(new RemoveCommand(surroundings));
    commands.add(new HostsCommand(surroundings));
    commands.add(new NamespacesCommand(surroundings));
    commands.add(new SocketsCommand(surroundings));
    commands.add(new DisconnectCommand(surroundings));
    commands.add(new DrainCommand(surroundings));
    commands.add(new EmitCommand(surroundings));
    commands.add(new EventsCommand(surroundings));
    commands.add(new LogsCommand(surroundings));
    commands.add(new LeaksCommand(surroundings));
    for (ClientCommand command : commands) {
      CommandLine added = new CommandLine(command);
      describe(added.getCommandSpec(), command);
      // An argument of an event may be -1.
      added.setUnmatchedOptionsArePositionalParams(command instanceof EmitCommand);
      root.addSubcommand(added);
    }
    Terminal terminal = surroundings.terminal();
    root.setUsageHelpWidth(
        terminal.columns() == 0 ? WIDTH_OF_FILES : Math.max(LEAST_WIDTH, terminal.columns()));
    root.setColorScheme(
        CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF));
  }

  private static void describe(CommandSpec spec, ClientCommand command) {
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .order(Integer.MAX_VALUE)
            .description("show this text")
            .build());
    UsageMessageSpec usage = spec.usageMessage();
    usage.sortOptions(false);
    if (command instanceof OperationCommand operation) {
      spec.name(operation.operation().word());
      usage.description(operation.operation().description());
    }
    Map<String, String> exitCodes = new LinkedHashMap<>();
    exitCodes.put("0", "done");
    exitCodes.put("1", "refused by the host, which says why");
    exitCodes.put("2", "bad usage");
    exitCodes.put("3", "no host answers");
    exitCodes.put("4", "not allowed: the token is missing, unknown or lacks a scope");
    usage.exitCodeListHeading("%nExit codes%n").exitCodeList(exitCodes);
  }
}
