package io.dormouse.host.admin;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/**
 * The last lines of the host's log, and those who follow it. Any thread may {@link #append}, which
 * never blocks and never logs.
 */
public final class LogLines implements Routes {
  private static final int KEPT = 1000;

  private final Deque<LogLine> last = new ArrayDeque<>();
  private final EventStreams<LogLine> streams;

  public LogLines() {
    this(EventStreams.Limits.USUAL);
  }

  LogLines(EventStreams.Limits limits) {
    streams = new EventStreams<>(limits, _ -> "line", line -> line);
  }

  public synchronized void append(LogLine line) {
    if (last.size() == KEPT) {
      last.removeFirst();
    }
    last.add(line);
    streams.publish(line);
  }

  @Override
  public List<Route> routes() {
    return List.of(Route.get("/logs", Scope.READ, this::follow).withParameters("plugin"));
  }

  private void follow(Call call) {
    String plugin = call.text("plugin");
    Predicate<LogLine> wanted = line -> plugin == null || plugin.equals(line.plugin());
    List<LogLine> first = new ArrayList<>();
    EventQueue<LogLine> further;
    synchronized (this) {
      further = streams.listen(wanted);
      last.stream().filter(wanted).forEach(first::add);
    }
    streams.write(first, further, call.response());
  }

  @Override
  public void stop() {
    streams.stop();
  }
}
