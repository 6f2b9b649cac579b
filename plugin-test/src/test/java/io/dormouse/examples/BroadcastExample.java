package io.dormouse.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.api.BroadcastOperator;
import io.dormouse.api.Namespace;
import io.dormouse.api.Payload;
import io.dormouse.api.Plugin;
import io.dormouse.api.RemoteSocket;
import io.dormouse.api.Replies;
import io.dormouse.test.TestClient;
import io.dormouse.test.TestHost;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BroadcastExample {
  @Test
  void anOperatorReachesTheChosenSockets() {
    byte[] pixels = {1, 2, 3};
    Plugin plugin =
        context -> {
          Namespace chat = context.namespace("/chat");
          chat.on("join", String[].class, (socket, rooms) -> socket.join(rooms));
          chat.on(
              "go",
              Payload.class,
              (socket, _) -> {
                // @start region="broadcast"
                record Picture(String name, byte[] bytes) {}

                BroadcastOperator listeners = chat.to("lobby", "bar").except("muted");
                listeners.emit("said", "Ada", "hello");
                listeners.emit("picture", new Picture("dormouse.png", pixels));
                listeners.asVolatile().emit("typing", "Bob"); // a slow client may miss it
                chat.emit("news", Map.of("listeners", listeners.fetchSockets().size()));
                // @end
              });
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      TestClient ada = host.connect("/chat");
      ada.emitWithAck("join", List.of("lobby", "bar"));
      TestClient bob = host.connect("/chat");
      bob.emitWithAck("join", List.of("lobby", "muted"));
      bob.emit("go");
      assertThat(ada.nextArguments("said")).isEqualTo(List.of("Ada", "hello"));
      assertThat(ada.next("picture"))
          .usingRecursiveComparison()
          .isEqualTo(Map.of("name", "dormouse.png", "bytes", new byte[] {1, 2, 3}));
      assertThat(ada.next("typing")).isEqualTo("Bob");
      assertThat(bob.next("news")).isEqualTo(Map.of("listeners", 1));
      assertThat(ada.pending("said")).as("once, though it is in two of the rooms").isZero();
      assertThat(bob.pending("said")).as("for who is muted").isZero();
    }
  }

  @Test
  void fetchedSocketsCanBeMoved() {
    Plugin plugin =
        context -> {
          Namespace chat = context.namespace("/chat");
          chat.onConnect((socket, handshake) -> socket.join("lobby"));
          chat.on("role", String.class, (socket, role) -> socket.data().put("role", role));
          chat.on(
              "close-lobby",
              Payload.class,
              (socket, _) -> {
                // @start region="remote-socket"
                for (RemoteSocket guest : chat.to("lobby").fetchSockets()) {
                  if ("guest".equals(guest.data().text("role"))) {
                    guest.emit("moved", "waiting-room");
                    guest.leave("lobby");
                    guest.join("waiting-room");
                  }
                }
                // @end
              });
          chat.onWithAck("waiting", Payload.class, (socket, _) -> ids(chat.to("waiting-room")));
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      TestClient ada = host.connect("/chat");
      TestClient bob = host.connect("/chat");
      bob.emitWithAck("role", "guest");
      ada.emitWithAck("close-lobby");
      assertThat(bob.next("moved")).isEqualTo("waiting-room");
      assertThat(ada.emitWithAck("waiting")).isEqualTo(List.of(bob.id()));
    }
  }

  private static List<String> ids(BroadcastOperator chosen) {
    return chosen.fetchSockets().stream().map(RemoteSocket::id).toList();
  }

  @Test
  void aRoomIsAsked() {
    Plugin plugin =
        context -> {
          Namespace chat = context.namespace("/chat");
          chat.onConnect((socket, handshake) -> socket.join("lobby"));
          // @start region="replies"
          record Vote(Map<String, Integer> counts, int silent) {}

          chat.onWithAck(
              "vote",
              String.class,
              (socket, question) -> {
                Replies<String> replies =
                    chat.to("lobby")
                        .timeout(Duration.ofSeconds(5))
                        .emitWithAck(String.class, "question", question);
                return new Vote(replies.count(), replies.missing()); // {"yes": 2, "no": 1}, 0
              });
          // @end
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      TestClient ada = host.connect("/chat");
      ada.answer("question", arguments -> arguments.equals(List.of("tea?")) ? "yes" : "what?");
      TestClient bob = host.connect("/chat");
      bob.answer("question", arguments -> "yes");
      TestClient eve = host.connect("/chat");
      eve.answer("question", arguments -> "no");
      assertThat(ada.emitWithAck("vote", "tea?"))
          .isEqualTo(Map.of("counts", Map.of("yes", 2, "no", 1), "silent", 0));
    }
  }
}
