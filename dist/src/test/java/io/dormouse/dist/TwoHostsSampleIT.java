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
      await("both URLs")
          .atMost(Duration.ofSeconds(60))
          .until(() -> !sample.isAlive() || found(output, URL).size() == 2);
      List<Integer> ports = found(output, URL);
      assertThat(ports).as(() -> read(output)).hasSize(2);
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
      sample.destroy();
      assertThat(sample.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
      assertThat(sample.exitValue()).as(() -> read(output)).isZero();
      assertThat(ports).noneMatch(TwoHostsSampleIT::isOpen);
      assertThat(found(output, REDIS)).hasSize(1).noneMatch(TwoHostsSampleIT::isOpen);
    } finally {
      sample.destroy();
    }
  }

  private static int freePorts() {
    int port = FIRST_PORT;
    while (isOpen(port) || isOpen(port + 1)) {
      port += 2;
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
