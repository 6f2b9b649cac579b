package io.dormouse.host.cli;

import java.io.PrintStream;
import java.time.Clock;
import java.time.ZoneId;

/**
 * Where a command writes.
 *
 * @param output results, and nothing else
 * @param errors failures and progress
 * @param columns of the terminal that reads the output; 0 when none does
 * @param colours whether the output may have them
 * @param progress whether a terminal reads the errors, so that a line may be written over
 */
record Terminal(
    PrintStream output,
    PrintStream errors,
    int columns,
    boolean colours,
    boolean progress,
    Clock clock) {
  /** ANSI's codes for how text looks. */
  enum Look {
    PLAIN(""),
    BOLD("1"),
    FAINT("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    BLUE("34");

    private final String code;

    Look(String code) {
      this.code = code;
    }
  }

  /** That of this process, as the launcher has found it. */
  static Terminal ofProcess() {
    int columns = Integer.getInteger("dormouse.columns", 0);
    return new Terminal(
        System.out,
        System.err,
        columns,
        columns > 0 && System.getenv().getOrDefault("NO_COLOR", "").isEmpty(),
        Boolean.getBoolean("dormouse.progress"),
        Clock.system(ZoneId.systemDefault()));
  }

  void print(String line) {
    output.println(line);
  }

  void complain(String line) {
    errors.println(clean(line));
    errors.flush();
  }

  /** Whether nobody reads any more. */
  boolean isClosed() {
    return output.checkError();
  }

  String painted(String text, Look look) {
    return colours && look != Look.PLAIN && !text.isEmpty()
        ? "\033[" + look.code + "m" + text + "\033[m"
        : text;
  }

  /**
   * Text of a host, parts of which come from its clients, without what would steer a terminal: room
   * names and log lines must not.
   */
  static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c ->
                clean.appendCodePoint(
                    (Character.isISOControl(c) && c != '\n' && c != '\t')
                            || Character.getType(c) == Character.FORMAT
                        ? '?'
                        : c));
    return clean.toString();
  }

  /** The same in one line: nothing in it can pass for a line of its own. */
  static String line(String text) {
    return clean(text).replace('\n', ' ').replace('\t', ' ');
  }
}
