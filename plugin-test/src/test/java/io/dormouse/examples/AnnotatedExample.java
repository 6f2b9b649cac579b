package io.dormouse.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dormouse.api.Arguments;
import io.dormouse.api.ConnectionRefused;
import io.dormouse.api.DisconnectReason;
import io.dormouse.api.Handshake;
import io.dormouse.api.Namespace;
import io.dormouse.api.On;
import io.dormouse.api.OnAny;
import io.dormouse.api.OnConnect;
import io.dormouse.api.OnDisconnect;
import io.dormouse.api.OnDisconnecting;
import io.dormouse.api.PluginContext;
import io.dormouse.api.Socket;
import io.dormouse.test.TestClient;
import io.dormouse.test.TestHost;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnnotatedExample {
  // @start region="on"
  // Plugin.start: context.namespace("/chat").handlers(new Chat(context));
  static final class Chat { // @replace regex="static " replacement=""
    record Join(String room, String name) {}

    private final Namespace chat;

    Chat(PluginContext context) {
      chat = context.namespace("/chat");
    }

    @On("join")
    int join(Socket socket, Join join) { // the value returned is the ack
      socket.join(join.room());
      socket.data().put("name", join.name());
      return chat.to(join.room()).fetchSockets().size();
    }

    @On("say")
    void say(Socket socket, String room, String text) { // several arguments, several parameters
      chat.to(room).emit("said", socket.data().text("name"), text);
    }
  }

  // @end

  static final class Door {
    private final Namespace chat;

    Door(Namespace chat) {
      this.chat = chat;
    }

    // @start region="on-connect"
    @OnConnect
    void connect(Socket socket, Handshake handshake) {
      if (handshake.auth().text("token") == null) {
        throw new ConnectionRefused("A token is missing.");
      }
    }

    // @end

    // @start region="on-any"
    @OnAny
    void any(Socket socket, String event, Arguments arguments) {
      socket.emit("unknown", event, arguments.size());
    }

    // @end

    // @start region="on-disconnecting"
    @OnDisconnecting
    void leaving(Socket socket, DisconnectReason reason) {
      for (String room : socket.rooms()) {
        socket.to(room).emit("left", socket.data().text("name"), reason.toString());
      }
    }

    // @end

    // @start region="on-disconnect"
    @OnDisconnect
    void left() {
      chat.emit("present", chat.fetchSockets().size());
    }
    // @end
  }

  private static TestHost host() {
    return TestHost.of(
        () ->
            context -> {
              Namespace chat = context.namespace("/chat");
              chat.handlers(new Chat(context)).handlers(new Door(chat));
            });
  }

  private static TestClient join(TestHost host, String name) {
    TestClient client = host.connect("/chat", Map.of("token", "t"));
    client.emitWithAck("join", Map.of("room", "lobby", "name", name));
    return client;
  }

  @Test
  void aMethodHandlesAnEventAndReturnsItsAck() {
    try (TestHost host = host()) {
      TestClient ada = join(host, "Ada");
      TestClient bob = join(host, "Bob");
      assertThat(bob.emitWithAck("join", Map.of("room", "lobby", "name", "Bob"))).isEqualTo(2);
      bob.emit("say", "lobby", "hello");
      assertThat(ada.nextArguments("said")).isEqualTo(List.of("Bob", "hello"));
    }
  }

  @Test
  void aMethodRefusesAConnection() {
    try (TestHost host = host()) {
      assertThatThrownBy(() -> host.connect("/chat")).hasMessage("A token is missing.");
    }
  }

  @Test
  void aMethodHandlesWhatHasNoHandler() {
    try (TestHost host = host()) {
      TestClient ada = join(host, "Ada");
      ada.emit("dance", 1, 2);
      assertThat(ada.nextArguments("unknown")).isEqualTo(List.of("dance", 2));
    }
  }

  @Test
  void methodsHearThatASocketLeaves() {
    try (TestHost host = host()) {
      TestClient ada = join(host, "Ada");
      TestClient bob = join(host, "Bob");
      bob.close();
      assertThat(ada.nextArguments("left")).isEqualTo(List.of("Bob", "transport close"));
      assertThat(ada.next("present")).isEqualTo(1);
    }
  }
}
