package io.dormouse.host.admin;

import io.dormouse.host.backplane.HostStatus;
import io.helidon.http.Status;
import jakarta.inject.Singleton;
import java.util.List;

/** Which hosts there are, and how a plugin is on each of them. */
@Singleton
final class HostRoutes implements Routes {
  /**
   * As it is written.
   *
   * @param self id of the host that answers
   */
  record HostsAnswer(String self, List<HostStatus> hosts) {}

  /** As it is written; the host that answers comes first. */
  record PluginOnHostsAnswer(List<PluginOnHost> hosts) {}

  private final HostList hosts;

  HostRoutes(HostList hosts) {
    this.hosts = hosts;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/hosts", Scope.READ, this::all),
        Route.get("/plugins/{id}/hosts", Scope.READ, this::plugin));
  }

  private void all(Call call) {
    List<HostStatus> all = hosts.all();
    call.answer(Status.OK_200, new HostsAnswer(all.getFirst().id(), all));
  }

  private void plugin(Call call) {
    String id = call.part("id");
    List<PluginOnHost> found = PluginOnHost.all(hosts, id);
    if (found.stream().allMatch(PluginOnHost::isAbsent)) {
      throw new Problem(
          AdminErrorCode.ADMIN_UNKNOWN_PLUGIN, "There is no plugin '" + id + "' on any host");
    }
    call.answer(Status.OK_200, new PluginOnHostsAnswer(found));
  }
}
