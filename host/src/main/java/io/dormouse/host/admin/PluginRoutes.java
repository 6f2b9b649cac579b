package io.dormouse.host.admin;

import io.dormouse.host.plugin.PluginRuntime;
import io.dormouse.host.plugin.PluginStatus;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import jakarta.inject.Singleton;
import java.util.List;

/** What there is of plugins, and what is done with them but deploying. */
@Singleton
final class PluginRoutes implements Routes {
  /** As it is written. */
  record PluginsAnswer(List<PluginStatus> plugins) {}

  private interface Operation {
    PluginStatus on(String id);
  }

  private final PluginRuntime runtime;

  PluginRoutes(PluginRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/plugins", Scope.READ, this::all),
        Route.get("/plugins/{id}", Scope.READ, this::one),
        Route.of(Method.DELETE, "/plugins/{id}", Scope.DEPLOY, this::remove),
        operation("reload", runtime::reload),
        operation("rollback", runtime::rollback),
        operation("hibernate", runtime::hibernate),
        operation("wake", runtime::wake),
        operation("disable", runtime::disable),
        operation("enable", runtime::enable),
        Route.of(Method.POST, "/reload", Scope.DEPLOY, this::scan),
        Route.of(Method.POST, "/leaks", Scope.DEPLOY, this::checkLeaks));
  }

  private static Route operation(String word, Operation operation) {
    return Route.of(
        Method.POST,
        "/plugins/{id}/" + word,
        Scope.DEPLOY,
        call -> answer(call, Status.OK_200, operation.on(call.part("id"))));
  }

  /** Answers with a plugin and the tag by which {@code If-Match} knows it. */
  static void answer(Call call, Status status, PluginStatus plugin) {
    if (plugin.digest() != null) {
      call.response().header(HeaderNames.ETAG, Precondition.tag(plugin.digest()));
    }
    call.answer(status, plugin);
  }

  private void all(Call call) {
    call.answer(Status.OK_200, new PluginsAnswer(runtime.plugins()));
  }

  private void one(Call call) {
    String id = call.part("id");
    PluginStatus plugin =
        runtime
            .plugin(id)
            .orElseThrow(
                () ->
                    new Problem(
                        AdminErrorCode.ADMIN_UNKNOWN_PLUGIN, "There is no plugin '" + id + "'"));
    answer(call, Status.OK_200, plugin);
  }

  private void remove(Call call) {
    runtime.remove(call.part("id"));
    call.answer();
  }

  private void scan(Call call) {
    runtime.scan();
    all(call);
  }

  private void checkLeaks(Call call) {
    runtime.checkLeaks();
    all(call);
  }
}
