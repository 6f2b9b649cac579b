package io.dormouse.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dormouse.api.AckTimeout;
import io.dormouse.api.Arguments;
import io.dormouse.api.ConnectionRefused;
import io.dormouse.api.DisconnectReason;
import io.dormouse.api.EventError;
import io.dormouse.api.Handshake;
import io.dormouse.api.Namespace;
import io.dormouse.api.On;
import io.dormouse.api.OnConnect;
import io.dormouse.api.OnDisconnecting;
import io.dormouse.api.Payload;
import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;
import io.dormouse.api.Replies;
import io.dormouse.api.Socket;
import io.dormouse.api.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TestHostTest {
  static final class Echo implements Plugin {
    @Override
    public void start(PluginContext context) {
      Namespace root = context.namespace("/");
      root.on(
          "message", Payload.class, (socket, data) -> root.emit("response", Map.of("echo", data)));
    }
  }

  /** The second example of the API's picture. */
  static final class Chat implements Plugin {
    record Join(String room, String name) {}

    record Line(String from, String text) {}

    @Override
    public void start(PluginContext context) {
      context.namespace("/chat").handlers(new Handlers(context));
    }

    static final class Handlers {
      private final Namespace chat;
      private final State state;

      Handlers(PluginContext context) {
        chat = context.namespace("/chat");
        state = context.state();
      }

      @OnConnect
      void connect(Socket socket, Handshake handshake) {
        if (!"secret".equals(handshake.auth().text("token"))) {
          throw new ConnectionRefused("not authorized", Map.of("code", 401));
        }
        socket.emit("welcome", socket.id());
      }

      @On("join")
      List<Line> join(Socket socket, Join join) {
        socket.join(join.room());
        socket.data().put("name", join.name());
        socket.to(join.room()).emit("joined", join.name());
        return state.list(join.room(), Line.class);
      }

      @On("say")
      void say(Socket socket, String room, String text) {
        if (text.length() > 10) {
          throw new EventError("too_long", "A line has at most 10 characters.");
        }
        Line line = new Line(socket.data().text("name"), text);
        state.append(room, line, 100);
        chat.to(room).emit("line", line);
      }

      @On("poll")
      Map<String, Integer> poll(String room, String question) {
        Replies<String> replies =
            chat.to(room)
                .timeout(Duration.ofSeconds(5))
                .emitWithAck(String.class, "question", question);
        return replies.count();
      }

      @On("ask-me")
      String askMe(Socket socket) {
        return socket.timeout(Duration.ofSeconds(5)).emitWithAck(String.class, "name?");
      }

      @On("bytes")
      byte[] bytes(Arguments all) {
        return new byte[] {all.get(0, byte[].class)[0], (byte) all.size()};
      }

      @OnDisconnecting
      void leaving(Socket socket, DisconnectReason reason) {
        chat.emit("left", socket.data().text("name"), reason.toString(), socket.rooms().size());
      }
    }
  }

  private static final Map<String, ?> SECRET = Map.of("token", "secret");

  @Test
  void everyoneHearsTheEcho() {
    try (TestHost host = TestHost.of(Echo::new)) {
      TestClient ada = host.connect("/");
      TestClient bob = host.connect("/");
      ada.emit("message", "hi");
      assertThat(bob.next("response")).isEqualTo(Map.of("echo", "hi"));
      assertThat(ada.next("response")).isEqualTo(Map.of("echo", "hi"));
    }
  }

  @Test
  void aRefusalReachesTheClientWithItsData() {
    try (TestHost host = TestHost.of(Chat::new)) {
      assertThatThrownBy(() -> host.connect("/chat"))
          .isInstanceOfSatisfying(
              TestClient.Refused.class,
              refused -> {
                assertThat(refused).hasMessage("not authorized");
                assertThat(refused.data()).isEqualTo(Map.of("code", 401));
              });
      assertThatThrownBy(() -> host.connect("/nowhere")).hasMessage("Invalid namespace");
    }
  }

  @Test
  void roomsAcksErrorsAndStateWorkAsOnTheWire() {
    try (TestHost host = TestHost.of(Chat::new)) {
      TestClient ada = host.connect("/chat", SECRET);
      TestClient bob = host.connect("/chat", SECRET);
      assertThat(ada.next("welcome")).isEqualTo(ada.id());
      assertThat(ada.emitWithAck("join", Map.of("room", "a", "name", "Ada"))).isEqualTo(List.of());
      assertThat(ada.emitWithAck("say", "a", "hello")).isNull();
      assertThat(ada.next("line")).isEqualTo(Map.of("from", "Ada", "text", "hello"));
      assertThat(bob.emitWithAck("join", Map.of("room", "a", "name", "Bob")))
          .isEqualTo(List.of(Map.of("from", "Ada", "text", "hello")));
      assertThat(ada.next("joined")).isEqualTo("Bob");
      assertThat(bob.emitWithAck("say", "a", "far too long a line"))
          .isEqualTo(
              Map.of(
                  "error",
                  Map.of("code", "too_long", "message", "A line has at most 10 characters.")));
      assertThat(bob.emitWithAck("join", "no record")).asString().contains("bad_payload");
      bob.close();
      assertThat(ada.nextArguments("left")).isEqualTo(List.of("Bob", "transport close", 2));
    }
  }

  @Test
  void aHandlerMayWaitForAcksOfItsOwnClientAndOfARoom() {
    try (TestHost host = TestHost.of(Chat::new)) {
      TestClient ada = host.connect("/chat", SECRET);
      TestClient bob = host.connect("/chat", SECRET);
      for (TestClient client : List.of(ada, bob)) {
        client.answer("question", arguments -> "yes");
        client.answer("name?", arguments -> "Ada");
        client.emitWithAck("join", Map.of("room", "a", "name", "x"));
      }
      assertThat(ada.emitWithAck("poll", "a", "coming?")).isEqualTo(Map.of("yes", 2));
      assertThat(ada.emitWithAck("ask-me")).isEqualTo("Ada");
    }
  }

  @Test
  void binaryTravelsBothWays() {
    try (TestHost host = TestHost.of(Chat::new)) {
      TestClient ada = host.connect("/chat", SECRET);
      assertThat(ada.emitWithAck("bytes", new byte[] {7, 8}, "x")).isEqualTo(new byte[] {7, 2});
    }
  }

  @Test
  void anAckThatDoesNotComeIsATimeout() {
    Plugin asking =
        new Plugin() {
          @Override
          public void start(PluginContext context) {
            context
                .namespace("/")
                .onWithAck(
                    "ask",
                    Payload.class,
                    (socket, nothing) -> {
                      try {
                        return socket
                            .timeout(Duration.ofMillis(20))
                            .emitWithAck(String.class, "never answered");
                      } catch (AckTimeout timeout) {
                        return "timeout";
                      }
                    });
          }
        };
    try (TestHost host = TestHost.of(() -> asking)) {
      assertThat(host.connect("/").emitWithAck("ask")).isEqualTo("timeout");
    }
  }

  @Test
  void aPluginIsMadeOnceWhenItStartsAndNamedAfterItsClass() {
    List<String> started = new ArrayList<>();
    class Greeter implements Plugin {
      @Override
      public void start(PluginContext context) {
        started.add(context.id());
      }
    }
    Plugin nameless = context -> started.add(context.id());
    AtomicInteger made = new AtomicInteger();
    try (TestHost host =
        TestHost.of(
            () -> {
              made.incrementAndGet();
              return new Greeter();
            })) {
      host.with(() -> nameless).with(() -> nameless);
    }
    assertThat(made).hasValue(1);
    assertThat(started).containsExactly("greeter", "plugin-1", "plugin-2");
  }

  /** Tells which version and which object of it answers. */
  private static final class Versions implements Plugin {
    private static final AtomicInteger OBJECTS = new AtomicInteger();
    private final int number = OBJECTS.incrementAndGet();

    @Override
    public void start(PluginContext context) {
      context
          .namespace("/")
          .onWithAck(
              "who", Payload.class, (socket, _) -> context.version() + " of object " + number);
    }
  }

  @Test
  void versionsCountUpAndEachWakeAndReplacementHasAnObjectOfItsOwn() {
    Versions.OBJECTS.set(0);
    try (TestHost host = TestHost.of(Versions::new)) {
      TestClient ada = host.connect("/");
      assertThat(ada.emitWithAck("who")).isEqualTo("0 of object 1");
      assertThat(host.replace(Versions::new)).isSameAs(host);
      assertThat(ada.emitWithAck("who")).isEqualTo("1 of object 2");
      host.hibernate().hibernate();
      assertThat(ada.emitWithAck("who")).isEqualTo("1 of object 3");
      host.rollback();
      assertThat(ada.emitWithAck("who")).isEqualTo("0 of object 4");
      host.replace(Versions::new);
      assertThat(ada.emitWithAck("who")).isEqualTo("2 of object 5");
      assertThat(ada.connected()).isTrue();
    }
  }

  @Test
  void aReplacementThatDoesNotStartLeavesTheFormer() {
    try (TestHost host = TestHost.of(Echo::new)) {
      TestClient ada = host.connect("/");

      assertThatThrownBy(
              () ->
                  host.replace(
                      () ->
                          context -> {
                            throw new IllegalStateException("no database");
                          }))
          .hasMessageContaining("Plugin 'echo' 1 did not start")
          .hasMessageContaining("no database");

      ada.emit("message", "hi");
      assertThat(ada.next("response")).isEqualTo(Map.of("echo", "hi"));
      assertThatThrownBy(host::rollback).hasMessageContaining("none can come back");
    }
  }

  @Test
  void amongSeveralPluginsTheOneOfThatNameIsReplaced() {
    try (TestHost host = TestHost.of(Versions::new).with(Chat::new)) {
      TestClient ada = host.connect("/");
      TestClient bob = host.connect("/chat", SECRET);

      host.replace(Chat::new);

      assertThat(ada.emitWithAck("who")).asString().startsWith("0 ");
      assertThat(bob.emitWithAck("join", Map.of("room", "a", "name", "Bob"))).isEqualTo(List.of());
      assertThatThrownBy(() -> host.replace(Echo::new))
          .hasMessage(
              "It is not clear which plugin 'echo' replaces; this host runs versions, chat");
    }
  }

  @Test
  void aDueTaskWakesAPlugin() {
    try (TestHost host =
        TestHost.of(
            () ->
                context -> {
                  Namespace root = context.namespace("/");
                  context.after("remind", Duration.ofMillis(200), () -> root.emit("reminder"));
                })) {
      TestClient ada = host.connect("/");
      host.hibernate();
      assertThat(ada.nextArguments("reminder")).isEmpty();
    }
  }
}
