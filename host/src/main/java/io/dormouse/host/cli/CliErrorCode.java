package io.dormouse.host.cli;

/** Why a command failed: the end of its message, and its exit code. */
enum CliErrorCode {
  /** The host said no; where its answer has a code of its own, that one is shown. */
  REFUSED(1),
  /** The command line, or a file that it names, is wrong; no host was asked. */
  BAD_USAGE(2),
  /** No host answers there, or what answers is none. */
  HOST_UNREACHABLE(3),
  /** The token is missing, unknown or lacks a scope. */
  NOT_ALLOWED(4);

  private final int exitCode;

  CliErrorCode(int exitCode) {
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
