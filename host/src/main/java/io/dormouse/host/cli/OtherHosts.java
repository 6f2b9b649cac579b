package io.dormouse.host.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How a deployment goes on the hosts that follow the one that was asked. */
final class OtherHosts {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final AdminClient admin;
  private final Terminal terminal;
  private final LocalJar jar;
  private final Set<String> told = new HashSet<>();

  OtherHosts(AdminClient admin, Terminal terminal, LocalJar jar) {
    this.admin = admin;
    this.terminal = terminal;
    this.jar = jar;
  }

  /**
   * Tells of each host when it has the JAR, or has refused it.
   *
   * @param digest of the JAR, as the host knows it
   * @return the names of those that do not have it
   */
  List<String> follow(String digest) {
    long limit = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      List<String> without = new ArrayList<>();
      boolean waits = false;
      for (Json host : others()) {
        boolean refused = host.text("refused").equals(digest);
        boolean has = !refused && host.text("digest").equals(digest);
        if (!has && host.isTrue("alive")) {
          without.add(host.text("name"));
          waits |= !refused;
        }
        if (has || refused) {
          tell(host, has);
        }
      }
      if (!waits || System.nanoTime() - limit > 0) {
        return without;
      }
      pause();
    }
  }

  /** The names of those of a list that do not have a JAR, though they are there. */
  static List<String> without(List<Json> hosts, String digest) {
    return hosts.stream()
        .filter(host -> host.isTrue("alive"))
        .filter(host -> !host.text("digest").equals(digest) || host.text("refused").equals(digest))
        .map(host -> host.text("name"))
        .toList();
  }

  /** None when the host is alone, or of a version that knows of no others. */
  private List<Json> others() {
    try {
      List<Json> all = admin.get(Plugins.path(jar.id()) + "/hosts").json().list("hosts");
      return all.isEmpty() ? all : all.subList(1, all.size());
    } catch (CommandFailed failed) {
      if (failed.isNotFound()) {
        return List.of();
      }
      throw failed;
    }
  }

  private void tell(Json host, boolean has) {
    if (!told.add(host.text("host"))) {
      return;
    }
    String what = "is " + host.text("state");
    if (!has) {
      boolean serves = !host.text("version").isEmpty() && !host.text("state").equals("quarantined");
      what = serves ? "keeps " + host.text("version") : "serves none";
    }
    String why = has ? "" : ": " + host.text("error");
    terminal.print(Terminal.clean("  on %-8s %s%s".formatted(host.text("name"), what, why)));
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", ended);
    }
  }
}
