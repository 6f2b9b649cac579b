package io.dormouse.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** {@link Main} as its user sees it: a process, what it prints, and how it ends. */
final class HostProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final List<String> output = Collections.synchronizedList(new ArrayList<>());
  private final List<String> errors = Collections.synchronizedList(new ArrayList<>());
  private final Thread reading;
  private final Thread readingErrors;

  private HostProcess(Process process) {
    this.process = process;
    reading = Thread.startVirtualThread(() -> read(process.inputReader(), output));
    readingErrors = Thread.startVirtualThread(() -> read(process.errorReader(), errors));
  }

  /**
   * @param environment added to an environment without any variable that configures a host
   */
  static HostProcess start(Path folder, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("DORMOUSE_"));
    builder.environment().keySet().removeAll(List.of("PORT", "REDIS_URL"));
    builder.environment().putAll(environment);
    return new HostProcess(builder.start());
  }

  private static void read(BufferedReader reader, List<String> lines) {
    reader.lines().forEach(lines::add);
  }

  /** The first line of the output that has a match, waiting for it. */
  Matcher await(String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    Awaitility.await("a line with " + pattern)
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .until(() -> find(compiled) != null || !process.isAlive());
    Matcher matcher = find(compiled);
    if (matcher == null) {
      throw new AssertionError("The host ended: " + output + errors);
    }
    return matcher;
  }

  private @Nullable Matcher find(Pattern pattern) {
    synchronized (output) {
      for (String line : output) {
        Matcher matcher = pattern.matcher(line);
        if (matcher.find()) {
          return matcher;
        }
      }
    }
    return null;
  }

  /** The port that it prints for people to open. */
  int port() {
    return Integer.parseInt(await("open +https?://localhost:(\\d+)/").group(1));
  }

  int adminPort() {
    return Integer.parseInt(await("admin +http://127\\.0\\.0\\.1:(\\d+)").group(1));
  }

  /**
   * @param signal such as TERM
   */
  HostProcess kill(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    return this;
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("The host goes on: " + output);
    }
    reading.join();
    readingErrors.join();
    return process.exitValue();
  }

  String output() {
    return String.join("\n", output);
  }

  String errors() {
    return String.join("\n", errors);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
