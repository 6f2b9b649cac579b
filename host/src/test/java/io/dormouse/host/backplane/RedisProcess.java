package io.dormouse.host.backplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A real Redis on a free port of loopback, which tests kill, stop and start again. */
final class RedisProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final int port = freePort();
  private final List<String> command;
  private final Path folder;
  private Process process;

  private RedisProcess(Path folder, List<String> options) {
    this.folder = folder;
    command = new ArrayList<>(List.of("redis-server"));
    boolean sentinel = options.contains("--sentinel");
    command.addAll(sentinel ? options : List.of());
    command.addAll(List.of("--port", "" + port, "--bind", "127.0.0.1"));
    command.addAll(List.of("--dir", folder.toString()));
    command.addAll(sentinel ? List.of() : List.of("--save", ""));
    command.addAll(sentinel ? List.of() : options);
    process = launch();
  }

  /**
   * One that has nothing left after a restart.
   *
   * @param options further ones of redis-server
   */
  static RedisProcess start(String... options) {
    try {
      return new RedisProcess(Files.createTempDirectory("redis"), List.of(options));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that finds everything again after a restart. */
  static RedisProcess startPersistent(String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("--appendonly", "yes", "--appendfsync", "always"));
    return start(all.toArray(String[]::new));
  }

  /**
   * A sentinel.
   *
   * @param file its configuration, which it changes
   */
  static RedisProcess startSentinel(Path file) {
    return start(file.toString(), "--sentinel");
  }

  /** A port that nobody has; for a Redis that comes later, or never. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** As a crash does it. */
  void kill9() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Ends it when it runs, and starts it again on the same port. */
  void restart() {
    kill9();
    process = launch();
  }

  /** As a host that hangs: connections stay, nothing is answered. */
  void pause() {
    signal("STOP");
  }

  void resume() {
    signal("CONT");
  }

  /** What redis-cli prints. */
  String cli(String... arguments) {
    List<String> cli = new ArrayList<>(List.of("redis-cli", "-p", "" + port));
    cli.addAll(List.of(arguments));
    return run(cli);
  }

  private void signal(String name) {
    run(List.of("kill", "-" + name, "" + process.pid()));
  }

  private static String run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(command + ": " + output);
      }
      return output.strip();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(command.toString(), e);
    }
  }

  private Process launch() {
    Process started;
    try {
      started =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
    } catch (IOException e) {
      throw new AssertionError(
          "These tests need redis-server on the path (Debian: apt install redis-server).", e);
    }
    try {
      Awaitility.await("Redis on port " + port)
          .pollInterval(Duration.ofMillis(20))
          .atMost(PATIENCE)
          .until(() -> !started.isAlive() || answers());
      if (!started.isAlive()) {
        throw new AssertionError("redis-server ended: " + Files.readString(folder.resolve("log")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return started;
  }

  /** Whether it has also read what it had stored. */
  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(1_000);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      int first = socket.getInputStream().read();
      byte[] rest = socket.getInputStream().readNBytes(6);
      String answer = (char) first + new String(rest, StandardCharsets.US_ASCII);
      return !answer.startsWith("-LOADIN");
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
