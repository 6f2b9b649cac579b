package io.dormouse.host.cli;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "drain",
    description =
        "Lets no new clients in and moves those that are here to other hosts, at a pace. The host goes on"
            + " running, without clients, until it is stopped or --cancel lets them in again.")
final class DrainCommand extends ClientCommand {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  @Option(
      names = "--pace",
      paramLabel = "PACE",
      description = "clients a second, such as 500/s, or a share, such as 10%%/s")
  private @Nullable String pace;

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      description = "when those that are left are sent away at once, such as 30s")
  private @Nullable String deadline;

  @Option(names = "--dry-run", description = "tell what would happen, and do nothing")
  private boolean dryRun;

  @Option(names = "--cancel", description = "end the drain, and let clients in again")
  private boolean cancel;

  @Option(names = "--wait", description = "return when no client is left")
  private boolean waits;

  DrainCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  void run(AdminClient admin) {
    if (cancel && (dryRun || waits || pace != null || deadline != null)) {
      throw new CommandFailed(CliErrorCode.BAD_USAGE, "--cancel goes with no other option");
    }
    if (cancel) {
      show(admin.delete("/drain"), status -> terminal.print(cancelled(status)));
      return;
    }
    Answer answer = admin.post("/drain", body());
    if (dryRun) {
      show(answer, status -> terminal.print(plan(status)));
    } else if (waits) {
      show(await(admin, answer), status -> terminal.print(end(status)));
    } else {
      show(answer, status -> terminal.print(plan(status)));
    }
  }

  private String body() {
    return Json.write(
        json -> {
          json.writeStartObject();
          if (pace != null) {
            json.writeStringField("pace", pace);
          }
          if (deadline != null) {
            json.writeStringField("deadline", deadline);
          }
          if (dryRun) {
            json.writeBooleanField("dryRun", true);
          }
          json.writeEndObject();
        });
  }

  private Answer await(AdminClient admin, Answer begun) {
    Answer now = begun;
    try (Progress progress = new Progress(terminal, "the host", wantsJson())) {
      while (!now.json().isTrue("done")) {
        if (!now.json().text("state").equals("draining")) {
          throw new CommandFailed(
              CliErrorCode.REFUSED, "The drain was cancelled before all clients had gone");
        }
        progress.tells(progress(now.json()));
        LockSupport.parkNanos(LOOK_NANOS);
        now = admin.get("/drain");
      }
    }
    return now;
  }

  private static String plan(Json status) {
    return "%s %s sessions at %s (%s a second), of which %s are busy; until %s%s"
        .formatted(
            status.text("state").equals("draining") ? "Drains" : "Would drain",
            status.text("sessions"),
            status.text("pace"),
            status.text("perSecond").replaceFirst("\\.0$", ""),
            status.text("busy"),
            status.text("deadline").replaceFirst("\\.\\d+Z$", "Z"),
            status.isTrue("fits") ? "" : ", which is too early for the last ones");
  }

  private static String progress(Json status) {
    return "Draining  %s sessions left, %s moved, %s busy, %s a second"
        .formatted(
            status.text("sessions"),
            status.text("moved"),
            status.text("busy"),
            status.text("measured"));
  }

  private static String end(Json status) {
    return "Drained: %s sessions moved, %s of them without their turn; %s calls of plugins were not waited for"
        .formatted(status.text("moved"), status.text("cutShort"), status.text("abandoned"));
  }

  private static String cancelled(Json status) {
    return "The host is %s and lets clients in again; %s sessions are still here"
        .formatted(status.text("state"), status.text("sessions"));
  }
}
