package io.dormouse.host.cli;

import io.dormouse.host.cli.Terminal.Look;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * What a host tells as it happens, a line each: first what it still knows of the past. As JSON,
 * each line is one object as the host sent it.
 */
abstract class StreamCommand extends ClientCommand {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  @Option(
      names = {"-f", "--follow"},
      description = "go on with what happens from now on, until interrupted")
  private boolean follow;

  StreamCommand(Surroundings surroundings) {
    super(surroundings);
  }

  /** With its query, if it has one; {@code follow} is added. */
  abstract String path();

  /** One event for people, with the terminal's looks and nothing else that steers it. */
  abstract String line(String type, Json data);

  @Override
  final void run(AdminClient admin) {
    String path = path();
    if (!follow) {
      path += (path.contains("?") ? "&" : "?") + "follow=false";
    }
    admin.stream(path, this::print);
    if (follow && !terminal.isClosed()) {
      throw hostEnded("The host has broken off");
    }
  }

  private boolean print(String type, String data) {
    switch (type) {
      case "stopping" -> throw hostEnded("The host stops");
      case "dropped" ->
          throw new CommandFailed(CliErrorCode.REFUSED, Terminal.line(read(data).text("detail")));
      default -> terminal.print(wantsJson() ? data : line(type, read(data)));
    }
    return !terminal.isClosed();
  }

  private static CommandFailed hostEnded(String how) {
    return new CommandFailed(CliErrorCode.HOST_UNREACHABLE, how + "; nothing more comes from it");
  }

  private static Json read(String data) {
    try {
      return Json.read(data);
    } catch (IOException _) {
      return new Json(data);
    }
  }

  /** The time of day here, faint; empty when the host names none. */
  final String time(Json data) {
    Instant at = data.instant("at");
    return at == null
        ? ""
        : terminal.painted(TIME.format(at.atZone(terminal.clock().getZone())), Look.FAINT);
  }

  /** Without what is empty. */
  static String joined(String... parts) {
    List<String> all = new ArrayList<>();
    for (String part : parts) {
      if (!part.isEmpty()) {
        all.add(part);
      }
    }
    return String.join("  ", all);
  }
}
