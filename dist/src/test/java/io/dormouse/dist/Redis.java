package io.dormouse.dist;

import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A real Redis on a free port, which tests kill, pause and start again. */
final class Redis implements AutoCloseable {
  private final int port;
  private final List<String> command;
  private Process process;

  private Redis(List<String> options) {
    Peer.assumeWanted("redis");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
      Path folder = Files.createTempDirectory(Path.of("target"), "redis").toAbsolutePath();
      command = new ArrayList<>(List.of("redis-server", "--port", Integer.toString(port)));
      command.addAll(List.of("--bind", "127.0.0.1", "--dir", folder.toString(), "--save", ""));
      command.addAll(options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process = launch();
  }

  /** One that has nothing left after a restart. */
  static Redis start() {
    return new Redis(List.of());
  }

  /** One that finds everything again after a restart. */
  static Redis startPersistent() {
    return new Redis(List.of("--appendonly", "yes", "--appendfsync", "always"));
  }

  private Process launch() {
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      return fail(
          "redis-server is missing; install it (Debian: redis-server), or leave it out by"
              + " -Ddormouse.without=redis",
          e);
    }
    await("Redis on port " + port)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !process.isAlive() || cli("PING").equals("PONG"));
    if (!process.isAlive()) {
      fail("redis-server ended with " + process.exitValue());
    }
    return process;
  }

  String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** As a crash does it. */
  void kill() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts it on the same port after a {@link #kill}. */
  void startAgain() {
    process = launch();
  }

  /** Connections stay, nothing is answered. */
  void pause() {
    Peer.signal(process, "STOP");
  }

  void resume() {
    Peer.signal(process, "CONT");
  }

  /** What redis-cli prints. */
  String cli(String... arguments) {
    List<String> cli = new ArrayList<>(List.of("redis-cli", "-p", Integer.toString(port)));
    cli.addAll(List.of(arguments));
    try {
      Process client = new ProcessBuilder(cli).redirectErrorStream(true).start();
      client.getOutputStream().close();
      return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
