package io.dormouse.host.cli;

import io.dormouse.host.cli.Table.Cell;
import io.dormouse.host.cli.Terminal.Look;
import java.util.List;

/** All about one plugin. */
record PluginDetails(Terminal terminal, Json plugin) {
  void print() {
    terminal.print(terminal.painted(Terminal.clean(Plugins.nameAndVersion(plugin)), Look.BOLD));
    Cell state = Plugins.state(plugin.text("state"));
    labelled("state", terminal.painted(Terminal.clean(state.text()), state.look()));
    line("doing", plugin.text("operation"));
    line("last error", plugin.text("lastError"));
    line("namespaces", String.join(" ", plugin.texts("namespaces")));
    line("sockets", plugin.text("sockets"));
    line("leases", plugin.text("leases"));
    line("wakes", plugin.text("wakes"));
    line("page", plugin.isTrue("page") ? "/plugins/" + plugin.text("id") + "/" : "");
    line("changed", ago(plugin));
    line("jar", plugin.text("jar"));
    line("from", plugin.text("origin"));
    line("digest", plugin.text("digest"));
    line("former", plugin.text("formerDigest"));
    List<Json> generations = plugin.list("generations");
    if (!generations.isEmpty()) {
      terminal.print("");
      printGenerations(generations);
    }
  }

  private void printGenerations(List<Json> generations) {
    Table table =
        Table.indented(terminal, "GENERATION", "VERSION", "STATE", "SINCE", "REASON")
            .mayCut("REASON");
    for (Json generation : generations) {
      table.row(
          Cell.of(generation.text("number")),
          Cell.of(generation.text("version")),
          Plugins.state(generation.text("state")),
          Cell.of(Age.of(generation.instant("since"), terminal.clock())),
          Cell.of(reason(generation)));
    }
    table.print();
  }

  private static String reason(Json generation) {
    List<String> causes = generation.texts("leakCauses");
    return causes.isEmpty() ? generation.text("reason") : "held by " + String.join(", ", causes);
  }

  private String ago(Json json) {
    String age = Age.of(json.instant("changed"), terminal.clock());
    return age.isEmpty() ? "" : age + " ago";
  }

  /** Nothing when the value is empty. */
  private void line(String label, String value) {
    if (!value.isEmpty()) {
      labelled(label, Terminal.clean(value));
    }
  }

  private void labelled(String label, String shown) {
    terminal.print("  %-11s %s".formatted(label, shown));
  }
}
