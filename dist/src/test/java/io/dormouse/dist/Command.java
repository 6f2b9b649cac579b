package io.dormouse.dist;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A command of the launcher in a process of its own: what it prints and how it ends. */
final class Command implements AutoCloseable {
  private static final int SECONDS = 60;

  /** What a command that has ended has said. */
  record Outcome(int exitCode, String output, String errors) {}

  private final Process process;
  private final StringBuffer output = new StringBuffer();
  private final StringBuffer errors = new StringBuffer();
  private final List<Thread> readers;

  private Command(Map<String, String> environment, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().keySet().removeIf(name -> name.startsWith("DORMOUSE_"));
    builder.environment().putAll(environment);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    readers =
        List.of(
            Thread.startVirtualThread(
                () -> read(process.inputReader(StandardCharsets.UTF_8), output)),
            Thread.startVirtualThread(
                () -> read(process.errorReader(StandardCharsets.UTF_8), errors)));
  }

  static Command start(Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(DormouseProcess.home().resolve("dormouse").toString());
    command.addAll(List.of(arguments));
    return new Command(environment, command);
  }

  static Outcome run(Map<String, String> environment, String... arguments) {
    try (Command command = start(environment, arguments)) {
      return command.outcome();
    }
  }

  static Outcome runShell(Map<String, String> environment, String line) {
    try (Command command = new Command(environment, List.of("bash", "-c", line))) {
      return command.outcome();
    }
  }

  /** Runs it on a terminal, to which both its output and its errors go. */
  static Outcome runOnTerminal(Map<String, String> environment, int columns, String... arguments) {
    String words =
        Arrays.stream(arguments).map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    String line =
        "stty cols %s; '%s' %s"
            .formatted(columns, DormouseProcess.home().resolve("dormouse"), words);
    try (Command command = new Command(environment, List.of("script", "-qec", line, "/dev/null"))) {
      return command.outcome();
    }
  }

  private static void read(BufferedReader reader, StringBuffer text) {
    try (reader) {
      for (int c = reader.read(); c >= 0; c = reader.read()) {
        text.append((char) c);
      }
    } catch (IOException e) {
      text.append("(the output ends here: ").append(e).append(")\n");
    }
  }

  /** What it has printed so far. */
  String output() {
    return output.toString();
  }

  Outcome outcome() {
    try {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("The command goes on:\n" + output + errors);
      }
      for (Thread reader : readers) {
        reader.join();
      }
      return new Outcome(process.exitValue(), output.toString(), errors.toString());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
