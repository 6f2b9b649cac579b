package io.dormouse.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.api.Namespace;
import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;
import io.dormouse.api.State;
import io.dormouse.test.TestClient;
import io.dormouse.test.TestHost;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LifeExample {
  /** The former version: scores are whole numbers. */
  static final class OldScores implements Plugin {
    @Override
    public void start(PluginContext context) {
      State state = context.state();
      Namespace board = context.namespace("/scores");
      board.onConnect((socket, handshake) -> socket.data().put("name", "Ada"));
      board.onWithAck(
          "win",
          String.class,
          (socket, team) -> state.update(team, Integer.class, n -> n == null ? 1 : n + 1));
    }
  }

  // @start region="life"
  static final class Scores implements Plugin { // @replace regex="static" replacement="public"
    record Score(int wins, String winner) {} // once whole numbers

    private State state;
    private Namespace board;

    @Override
    public void start(PluginContext context) {
      state = context.state();
      board = context.namespace("/scores");
      board.onWithAck("win", String.class, (socket, team) -> win(team, socket.data().text("name")));
    }

    private Score win(String team, String winner) {
      return state.update(team, Score.class, s -> new Score(s == null ? 1 : s.wins() + 1, winner));
    }

    @Override
    public void onReplace(String previousVersion) { // nobody else reads or writes meanwhile
      if (previousVersion.equals("0")) {
        for (String team : state.keys("")) {
          state.put(team, new Score(state.get(team, Integer.class), "unknown"));
        }
      }
    }

    @Override
    public void onHibernate() {
      board.emit("status", "paused"); // its sockets stay
    }

    @Override
    public void onWake() { // in a new object
      board.emit("status", "playing");
    }
  }

  // @end

  @Test
  void aPluginTakesOverFallsAsleepAndWakes() {
    try (TestHost host = TestHost.of(OldScores::new)) {
      TestClient ada = host.connect("/scores");
      assertThat(ada.emitWithAck("win", "red")).isEqualTo(1);

      host.replace(Scores::new);
      assertThat(ada.emitWithAck("win", "red")).isEqualTo(Map.of("wins", 2, "winner", "Ada"));

      host.hibernate();
      assertThat(ada.next("status")).isEqualTo("paused");
      assertThat(ada.emitWithAck("win", "red")).isEqualTo(Map.of("wins", 3, "winner", "Ada"));
      assertThat(ada.next("status")).isEqualTo("playing");
    }
  }
}
