package io.dormouse.host.admin;

import java.util.List;

/** The last lines of the host's log, and those who follow it. */
public final class LogLines implements Routes {
  private final EventStreams<LogLine> streams =
      new EventStreams<>(EventStreams.Limits.USUAL, _ -> "LINE", line -> line);

  /** Any thread may call it; never blocks and never logs. */
  public void append(LogLine line) {
    streams.remember(line);
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/logs", Scope.READ, this::answer).withParameters("plugin", EventStreams.FOLLOW));
  }

  private void answer(Call call) {
    String plugin = call.text("plugin");
    streams.answer(call, line -> plugin == null || plugin.equals(line.plugin()));
  }

  @Override
  public void stop() {
    streams.stop();
  }
}
