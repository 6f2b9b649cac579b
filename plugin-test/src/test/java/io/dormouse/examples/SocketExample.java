package io.dormouse.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.api.AckTimeout;
import io.dormouse.api.Namespace;
import io.dormouse.api.Payload;
import io.dormouse.api.Plugin;
import io.dormouse.api.Transport;
import io.dormouse.test.TestClient;
import io.dormouse.test.TestHost;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SocketExample {
  @Test
  void aSocketJoinsRoomsAndSpeaksToTheOthersInThem() {
    Plugin plugin =
        context -> {
          Namespace chat = context.namespace("/chat");
          chat.on(
              "enter",
              String.class,
              (socket, name) -> {
                // @start region="socket"
                socket.join("lobby");
                socket.emit("welcome", "Nice to see you, " + name + "."); // this client
                socket.to("lobby").emit("joined", name); // the others in the room
                socket.broadcast().emit("present", chat.fetchSockets().size()); // all others
                // @end
              });
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      TestClient ada = host.connect("/chat");
      TestClient bob = host.connect("/chat");
      TestClient eve = host.connect("/chat");
      ada.emitWithAck("enter", "Ada");
      bob.emitWithAck("enter", "Bob");
      assertThat(bob.next("welcome")).isEqualTo("Nice to see you, Bob.");
      assertThat(ada.next("joined")).isEqualTo("Bob");
      assertThat(eve.next("present")).as("when Ada entered").isEqualTo(3);
      assertThat(eve.next("present")).as("when Bob entered").isEqualTo(3);
      assertThat(eve.pending("joined")).as("outside of the room").isZero();
      assertThat(bob.pending("joined")).as("for who has joined").isZero();
    }
  }

  @Test
  void aSocketIsEmittedToAndAsked() {
    Plugin plugin =
        context -> {
          Namespace game = context.namespace("/game");
          game.onWithAck(
              "start",
              Payload.class,
              (socket, _) -> {
                // @start region="operator"
                socket.emit("board", 8, 8);
                socket.asVolatile().emit("clock", "10:00"); // a slow client may miss it
                String colour =
                    socket
                        .timeout(Duration.ofSeconds(10))
                        .emitWithAck(String.class, "colour?", List.of("black", "white"));
                // @end
                return colour;
              });
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      TestClient ada = host.connect("/game");
      ada.answer("colour?", arguments -> ((List<?>) arguments.getFirst()).getLast());
      assertThat(ada.emitWithAck("start")).isEqualTo("white");
      assertThat(ada.nextArguments("board")).isEqualTo(List.of(8, 8));
      assertThat(ada.next("clock")).isEqualTo("10:00");
    }
  }

  @Test
  void whoDoesNotAnswerIsATimeout() {
    Plugin plugin =
        context -> {
          Namespace game = context.namespace("/game");
          game.on(
              "play",
              Payload.class,
              (socket, _) -> {
                // @start region="ack-timeout"
                try {
                  String move =
                      socket.timeout(Duration.ofSeconds(30)).emitWithAck(String.class, "your move");
                  socket.broadcast().emit("moved", move);
                } catch (AckTimeout tooLate) { // or gone
                  socket.broadcast().emit("won");
                }
                // @end
              });
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      TestClient ada = host.connect("/game");
      TestClient bob = host.connect("/game");
      bob.emit("play");
      bob.next("your move");
      bob.close();
      assertThat(ada.nextArguments("won")).isEmpty();
      TestClient eve = host.connect("/game");
      eve.answer("your move", arguments -> "e4");
      eve.emit("play");
      assertThat(ada.next("moved")).isEqualTo("e4");
    }
  }

  @Test
  void aSocketRemembersJson() {
    Plugin plugin =
        context -> {
          Namespace chat = context.namespace("/chat");
          // @start region="data"
          record Profile(String name, String colour) {}

          chat.on("profile", Profile.class, (socket, own) -> socket.data().put("profile", own));
          chat.on(
              "say",
              String.class,
              (socket, text) -> {
                Profile profile = socket.data().get("profile", Profile.class); // null: none yet
                chat.emit("said", profile == null ? "somebody" : profile.name(), text);
              });
          // @end
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      TestClient ada = host.connect("/chat");
      ada.emit("say", "hello");
      assertThat(ada.nextArguments("said")).isEqualTo(List.of("somebody", "hello"));
      ada.emit("profile", Map.of("name", "Ada", "colour", "blue"));
      ada.emit("say", "hello");
      assertThat(ada.nextArguments("said")).isEqualTo(List.of("Ada", "hello"));
    }
  }

  @Test
  void aSocketTellsItsTransport() {
    Plugin plugin =
        context -> {
          Namespace game = context.namespace("/game");
          // @start region="transport"
          game.onWithAck(
              "updates-per-second",
              Payload.class,
              (socket, _) -> socket.transport() == Transport.WEBSOCKET ? 20 : 1);
          // @end
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      assertThat(host.connect("/game").emitWithAck("updates-per-second")).isEqualTo(20);
    }
  }
}
