package io.dormouse.host.admin;

import io.dormouse.host.plugin.PluginRuntime;
import io.dormouse.host.plugin.PluginStatus;
import io.dormouse.host.plugin.PluginsSettings;
import io.dormouse.host.plugin.Upload;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** {@code PUT /plugins/{id}}: a JAR comes in, is checked, and takes the place of the one there. */
@Singleton
final class Deployments implements Routes {
  /** As it is written. */
  record Accepted(String id, String version, String digest, long bytes) {}

  private final PluginRuntime runtime;
  private final long mostBytes;

  /** Plugins of which a JAR is just being put into place. */
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  Deployments(PluginRuntime runtime, PluginsSettings settings) {
    this.runtime = runtime;
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
    boolean wait = call.flag("wait", false);
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
    if (wait) {
      PluginRoutes.answer(call, Status.OK_200, deployment.run());
    } else {
      deployment.start();
      call.response().header(HeaderNames.LOCATION, "/plugins/" + id);
      call.answer(
          Status.ACCEPTED_202,
          new Accepted(upload.id(), upload.version(), upload.digest(), upload.bytes()));
    }
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
