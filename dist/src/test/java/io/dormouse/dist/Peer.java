package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Programs with other clients in them. A missing one is a failure, unless left out on purpose. */
final class Peer {
  static final Path JS = Path.of("src/test/js");
  static final Path PYTHON = Path.of("src/test/python");
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private Peer() {}

  /**
   * Skips the test when {@code -Ddormouse.without} names this part.
   *
   * @param part {@code js}, {@code python}, {@code browser}, {@code redis} or {@code balancers}
   */
  static void assumeWanted(String part) {
    List<String> without = List.of(System.getProperty("dormouse.without", "").split(","));
    assumeFalse(without.contains(part), () -> "left out by -Ddormouse.without=" + part);
  }

  /** Node, its packages installed. */
  static String node() {
    assumeWanted("js");
    need("node", "Node 18 or newer is missing; install it (Debian: nodejs npm)", "--version");
    if (!Files.exists(JS.resolve("node_modules/.package-lock.json"))) {
      fail("The packages of dist/src/test/js are missing; run npm ci there, or ./dormouse test");
    }
    return "node";
  }

  /** Python with the clients. */
  static String python() {
    assumeWanted("python");
    String python = property("dormouse.python", "/usr/bin/python3");
    need(
        python,
        "Python's clients are missing; install them (Debian: python3-socketio python3-websocket"
            + " python3-requests python3-aiohttp python3-flask-socketio python3-redis), or leave them"
            + " out by -Ddormouse.without=python",
        "-c",
        "import socketio, websocket, requests, aiohttp, flask_socketio, redis");
    return python;
  }

  /** Chromium. */
  static String chromium() {
    assumeWanted("browser");
    String chromium = property("dormouse.chromium", "/usr/bin/chromium");
    if (!Files.isExecutable(Path.of(chromium))) {
      fail(
          "Chromium is missing; install it (Debian: chromium), or leave the browser out by"
              + " -Ddormouse.without=browser");
    }
    return chromium;
  }

  private static String property(String name, String otherwise) {
    String value = System.getProperty(name, "");
    return value.isEmpty() ? otherwise : value;
  }

  private static void need(String program, String missing, String... arguments) {
    try {
      Process process =
          new ProcessBuilder(command(program, arguments))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0) {
        return;
      }
      process.destroyForcibly();
    } catch (IOException notThere) {
      fail(missing + ": " + notThere.getMessage());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    fail(missing);
  }

  private static List<String> command(String program, String... arguments) {
    return java.util.stream.Stream.concat(
            java.util.stream.Stream.of(program), java.util.Arrays.stream(arguments))
        .toList();
  }

  /** Runs a program to its end and returns what it wrote; fails when it does not end well. */
  static String run(Path folder, Map<String, String> environment, List<String> command) {
    try {
      Path output = Files.createTempFile(Path.of("target"), "peer", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
      process.destroyForcibly().waitFor();
      String written = Files.readString(output, StandardCharsets.UTF_8);
      if (!ended || process.exitValue() != 0) {
        String how = ended ? "failed" : "did not end within " + LIMIT;
        fail(String.join(" ", command) + " " + how + ":\n" + written);
      }
      Files.delete(output);
      return written;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends a signal, such as STOP or CONT, to a process. */
  static void signal(Process process, String name) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      assertThat(code).as("kill -%s", name).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Checks that a test runner counted tests: none at all is a failure too. */
  static void assertCounted(String output, String pattern) {
    Matcher count = Pattern.compile(pattern, Pattern.MULTILINE).matcher(output);
    assertThat(count.find()).as("the runner counts its tests in:%n%s", output).isTrue();
    assertThat(Integer.parseInt(count.group(1))).as("tests run").isPositive();
  }
}
