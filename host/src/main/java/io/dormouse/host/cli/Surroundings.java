package io.dormouse.host.cli;

import java.util.Map;

/** What a command has from its process. */
record Surroundings(Terminal terminal, Map<String, String> environment) {
  static Surroundings ofProcess() {
    return new Surroundings(Terminal.ofProcess(), System.getenv());
  }
}
