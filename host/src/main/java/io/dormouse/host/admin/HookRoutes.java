package io.dormouse.host.admin;

import io.dormouse.host.hook.DeadLetter;
import io.dormouse.host.hook.HookStatus;
import io.dormouse.host.hook.Hooks;
import io.helidon.http.Method;
import io.helidon.http.Status;
import jakarta.inject.Singleton;
import java.util.List;

/** Which hooks there are, what they have not got, and sending that again. */
@Singleton
final class HookRoutes implements Routes {
  /** As it is written. */
  record HooksAnswer(List<HookStatus> hooks) {}

  /** As it is written, oldest first. */
  record DeadLettersAnswer(List<DeadLetter> deadLetters) {}

  /**
   * As it is written.
   *
   * @param queued events that are on their way again
   */
  record ResendAnswer(int queued) {}

  private final Hooks hooks;

  HookRoutes(Hooks hooks) {
    this.hooks = hooks;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(
            "/hooks",
            Scope.READ,
            call -> call.answer(Status.OK_200, new HooksAnswer(hooks.statuses()))),
        Route.get(
            "/hooks/{name}/dead-letters",
            Scope.READ,
            call -> call.answer(Status.OK_200, new DeadLettersAnswer(deadLetters(call)))),
        Route.of(Method.POST, "/hooks/{name}/resend", Scope.EMIT, this::resend)
            .withParameters("id"));
  }

  private List<DeadLetter> deadLetters(Call call) {
    String name = call.part("name");
    List<DeadLetter> letters = hooks.deadLetters(name);
    if (letters == null) {
      throw new Problem(AdminErrorCode.ADMIN_UNKNOWN_HOOK, "There is no hook '" + name + "'");
    }
    return letters;
  }

  private void resend(Call call) {
    List<DeadLetter> _ = deadLetters(call);
    String name = call.part("name");
    String id = call.text("id");
    int queued = hooks.resend(name, id);
    if (queued == 0 && id != null) {
      throw new Problem(
          AdminErrorCode.ADMIN_UNKNOWN_DEAD_LETTER,
          "Hook '%s' has no dead letter '%s'".formatted(name, id));
    }
    call.answer(Status.ACCEPTED_202, new ResendAnswer(queued));
  }
}
