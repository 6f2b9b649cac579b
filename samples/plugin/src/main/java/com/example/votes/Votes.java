package com.example.votes;

import io.dormouse.api.EventError;
import io.dormouse.api.Namespace;
import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;
import io.dormouse.api.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A vote that all watch live. The counts are in the host's state: they outlive this JAR. */
public final class Votes implements Plugin {
  private static final List<String> DRINKS = List.of("tea", "coffee", "cocoa");

  @Override
  public void start(PluginContext context) {
    State state = context.state();
    Namespace votes = context.namespace("/votes");

    votes.onConnect((socket, handshake) -> socket.emit("counts", counts(state)));

    votes.onWithAck(
        "vote",
        String.class,
        (socket, drink) -> {
          if (!DRINKS.contains(drink)) {
            throw new EventError("unknown_drink", "There is " + String.join(", ", DRINKS) + ".");
          }
          int count = state.update(drink, Integer.class, before -> before == null ? 1 : before + 1);
          votes.emit("counts", counts(state));
          return count;
        });
  }

  private static Map<String, Integer> counts(State state) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (String drink : DRINKS) {
      Integer count = state.get(drink, Integer.class);
      counts.put(drink, count == null ? 0 : count);
    }
    return counts;
  }
}
