package io.dormouse.host.admin;

import io.dormouse.host.plugin.PluginRuntime;
import io.dormouse.host.plugin.PluginStatus;
import io.dormouse.host.plugin.PluginsSettings;
import io.dormouse.host.plugin.Upload;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code PUT /plugins/{id}}: a JAR comes in, is checked, and takes the place of the one there. Who
 * waits is answered when the other hosts have followed, or have refused to, or after a minute.
 */
@Singleton
final class Deployments implements Routes {
  /** As it is written. */
  record Accepted(String id, String version, String digest, long bytes) {}

  /**
   * As it is written, the plugin's own fields beside the hosts.
   *
   * @param hosts this one first; empty when only this one was waited for
   */
  record Deployed(PluginStatus plugin, List<PluginOnHost> hosts) {}

  private enum Wait {
    NOT,
    OWN,
    ALL
  }

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final PluginRuntime runtime;
  private final HostList hosts;
  private final long mostBytes;

  /** Plugins of which a JAR is just being put into place. */
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  /** Whether the other hosts follow. */
  private final boolean shared;

  Deployments(PluginRuntime runtime, HostList hosts, PluginsSettings settings) {
    this.runtime = runtime;
    this.hosts = hosts;
    this.shared = settings.shared();
    this.mostBytes = settings.maxJarSize();
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.of(Method.PUT, "/plugins/{id}", Scope.DEPLOY, this::put)
            .withParameters("wait", "dry-run", "refuse-removed")
            .withBody(mostBytes));
  }

  private void put(Call call) {
    String id = call.part("id");
    Wait wait = wait(call);
    boolean dryRun = call.flag("dry-run", false);
    boolean refuseRemoved = call.flag("refuse-removed", false);
    call.checkMediaType(true, "application/java-archive", "application/octet-stream", Call.UNTOLD);
    String digest = ContentDigest.sha256(call.headers());
    Precondition condition = Precondition.of(call.headers());
    // Before the body is read, and again before it is put into place.
    condition.check(id, wanted(id));
    Upload upload = stage(call, id, digest);
    if (dryRun) {
      condition.check(id, wanted(id));
      call.answer(Status.OK_200, runtime.dryRun(upload));
      return;
    }
    Deployment deployment = new Deployment(call, upload, condition, refuseRemoved);
    if (wait != Wait.NOT) {
      PluginStatus plugin = deployment.run();
      call.response().header(HeaderNames.ETAG, Precondition.tag(upload.digest()));
      call.answer(
          Status.OK_200,
          new Deployed(plugin, wait == Wait.ALL ? everywhere(id, upload.digest()) : List.of()));
    } else {
      deployment.start();
      call.response().header(HeaderNames.LOCATION, "/plugins/" + id);
      call.answer(
          Status.ACCEPTED_202,
          new Accepted(upload.id(), upload.version(), upload.digest(), upload.bytes()));
    }
  }

  private static Wait wait(Call call) {
    if ("own".equals(call.text("wait"))) {
      return Wait.OWN;
    }
    return call.flag("wait", false) ? Wait.ALL : Wait.NOT;
  }

  /** Waits for the other hosts, as long as this one still wants the JAR. */
  private List<PluginOnHost> everywhere(String id, String digest) {
    long limit = System.nanoTime() + PATIENCE.toNanos();
    List<PluginOnHost> all = PluginOnHost.all(hosts, id);
    try {
      while (shared
          && digest.equals(all.getFirst().digest())
          && !all.stream().allMatch(host -> host.isThrough(digest))
          && System.nanoTime() - limit < 0) {
        Thread.sleep(PAUSE);
        all = PluginOnHost.all(hosts, id);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    return all;
  }

  private @Nullable String wanted(String id) {
    return runtime.plugin(id).map(PluginStatus::digest).orElse(null);
  }

  /** The name is for people: nothing of the request becomes a path. */
  private Upload stage(Call call, String id, @Nullable String digest) {
    Upload upload = runtime.stage(call.body(), id + ".jar");
    call.concerns(upload.digest());
    if (digest != null && !digest.equals(upload.digest())) {
      throw new Problem(
          AdminErrorCode.ADMIN_WRONG_DIGEST,
          "The body has the SHA-256 %s, Content-Digest says %s; send it again"
              .formatted(upload.digest(), digest));
    }
    if (!id.equals(upload.id())) {
      throw new Problem(
          AdminErrorCode.ADMIN_OTHER_PLUGIN,
          "The JAR's Plugin-Id is '%s', the path says '%s'; send it to /plugins/%s"
              .formatted(upload.id(), id, upload.id()));
    }
    return upload;
  }

  /** Puts one upload into place. One at a time for each plugin, so that the condition holds. */
  private final class Deployment {
    private final Call call;
    private final Upload upload;
    private final boolean refuseRemoved;

    /**
     * @throws Problem when another one is under way, or the condition is not met any more
     */
    Deployment(Call call, Upload upload, Precondition condition, boolean refuseRemoved) {
      this.call = call;
      this.upload = upload;
      this.refuseRemoved = refuseRemoved;
      if (!busy.add(upload.id())) {
        throw new Problem(
            AdminErrorCode.ADMIN_OPERATION_IN_PROGRESS,
            "Another JAR of plugin '%s' is just being deployed; look at it again when it is done"
                .formatted(upload.id()));
      }
      try {
        condition.check(upload.id(), wanted(upload.id()));
      } catch (Problem changed) {
        busy.remove(upload.id());
        throw changed;
      }
    }

    PluginStatus run() {
      try {
        return runtime.deploy(upload, refuseRemoved);
      } finally {
        busy.remove(upload.id());
      }
    }

    /** What becomes of it is in the plugin's status, its events and the logs. */
    void start() {
      String what = call.what() + " (accepted before)";
      Thread.ofVirtual()
          .name("deploy-" + upload.id())
          .start(
              () -> {
                try {
                  run();
                  AuditLog.log(call.who(), what, upload.digest(), Status.OK_200.codeText());
                } catch (RuntimeException failure) {
                  Problem problem = Problems.of(failure);
                  String result = problem == null ? "failed" : problem.code();
                  AuditLog.log(call.who(), what, upload.digest(), result);
                }
              });
    }
  }
}
