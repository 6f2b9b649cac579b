package io.dormouse.dist;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A host in a process of its own, started by the launcher of the distribution. */
final class DormouseProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(30);
  private static final Pattern OPEN = Pattern.compile("  open +https?://localhost:(\\d+)/");

  private static final Pattern ADMIN = Pattern.compile("  admin +(http://127.0.0.1:\\d+)");

  private final Process process;
  private final StringBuffer log = new StringBuffer();
  private final Thread reading;
  private final int port;

  private DormouseProcess(Process process) {
    this.process = process;
    reading = Thread.ofVirtual().start(this::readLog);
    await("the host to listen")
        .atMost(START)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !process.isAlive() || OPEN.matcher(log).find());
    Matcher open = OPEN.matcher(log);
    if (!open.find()) {
      close();
      throw new IllegalStateException("The host did not start:\n" + log);
    }
    port = Integer.parseInt(open.group(1));
  }

  /**
   * Starts a host on loopback.
   *
   * @param port 0 takes a free one
   * @param plugins a folder of JARs
   * @param configuration YAML
   */
  static DormouseProcess start(int port, Path plugins, String configuration) {
    try {
      Path file = Files.createTempFile(Path.of("target"), "dormouse", ".yaml");
      Files.writeString(file, configuration);
      List<String> command =
          List.of(
              home().resolve("dormouse").toString(),
              "run",
              "--bind=127.0.0.1",
              "--port=" + port,
              "--admin-port=0",
              "--plugins=" + plugins,
              "--config=" + file);
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      builder.environment().keySet().removeIf(name -> name.startsWith("DORMOUSE_"));
      builder.environment().keySet().removeAll(List.of("PORT", "REDIS_URL"));
      return new DormouseProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The distribution's folder. */
  static Path home() {
    return Path.of(System.getProperty("dormouse.home", "target/dormouse"));
  }

  private void readLog() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        log.append(line).append('\n');
      }
    } catch (IOException e) {
      log.append("(the output ends here: ").append(e).append(")\n");
    }
  }

  int port() {
    return port;
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** The URL of its admin listener. */
  String adminUrl() {
    Matcher admin = ADMIN.matcher(log);
    if (!admin.find()) {
      throw new IllegalStateException("The host has no admin listener:\n" + log);
    }
    return admin.group(1);
  }

  /** All that the host has written so far, to standard output and standard error. */
  String log() {
    return log.toString();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Asks the host to stop, as an orchestrator does, and returns its exit code. */
  int stop() {
    process.destroy();
    try {
      if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("The host did not stop within " + STOP + ":\n" + log);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends it a signal, such as TERM, and goes on. */
  void signal(String name) {
    Peer.signal(process, name);
  }

  /** Waits until the process has ended by itself and all of its log was read; its exit code. */
  int exitCode() {
    await("the host to end").atMost(STOP).until(() -> !process.isAlive() && !reading.isAlive());
    return process.exitValue();
  }

  /** Kills the host, which gets no chance to do anything about it. */
  void kill() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stops all its threads where they are; its connections stay. */
  void pause() {
    Peer.signal(process, "STOP");
  }

  void resume() {
    Peer.signal(process, "CONT");
  }

  /** Ends the process; a host that does not go by itself is killed. */
  @Override
  public void close() {
    try {
      stop();
    } catch (IllegalStateException stuck) {
      process.destroyForcibly();
      throw stuck;
    }
  }
}
