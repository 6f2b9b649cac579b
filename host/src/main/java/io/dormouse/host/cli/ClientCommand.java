package io.dormouse.host.cli;

import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;

/** A command that asks a host. Its exit code is that of {@link CliErrorCode}, or 0. */
abstract class ClientCommand implements Callable<Integer> {
  @Mixin private final HostOptions host;
  final Terminal terminal;

  ClientCommand(Surroundings surroundings) {
    host = new HostOptions(surroundings.environment());
    terminal = surroundings.terminal();
  }

  /**
   * @throws CommandFailed saying why
   */
  abstract void run(AdminClient admin);

  @Override
  public final Integer call() {
    try {
      run(host.client());
      return 0;
    } catch (CommandFailed e) {
      terminal.complain(String.valueOf(e.getMessage()));
      return e.exitCode();
    }
  }

  final boolean wantsJson() {
    return host.json;
  }

  /** Prints the answer: for machines as it is, for people as {@code people} does. */
  final void show(Answer answer, Consumer<Json> people) {
    if (wantsJson()) {
      String json = answer.text().strip();
      if (!json.isEmpty()) {
        terminal.print(json);
      }
    } else {
      people.accept(answer.json());
    }
  }
}
