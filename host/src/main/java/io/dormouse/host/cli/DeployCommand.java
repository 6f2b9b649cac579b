package io.dormouse.host.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "deploy",
    description =
        "Uploads a plugin's JAR, and waits until it serves in place of the version that runs. Sockets stay connected.")
final class DeployCommand extends ClientCommand {
  @Parameters(paramLabel = "FILE", description = "the JAR; its manifest says which plugin it is")
  private Path file = Path.of("");

  @Option(names = "--no-wait", description = "return when the JAR is uploaded")
  private boolean noWait;

  @Option(
      names = "--dry-run",
      description =
          "let the host load, start and probe it, tell what would change, and throw it away")
  private boolean dryRun;

  @Option(
      names = "--refuse-removed",
      description = "refuse a version without one of the namespaces that are served now")
  private boolean refuseRemoved;

  DeployCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  void run(AdminClient admin) {
    LocalJar jar = LocalJar.read(file);
    Json former = former(admin, jar.id());
    Answer answer;
    try (Progress progress = new Progress(terminal, jar.name(), wantsJson())) {
      progress.starts(jar.bytes());
      answer = admin.put(Plugins.path(jar.id()) + query(), new Upload(jar, progress));
    }
    show(answer, now -> tell(jar, former, now));
    if (!dryRun && !noWait) {
      follow(admin, jar, answer.json());
    }
  }

  private void follow(AdminClient admin, LocalJar jar, Json now) {
    String digest = now.text("digest");
    List<String> without =
        wantsJson()
            ? OtherHosts.without(now.list("hosts"), digest)
            : new OtherHosts(admin, terminal, jar).follow(digest);
    if (!without.isEmpty()) {
      throw new CommandFailed(
          CliErrorCode.REFUSED,
          "%s serves on the host that was asked, but not on %s; the others follow as soon as they can: dormouse hosts"
              .formatted(jar.name(), String.join(", ", without)));
    }
  }

  /** Empty when there is none yet. */
  private static Json former(AdminClient admin, String id) {
    try {
      return admin.get(Plugins.path(id)).json();
    } catch (CommandFailed e) {
      if (e.isNotFound()) {
        return new Json(null);
      }
      throw e;
    }
  }

  private String query() {
    List<String> query = new ArrayList<>();
    if (dryRun) {
      query.add("dry-run=true");
    } else if (!noWait) {
      query.add(wantsJson() ? "wait=true" : "wait=own");
    }
    if (refuseRemoved) {
      query.add("refuse-removed=true");
    }
    return query.isEmpty() ? "" : "?" + String.join("&", query);
  }

  private void tell(LocalJar jar, Json former, Json now) {
    if (dryRun) {
      say(jar.name() + " starts and passes its probe; nothing was changed" + goesOn(former));
      namespaces("adds", now.texts("addedNamespaces"));
      namespaces("removes", now.texts("removedNamespaces"));
      namespaces("keeps", now.texts("keptNamespaces"));
    } else if (noWait) {
      say(jar.name() + " is uploaded; whether it serves tells: dormouse plugins " + jar.id());
    } else {
      say(Plugins.sentence(now) + instead(former));
      List<String> before = former.texts("namespaces");
      List<String> after = now.texts("namespaces");
      namespaces("added", without(after, before));
      namespaces("removed", without(before, after));
      namespaces("kept", before.stream().filter(after::contains).toList());
    }
  }

  private static String goesOn(Json former) {
    String version = former.text("version");
    return version.isEmpty() ? "" : ", " + version + " goes on";
  }

  private static String instead(Json former) {
    String version = former.text("version");
    return version.isEmpty() ? "" : "; before it " + version;
  }

  private static List<String> without(List<String> all, List<String> those) {
    return all.stream().filter(name -> !those.contains(name)).toList();
  }

  private void namespaces(String label, List<String> names) {
    if (!names.isEmpty()) {
      say("  %-8s %s".formatted(label, String.join(" ", names)));
    }
  }

  private void say(String line) {
    terminal.print(Terminal.clean(line));
  }
}
