package io.dormouse.dist;

import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** A load balancer with a configuration of {@code samples/balancers}, in front of real hosts. */
final class Balancer implements AutoCloseable {
  private static final Path SAMPLES = Path.of("../samples/balancers");
  private static final int MOST_HOSTS = 3;

  private final int port;
  private final Path folder;
  private final Process process;

  private Balancer(String configuration, List<DormouseProcess> hosts) {
    Peer.assumeWanted("balancers");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
      folder = Files.createTempDirectory(Path.of("target"), "balancer").toAbsolutePath();
      // nginx's workers are somebody else.
      folder.toFile().setExecutable(true, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Path file = write(configuration, hosts);
    process =
        configuration.startsWith("haproxy")
            ? launch("haproxy", List.of("/usr/sbin/haproxy", "-f", file.toString()))
            : launch(
                "nginx", List.of("/usr/sbin/nginx", "-p", folder + "/", "-c", file.toString()));
    await(configuration)
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !process.isAlive() || isOpen());
    if (!process.isAlive()) {
      fail(configuration + " ended:\n" + log());
    }
  }

  /** Starts one in front of two or three hosts. */
  static Balancer start(String configuration, List<DormouseProcess> hosts) {
    return new Balancer(configuration, hosts);
  }

  private Path write(String configuration, List<DormouseProcess> hosts) {
    try {
      String text =
          Files.readString(SAMPLES.resolve(configuration))
              .replace("127.0.0.1:8080", "127.0.0.1:" + port);
      for (int i = 0; i < MOST_HOSTS; i++) {
        String sample = "127.0.0.1:" + (5000 + i);
        if (!text.contains(sample)) {
          fail(configuration + " has no server " + sample);
        }
        text =
            i < hosts.size()
                ? text.replace(sample, "127.0.0.1:" + hosts.get(i).port())
                : text.lines()
                    .filter(line -> !line.contains(sample))
                    .collect(Collectors.joining("\n", "", "\n"));
      }
      return Files.writeString(folder.resolve(configuration), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process launch(String name, List<String> command) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(folder.resolve("log").toFile())
          .start();
    } catch (IOException e) {
      return fail(
          "%s is missing; install it (Debian: haproxy nginx-light), or leave it out by"
                  .formatted(name)
              + " -Ddormouse.without=balancers",
          e);
    }
  }

  private boolean isOpen() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException closed) {
      return false;
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
