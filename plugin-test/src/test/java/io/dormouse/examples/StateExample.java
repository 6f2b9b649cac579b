package io.dormouse.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.api.Namespace;
import io.dormouse.api.Payload;
import io.dormouse.api.Plugin;
import io.dormouse.api.State;
import io.dormouse.test.TestClient;
import io.dormouse.test.TestHost;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateExample {
  @Test
  void aPluginKeepsWhatMustNotBeLost() {
    Plugin plugin =
        context -> {
          Namespace chat = context.namespace("/chat");
          // @start region="state"
          record Line(String from, String text) {}

          State state = context.state();
          chat.on(
              "say",
              Line.class,
              (socket, line) -> state.append("lines", line, 100)); // the last 100
          chat.onWithAck("lines", Payload.class, (socket, _) -> state.list("lines", Line.class));
          chat.onWithAck(
              "like",
              String.class,
              (socket, what) ->
                  state.update("likes/" + what, Integer.class, n -> n == null ? 1 : n + 1));
          chat.onWithAck(
              "lead",
              Payload.class,
              (socket, _) -> state.compareAndSet("leader", null, socket.id())); // the first one
          // @end
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      TestClient ada = host.connect("/chat");
      TestClient bob = host.connect("/chat");
      ada.emit("say", Map.of("from", "Ada", "text", "hello"));
      assertThat(ada.emitWithAck("lines"))
          .isEqualTo(List.of(Map.of("from", "Ada", "text", "hello")));
      assertThat(ada.emitWithAck("like", "tea")).isEqualTo(1);
      assertThat(bob.emitWithAck("like", "tea")).isEqualTo(2);
      assertThat(ada.emitWithAck("lead")).isEqualTo(true);
      assertThat(bob.emitWithAck("lead")).isEqualTo(false);
    }
  }
}
