package io.dormouse.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dormouse.api.ConnectionRefused;
import io.dormouse.api.DisconnectReason;
import io.dormouse.api.EventError;
import io.dormouse.api.Namespace;
import io.dormouse.api.Payload;
import io.dormouse.api.Plugin;
import io.dormouse.test.TestClient;
import io.dormouse.test.TestHost;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamespaceExample {
  @Test
  void aNamespaceHasHandlersAndEveryoneInIt() {
    Plugin plugin =
        context -> {
          // @start region="namespace"
          Namespace chat = context.namespace("/chat");
          chat.onConnect((socket, handshake) -> socket.join("lobby"))
              .on("say", String.class, (socket, text) -> chat.to("lobby").emit("said", text))
              .onWithAck("who", Payload.class, (socket, _) -> chat.fetchSockets().size())
              .onDisconnect((socket, reason) -> chat.emit("left", socket.id()));
          // @end
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      TestClient ada = host.connect("/chat");
      TestClient bob = host.connect("/chat");
      ada.emit("say", "hello");
      assertThat(bob.next("said")).isEqualTo("hello");
      assertThat(ada.emitWithAck("who")).isEqualTo(2);
      bob.disconnect();
      assertThat(ada.next("left")).isEqualTo(bob.id());
    }
  }

  @Test
  void hostsTalkAmongThemselves() {
    Plugin plugin =
        context -> {
          Namespace chat = context.namespace("/chat");
          // @start region="server-side"
          chat.onServerSide("load", Payload.class, _ -> chat.local().fetchSockets().size());
          chat.onWithAck(
              "load",
              Payload.class,
              (socket, _) -> {
                int here = chat.local().fetchSockets().size();
                return here
                    + chat.serverSideEmitWithAck(Integer.class, "load").values().stream()
                        .mapToInt(Integer::intValue)
                        .sum();
              });
          // @end
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      assertThat(host.connect("/chat").emitWithAck("load")).isEqualTo(1);
    }
  }

  @Test
  void aConnectHandlerLetsInOrRefuses() {
    Plugin plugin =
        context -> {
          Namespace chat = context.namespace("/chat");
          // @start region="connect-handler"
          // The client: const socket = io("/chat", { auth: { token: "secret" } })
          //             socket.on("connect_error", (error) => alert(error.data.code))
          chat.onConnect(
              (socket, handshake) -> {
                if (!"secret".equals(handshake.auth().text("token"))) {
                  throw new ConnectionRefused("not authorized", Map.of("code", 401));
                }
                socket.data().put("language", handshake.header("Accept-Language"));
              });
          // @end
          chat.onWithAck("language", Payload.class, (socket, _) -> socket.data().text("language"));
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      assertThatThrownBy(() -> host.connect("/chat"))
          .hasMessage("not authorized")
          .extracting(refused -> ((TestClient.Refused) refused).data())
          .isEqualTo(Map.of("code", 401));
      TestClient ada =
          host.connect("/chat", Map.of("token", "secret"), Map.of("Accept-Language", "fr"));
      assertThat(ada.emitWithAck("language")).isEqualTo("fr");
      assertThat(host.connect("/chat", Map.of("token", "secret")).emitWithAck("language")).isNull();
    }
  }

  @Test
  void aHandlerGetsARecord() {
    Plugin plugin =
        context -> {
          Namespace game = context.namespace("/game");
          game.onConnect((socket, handshake) -> socket.join("players"));
          // @start region="handler"
          record Move(int x, int y) {}
          game.on("move", Move.class, (socket, move) -> socket.to("players").emit("moved", move));
          // @end
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      TestClient ada = host.connect("/game");
      TestClient bob = host.connect("/game");
      ada.emit("move", Map.of("x", 3, "y", 4));
      assertThat(bob.next("moved")).isEqualTo(Map.of("x", 3, "y", 4));
      assertThat(ada.emitWithAck("move", "north")).asString().contains("bad_payload");
    }
  }

  @Test
  void anAckHandlerReturnsTheAck() {
    Map<String, Integer> prices = Map.of("tea", 3);
    Plugin plugin =
        context -> {
          Namespace shop = context.namespace("/shop");
          // @start region="ack-handler"
          // The client: const price = await socket.emitWithAck("price", "tea")
          shop.onWithAck("price", String.class, (socket, article) -> prices.get(article));
          // @end
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      assertThat(host.connect("/shop").emitWithAck("price", "tea")).isEqualTo(3);
    }
  }

  @Test
  void anErrorIsTheAck() {
    Plugin plugin =
        context -> {
          Namespace chat = context.namespace("/chat");
          // @start region="event-error"
          chat.on(
              "say",
              String.class,
              (socket, text) -> {
                if (text.length() > 1_000) {
                  throw new EventError("too_long", "A line has at most 1,000 characters.");
                }
                chat.emit("said", text);
              });
          // @end
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      TestClient ada = host.connect("/chat");
      assertThat(ada.emitWithAck("say", "a".repeat(1_001)))
          .isEqualTo(
              Map.of(
                  "error",
                  Map.of("code", "too_long", "message", "A line has at most 1,000 characters.")));
      ada.emit("say", "a".repeat(1_000));
      assertThat(ada.next("said")).asString().hasSize(1_000);
    }
  }

  @Test
  void anyEventPassesMiddlewareAndFindsAHandler() {
    Plugin plugin =
        context -> {
          Namespace chat = context.namespace("/chat");
          chat.on("sign-in", String.class, (socket, name) -> socket.data().put("name", name));
          // @start region="any-handler"
          chat.useEvents(
              (socket, event, arguments) -> {
                if (!event.equals("sign-in") && socket.data().text("name") == null) {
                  throw new EventError("signed_out", "Sign in first.");
                }
              });
          chat.onAny((socket, event, arguments) -> socket.emit("unknown", event, arguments.size()));
          // @end
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      TestClient ada = host.connect("/chat");
      assertThat(ada.emitWithAck("dance", 1, 2)).asString().contains("signed_out");
      ada.emit("sign-in", "Ada");
      ada.emit("dance", 1, 2);
      assertThat(ada.nextArguments("unknown")).isEqualTo(List.of("dance", 2));
    }
  }

  @Test
  void aDisconnectHandlerHearsTheReason() {
    Plugin plugin =
        context -> {
          Namespace chat = context.namespace("/chat");
          chat.onConnect((socket, handshake) -> socket.join("lobby"));
          // @start region="disconnect-handler"
          chat.onDisconnecting(
              (socket, reason) -> {
                boolean onPurpose = reason == DisconnectReason.CLIENT_NAMESPACE_DISCONNECT;
                for (String room : socket.rooms()) {
                  socket.to(room).emit(onPurpose ? "left" : "lost", socket.id());
                }
              });
          // @end
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      TestClient ada = host.connect("/chat");
      TestClient bob = host.connect("/chat");
      TestClient eve = host.connect("/chat");
      bob.disconnect();
      assertThat(ada.next("left")).isEqualTo(bob.id());
      eve.close();
      assertThat(ada.next("lost")).isEqualTo(eve.id());
    }
  }
}
