package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code samples/two-hosts/run}, with a tab of a real browser on each host. */
class TwoHostsSampleIT {
  private static final Pattern URL = Pattern.compile("http://localhost:(\\d+)/plugins/chat/");
  private static final Pattern REDIS = Pattern.compile("Redis on port (\\d+)");
  private static final int FIRST_PORT = 5400;

  @Test
  void whatIsTypedOnOneHostAppearsOnTheOtherAndAllEndTogether() throws Exception {
    Peer.assumeWanted("redis");
    String chromium = Peer.chromium();
    String node = Peer.node();
    Path output = Path.of("target", "two-hosts.log").toAbsolutePath();
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of("../samples/two-hosts/run").toAbsolutePath().toString(),
                "--port",
                Integer.toString(freePorts()),
                "--distribution",
                DormouseProcess.home().toAbsolutePath().toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process sample = builder.start();
    try {
      await("the URLs")
          .atMost(Duration.ofSeconds(60))
          .until(() -> !sample.isAlive() || read(output).contains("Ctrl-C ends all"));
      List<Integer> ports = found(output, URL);
      assertThat(ports).as(() -> read(output)).hasSize(3);
      String _ =
          Peer.run(
              Peer.JS,
              Map.of(
                  "DORMOUSE_URLS",
                  "http://localhost:%d http://localhost:%d".formatted(ports.get(0), ports.get(1)),
                  "CHROMIUM",
                  chromium,
                  "SCREENSHOTS",
                  Path.of("target/screenshots").toAbsolutePath().toString()),
              List.of(node, "two-hosts.js"));
      talkWhileHostsAreKilled(sample, output, ports.get(2), node, chromium);
      sample.destroy();
      assertThat(sample.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
      assertThat(sample.exitValue()).as(() -> read(output)).isZero();
      assertThat(ports).noneMatch(TwoHostsSampleIT::isOpen);
      assertThat(found(output, REDIS)).hasSize(1).noneMatch(TwoHostsSampleIT::isOpen);
    } finally {
      sample.destroy();
    }
  }

  /** Two tabs of the balancer go on, whichever host they were on. */
  private static void talkWhileHostsAreKilled(
      Process sample, Path output, int balancer, String node, String chromium) throws Exception {
    Path said = Path.of("target", "two-hosts-killed.log").toAbsolutePath();
    ProcessBuilder builder =
        new ProcessBuilder(node, "two-hosts-killed.js")
            .directory(Peer.JS.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().put("DORMOUSE_URL", "http://localhost:" + balancer);
    builder.environment().put("CHROMIUM", chromium);
    builder
        .environment()
        .put("SCREENSHOTS", Path.of("target/screenshots").toAbsolutePath().toString());
    Process tabs = builder.start();
    try {
      shows(tabs, said, "talk 1");
      press(sample, output, '1', "Host 1 is killed");
      press(tabs, said, '\n', "talk 2");
      press(sample, output, '1', "Host 1 is back");
      press(sample, output, '2', "Host 2 is killed");
      press(tabs, said, '\n', "talk 3");
      assertThat(tabs.waitFor(60, TimeUnit.SECONDS)).as("the tabs end").isTrue();
      assertThat(tabs.exitValue()).as(() -> read(said)).isZero();
    } finally {
      tabs.destroyForcibly();
    }
  }

  private static void press(Process process, Path output, char key, String answer)
      throws IOException {
    process.getOutputStream().write(key);
    process.getOutputStream().flush();
    shows(process, output, answer);
  }

  private static void shows(Process process, Path output, String text) {
    await(text)
        .atMost(Duration.ofSeconds(60))
        .until(() -> !process.isAlive() || read(output).contains(text));
    assertThat(read(output)).contains(text);
  }

  private static int freePorts() {
    int port = FIRST_PORT;
    while (isOpen(port) || isOpen(port + 1) || isOpen(port + 2)) {
      port += 3;
    }
    return port;
  }

  private static List<Integer> found(Path output, Pattern pattern) {
    return pattern.matcher(read(output)).results().map(r -> Integer.valueOf(r.group(1))).toList();
  }

  private static String read(Path output) {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static boolean isOpen(int port) {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException closed) {
      return false;
    }
  }
}
