package io.dormouse.host.admin;

import io.dormouse.host.lifecycle.Drain;
import io.dormouse.host.lifecycle.DrainSettings;
import io.dormouse.host.lifecycle.DrainStatus;
import io.dormouse.host.lifecycle.HostState;
import io.dormouse.host.lifecycle.Lifecycle;
import io.dormouse.host.lifecycle.Pace;
import io.helidon.http.Method;
import io.helidon.http.Status;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The host's state, and the moving of its clients to other hosts. */
@Singleton
final class DrainRoutes implements Routes {
  private static final long REQUEST_BYTES = 1_000;

  /**
   * As it is written.
   *
   * @param lacks what is missing while it is degraded
   */
  record StateAnswer(HostState state, Instant since, @Nullable String lacks, int sessions) {}

  /** As it is read; what is missing is as configured. */
  record DrainRequest(@Nullable String pace, @Nullable String deadline, @Nullable Boolean dryRun) {
    static final DrainRequest USUAL = new DrainRequest(null, null, null);
  }

  private final Lifecycle lifecycle;
  private final Drain drain;

  DrainRoutes(Lifecycle lifecycle, Drain drain) {
    this.lifecycle = lifecycle;
    this.drain = drain;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/", Scope.READ, this::host),
        Route.get("/drain", Scope.READ, call -> call.answer(Status.OK_200, drain.status())),
        Route.of(Method.POST, "/drain", Scope.DRAIN, this::start).withBody(REQUEST_BYTES),
        Route.of(Method.DELETE, "/drain", Scope.DRAIN, this::cancel));
  }

  private void host(Call call) {
    call.answer(
        Status.OK_200,
        new StateAnswer(
            lifecycle.state(), lifecycle.since(), lifecycle.lacks(), drain.status().sessions()));
  }

  private void start(Call call) {
    DrainRequest request = call.hasBody() ? call.body(DrainRequest.class) : DrainRequest.USUAL;
    Pace pace = request.pace() == null ? null : pace(request.pace());
    Duration deadline = request.deadline() == null ? null : deadline(request.deadline());
    if (Boolean.TRUE.equals(request.dryRun())) {
      DrainStatus plan = drain.plan(pace, deadline);
      call.answer(Status.OK_200, plan);
    } else if (drain.start(pace, deadline, "asked for by " + call.who())) {
      call.answer(Status.ACCEPTED_202, drain.status());
    } else {
      throw new Problem(
          AdminErrorCode.ADMIN_WRONG_STATE,
          "The host is %s; a drain begins when it is ready or degraded"
              .formatted(lifecycle.state()));
    }
  }

  private void cancel(Call call) {
    if (!drain.cancel()) {
      throw new Problem(
          AdminErrorCode.ADMIN_WRONG_STATE,
          "The host is %s, and there is no drain that could be cancelled"
              .formatted(lifecycle.state()));
    }
    call.answer(Status.OK_200, drain.status());
  }

  private static Pace pace(String text) {
    Pace pace = Pace.parse(text);
    if (pace == null) {
      throw bad("The body's pace must be %s, was '%s'".formatted(Pace.FORM, text));
    }
    return pace;
  }

  private static Duration deadline(String text) {
    try {
      // 30s and 1m30s are ISO's durations without their head.
      String iso = text.strip().toUpperCase(Locale.ROOT);
      Duration duration = Duration.parse(iso.startsWith("P") ? iso : "PT" + iso);
      if (DrainSettings.isDeadline(duration)) {
        return duration;
      }
    } catch (DateTimeParseException _) {
      // Told below.
    }
    throw bad(
        "The body's deadline must be a duration between 1s and 24h, such as 30s, was '%s'"
            .formatted(text));
  }

  private static Problem bad(String detail) {
    return new Problem(AdminErrorCode.ADMIN_BAD_BODY, detail);
  }
}
