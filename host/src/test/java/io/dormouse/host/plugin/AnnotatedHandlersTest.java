package io.dormouse.host.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dormouse.api.Arguments;
import io.dormouse.api.DisconnectReason;
import io.dormouse.api.EventError;
import io.dormouse.api.Handshake;
import io.dormouse.api.On;
import io.dormouse.api.OnAny;
import io.dormouse.api.OnConnect;
import io.dormouse.api.OnDisconnect;
import io.dormouse.api.OnDisconnecting;
import io.dormouse.api.Payload;
import io.dormouse.api.Socket;
import io.dormouse.host.namespace.Handlers;
import io.dormouse.host.namespace.Owner;
import io.dormouse.host.protocol.Decoder;
import io.dormouse.host.protocol.DecoderLimits;
import io.dormouse.host.protocol.Packet;
import io.dormouse.host.protocol.ValueCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // called through method handles
class AnnotatedHandlersTest {
  private static final ClassLoader LOADER = AnnotatedHandlersTest.class.getClassLoader();
  private static final Socket SOCKET = inert(Socket.class);
  private static final Handshake HANDSHAKE = inert(Handshake.class);

  private final ValueCodec codec = ValueCodec.of(LOADER);
  private final Owner owner = new Owner("chat", codec, LOADER);
  private final RecordingContext context =
      new RecordingContext(
          new GenerationName("chat", "1.0.0", 1),
          owner,
          null,
          Map.of(),
          new Heritage(
              new MemoryState("chat", 1_000),
              new TaskTimes(),
              TaskLeases.ALONE,
              new ExportedMetrics("chat", new SimpleMeterRegistry())));
  private final RecordedNamespace namespace =
      new RecordedNamespace("/chat", context, null, null, owner);

  /** An object that is only passed on. */
  private static <T> T inert(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            LOADER, new Class<?>[] {type}, (proxy, method, values) -> type.getSimpleName()));
  }

  private Handlers bind(Object handlers) {
    namespace.handlers(handlers);
    return namespace.recorded();
  }

  private Arguments arguments(String json) {
    byte[] text = ("2[\"event\"" + (json.isEmpty() ? "" : ",") + json + "]").getBytes(UTF_8);
    var event = (Packet.Event) new Decoder(DecoderLimits.defaults()).text(text, 0, text.length);
    return codec.arguments(event.arguments());
  }

  private Object call(Object handlers, String json) throws Exception {
    return bind(handlers).events().get("event").call(SOCKET, arguments(json));
  }

  record Line(String from, String text) {}

  private static class Say {
    @On("event")
    private String say(Socket socket, String room, Line line, List<Line> more, int times) {
      return socket + room + line + more.getFirst().text() + times;
    }
  }

  @Test
  void readsEachArgumentAsItsParameterGenericsIncluded() throws Exception {
    Object value =
        call(new Say(), "\"tea\",{\"from\":\"ada\",\"text\":\"hi\"},[{\"text\":\"more\"}],3");

    assertThat(value).isEqualTo("SocketteaLine[from=ada, text=hi]more3");
  }

  @Test
  void refusesAMissingANullAndAnUnfitArgumentAsBadPayload() {
    Handlers.Call say = bind(new Say()).events().get("event");

    for (String json : List.of("\"tea\",{}", "\"tea\",{},null,3", "\"tea\",7,[],3", "1,{},[],3")) {
      assertThatThrownBy(() -> say.call(SOCKET, arguments(json)))
          .as(json)
          .isInstanceOfSatisfying(
              EventError.class, error -> assertThat(error.code()).isEqualTo("bad_payload"));
    }
  }

  private static class Optional {
    @On("event")
    String say(@Nullable String text, Payload rest, @Nullable List<String> tags) {
      return text + rest.isNull() + tags;
    }
  }

  @Test
  void givesNullAndNullPayloadsWhereAllowed() throws Exception {
    assertThat(call(new Optional(), "")).isEqualTo("nulltruenull");
  }

  private static class Hearing {
    @On("event")
    void hear(Arguments all) {}
  }

  @Test
  void answersWithNothingWhenTheMethodIsVoid() throws Exception {
    assertThat(call(new Hearing(), "1")).isSameAs(Handlers.NO_VALUE);
  }

  private static class Null {
    @On("event")
    @Nullable String find(Arguments all) {
      return all.size() == 2 ? null : "?";
    }
  }

  @Test
  void answersWithNullWhenTheMethodReturnsNull() throws Exception {
    assertThat(call(new Null(), "1,2")).isNull();
  }

  private static class Throwing {
    @On("event")
    void fail(String how) throws IOException {
      if (how.equals("error")) {
        throw new AssertionError("clean");
      }
      throw new IOException("clean");
    }
  }

  @Test
  void letsWhatAMethodThrowsOutAsItIs() {
    Handlers.Call fail = bind(new Throwing()).events().get("event");

    assertThatThrownBy(() -> fail.call(SOCKET, arguments("\"\"")))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("clean");
    assertThatThrownBy(() -> fail.call(SOCKET, arguments("\"error\"")))
        .isExactlyInstanceOf(AssertionError.class);
  }

  private static class Life {
    final List<Object> seen = new ArrayList<>();

    @OnConnect
    void connected(Handshake handshake) {
      seen.add(handshake);
    }

    @OnAny
    void any(Socket socket, String event, Arguments all) {
      seen.addAll(List.of(socket, event, all.size()));
    }

    @OnDisconnecting
    void leaving(Socket socket, DisconnectReason reason) {
      seen.addAll(List.of(socket, reason));
    }

    @OnDisconnect
    void left() {
      seen.add("left");
    }
  }

  @Test
  void bindsTheOtherAnnotations() throws Exception {
    var life = new Life();
    Handlers handlers = bind(life);

    handlers.connect().handle(SOCKET, HANDSHAKE);
    handlers.any().handle(SOCKET, "odd", arguments("1,2"));
    handlers.disconnecting().handle(SOCKET, DisconnectReason.PING_TIMEOUT);
    handlers.disconnect().handle(SOCKET, DisconnectReason.PING_TIMEOUT);

    assertThat(life.seen.toString())
        .isEqualTo("[Handshake, Socket, odd, 2, Socket, ping timeout, left]");
  }

  private static class Twice {
    @On("event")
    void one() {}

    @On("event")
    void two() {}
  }

  @Test
  void refusesTwoMethodsForOneEvent() {
    assertThatThrownBy(() -> bind(new Twice()))
        .hasMessage(
            "event 'event' of namespace '/chat' has a handler already; remove one of the two"
                + " [PLUGIN_DUPLICATE_HANDLER]");
  }

  @Test
  void refusesAnObjectWithoutAnnotatedMethods() {
    assertThatThrownBy(() -> bind("text"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("String has no method with @On,");
  }

  @Test
  void mixesWithHandlersRegisteredOneByOne() throws Exception {
    namespace.on("plain", Payload.class, (socket, payload) -> {});
    namespace.onWithAck("all", Arguments.class, (socket, all) -> all.size());
    Handlers handlers = bind(new Hearing());

    assertThat(handlers.events()).containsOnlyKeys("plain", "all", "event");
    assertThat(handlers.events().get("plain").call(SOCKET, arguments("1")))
        .isSameAs(Handlers.NO_VALUE);
    assertThat(handlers.events().get("all").call(SOCKET, arguments("1,2"))).isEqualTo(2);
  }

  @Test
  void takesNoHandlersOnceThePluginHasStarted() {
    context.seal();

    assertThatThrownBy(() -> namespace.on("late", String.class, (socket, text) -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Plugin 'chat' 1.0.0 cannot register a handler now; do that inside start");
    assertThatThrownBy(() -> bind(new Hearing())).isInstanceOf(IllegalStateException.class);
  }
}
