package io.dormouse.host.cli;

import io.dormouse.host.cli.Table.Cell;
import io.dormouse.host.cli.Terminal.Look;
import java.util.List;
import java.util.Locale;

/** How plugins are shown: one a row, and one in a sentence. */
final class Plugins {
  private Plugins() {}

  static String path(String id) {
    return "/plugins/" + AdminClient.escaped(id);
  }

  /** What it is called: its id; the JAR's name when its manifest could not be read. */
  static String name(Json plugin) {
    String id = plugin.text("id");
    return id.isEmpty() ? plugin.text("jar") : id;
  }

  static String nameAndVersion(Json plugin) {
    return (name(plugin) + " " + plugin.text("version")).strip();
  }

  static void printTable(Terminal terminal, List<Json> plugins) {
    if (plugins.isEmpty()) {
      terminal.print("No plugins. Put JARs into the plugins folder, or: dormouse deploy FILE");
      return;
    }
    Table table =
        new Table(terminal, "ID", "VERSION", "STATE", "NAMESPACES", "SOCKETS", "CHANGED")
            .mayCut("NAMESPACES");
    for (Json plugin : plugins) {
      table.row(
          Cell.of(name(plugin)),
          Cell.of(plugin.text("version")),
          state(plugin),
          Cell.of(String.join(" ", plugin.texts("namespaces"))),
          Cell.of(plugin.text("sockets")),
          Cell.of(Age.of(plugin.instant("changed"), terminal.clock())));
    }
    table.print();
    for (Json plugin : plugins) {
      String error = plugin.text("lastError");
      if (!error.isEmpty()) {
        String named = error.contains(name(plugin)) ? error : name(plugin) + ": " + error;
        terminal.print("\n" + Terminal.clean(named));
      }
    }
  }

  /** The state, and what is being done with the plugin now. */
  private static Cell state(Json plugin) {
    Cell state = state(plugin.text("state"));
    String operation = plugin.text("operation");
    return operation.isEmpty()
        ? state
        : new Cell(state.text() + " (" + operation + ")", state.look());
  }

  /** The state of an installation or of a generation. */
  static Cell state(String state) {
    Look look =
        switch (state) {
          case "ACTIVE", "CURRENT" -> Look.GREEN;
          case "HIBERNATED" -> Look.BLUE;
          case "DISABLED", "DRAINING" -> Look.YELLOW;
          case "QUARANTINED", "LEAKED" -> Look.RED;
          case "RETIRED", "COLLECTED" -> Look.FAINT;
          default -> Look.PLAIN;
        };
    return new Cell(state, look);
  }

  /** Such as "chat 1.5.0 is active (generation 7)". */
  static String sentence(Json plugin) {
    String state = plugin.text("state");
    String number =
        plugin.list("generations").stream()
            .filter(generation -> state.equals("ACTIVE"))
            .filter(generation -> generation.text("state").equals("CURRENT"))
            .map(generation -> " (generation " + generation.text("number") + ")")
            .findFirst()
            .orElse("");
    return Terminal.clean(
        nameAndVersion(plugin) + " is " + state.toLowerCase(Locale.ROOT) + number);
  }
}
