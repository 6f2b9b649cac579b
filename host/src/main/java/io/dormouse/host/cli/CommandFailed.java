package io.dormouse.host.cli;

/** A command cannot do what it is for; the message is for the person who typed it. */
final class CommandFailed extends RuntimeException {
  private final CliErrorCode code;
  private final int status;

  CommandFailed(CliErrorCode code, String message) {
    this(code, message, code.name(), 0);
  }

  private CommandFailed(CliErrorCode code, String message, String shownCode, int status) {
    super(message + " [" + shownCode + "]");
    this.code = code;
    this.status = status;
  }

  /**
   * The host said no.
   *
   * @param shownCode the host's own
   */
  static CommandFailed refused(String message, String shownCode, int status) {
    return new CommandFailed(CliErrorCode.REFUSED, message, shownCode, status);
  }

  int exitCode() {
    return code.exitCode();
  }

  /** Whether the host does not have what was asked for. */
  boolean isNotFound() {
    return status == 404;
  }
}
