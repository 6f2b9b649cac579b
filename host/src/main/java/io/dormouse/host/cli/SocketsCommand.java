package io.dormouse.host.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "sockets", description = "Lists the sockets that are connected.")
final class SocketsCommand extends ClientCommand {
  private static final int PAGE = 1_000;

  @Option(names = "--namespace", paramLabel = "N", description = "only those of this namespace")
  @Nullable String namespace;

  @Option(names = "--room", paramLabel = "R", description = "only those in this room")
  @Nullable String room;

  SocketsCommand(Surroundings surroundings) {
    super(surroundings);
  }

  /** Asks for page after page. */
  @Override
  void run(AdminClient admin) {
    Table table =
        new Table(terminal, "SOCKET", "NAMESPACE", "ADDRESS", "TRANSPORT", "CONNECTED", "ROOMS")
            .mayCut("NAMESPACE", "ROOMS");
    String after = "";
    do {
      Answer answer = admin.get("/sockets" + query(after));
      show(answer, page -> print(table, page.list("sockets")));
      after = answer.json().text("next");
    } while (!after.isEmpty() && !terminal.isClosed());
  }

  private void print(Table table, List<Json> sockets) {
    for (Json socket : sockets) {
      table.row(
          socket.text("id"),
          socket.text("namespace"),
          socket.text("address"),
          socket.text("transport").toLowerCase(Locale.ROOT),
          Age.of(socket.instant("connected"), terminal.clock()),
          String.join(" ", socket.texts("rooms")));
    }
    table.print();
  }

  private String query(String after) {
    List<String> query = new ArrayList<>(List.of("limit=" + PAGE));
    add(query, "namespace", namespace);
    add(query, "room", room);
    add(query, "after", after);
    return "?" + String.join("&", query);
  }

  private static void add(List<String> query, String key, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      query.add(key + "=" + AdminClient.escaped(value));
    }
  }
}
