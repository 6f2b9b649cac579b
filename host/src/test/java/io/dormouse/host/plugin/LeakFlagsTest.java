package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.plugin.LeakFixture.Retired;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verdicts in a JVM that was started otherwise than the launcher does. */
class LeakFlagsTest {
  private static final String NO_SOFT = "-XX:SoftRefLRUPolicyMSPerMB=0";

  @TempDir Path folder;

  /** What is run in the other JVM: leaks in two ways, prints both verdicts. */
  static final class Leaks {
    private Leaks() {}

    public static void main(String[] folder) {
      try (var plugins = new LeakFixture(Path.of(folder[0]))) {
        Retired thread =
            plugins.abandon(
                plugins.jar(
                    "var t = new Thread(Main::park, \"poller\"); t.setDaemon(true); t.start();"
                        + " PARKED.await();"));
        Retired virtual =
            plugins.abandon(plugins.jar("Thread.startVirtualThread(Main::sleep); PARKED.await();"));
        plugins.watch.checkNow();
        System.out.println(thread.last());
        System.out.println(virtual.last());
      }
    }
  }

  private List<String> verdicts(String... flags) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Leaks.class.getName()));
    command.add(folder.toString());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return output.lines().filter(line -> line.startsWith("Verdict")).toList();
  }

  @Test
  void areUnknownWhenNoCollectionCanBeForced() throws Exception {
    assertThat(verdicts("-XX:+DisableExplicitGC"))
        .containsOnly(
            "Verdict[state=UNKNOWN, causes=[the JVM runs with -XX:+DisableExplicitGC, so no full"
                + " collection can be forced]]");
    assertThat(verdicts("-XX:+ExplicitGCInvokesConcurrent"))
        .containsOnly(
            "Verdict[state=UNKNOWN, causes=[the JVM runs with -XX:+ExplicitGCInvokesConcurrent, so"
                + " no full collection can be forced]]");
  }

  @Test
  void nameLessWhenTheJdkIsClosed() throws Exception {
    assertThat(verdicts(NO_SOFT))
        .containsExactly(
            "Verdict[state=LEAKED, causes=[thread 'poller' is still running, at"
                + " lair.Main.park(Main.java:8)]]",
            "Verdict[state=LEAKED, causes=[unknown, since this JVM was started without the"
                + " --add-opens of the launcher; take a heap dump and look for the loader"
                + " 'lair@2']]");
  }

  @Test
  void areUnknownWhenSoftReferencesMayBeAllThereIs() throws Exception {
    assertThat(verdicts())
        .containsExactly(
            "Verdict[state=LEAKED, causes=[thread 'poller' is still running, at"
                + " lair.Main.park(Main.java:8)]]",
            "Verdict[state=UNKNOWN, causes=[perhaps a SoftReference only; start the JVM with"
                + " -XX:SoftRefLRUPolicyMSPerMB=0 to be sure]]");
  }
}
