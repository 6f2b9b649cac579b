package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.dormouse.api.Arguments;
import io.dormouse.api.DisconnectReason;
import io.dormouse.api.Handshake;
import io.dormouse.api.Namespace;
import io.dormouse.api.On;
import io.dormouse.api.OnAny;
import io.dormouse.api.OnConnect;
import io.dormouse.api.OnDisconnect;
import io.dormouse.api.OnDisconnecting;
import io.dormouse.api.Payload;
import io.dormouse.api.PluginContext;
import io.dormouse.api.Socket;
import io.dormouse.host.plugin.HandlerMethod.Kind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The forms of annotated methods: those of their Javadoc, and none else. */
@SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // only looked at
class HandlerMethodTest {

  private static class Allowed {
    record Line(String text) {}

    @On("a")
    void nothing() {}

    @On("b")
    void socket(Socket socket) {}

    @On("c")
    String values(String text, int number, Line line, List<Line> lines, Map<String, byte[]> map) {
      return "";
    }

    @On("d")
    void socketAndValues(Socket socket, Payload payload, Object any, long number) {}

    @On("e")
    void all(Arguments arguments) {}

    @On("f")
    private void socketAndAll(Socket socket, Arguments arguments) {}

    @OnAny
    void any(Socket socket, String event, Arguments arguments) {}

    @OnConnect
    void connected() {}

    @OnConnect
    void connected(Socket socket) {}

    @OnConnect
    void connected(Handshake handshake) {}

    @OnConnect
    void connected(Socket socket, Handshake handshake) {}

    @OnDisconnecting
    void leaving() {}

    @OnDisconnecting
    void leaving(Socket socket, DisconnectReason reason) {}

    @OnDisconnect
    void left(Socket socket) {}

    @OnDisconnect
    void left(DisconnectReason reason) {}

    void unannotated(PluginContext context) {}
  }

  @Test
  void acceptsEveryFormOfTheJavadoc() {
    assertThat(HandlerMethod.of(Allowed.class))
        .hasSize(15)
        .filteredOn(handler -> handler.kind() == Kind.ON)
        .extracting(HandlerMethod::event)
        .containsExactlyInAnyOrder("a", "b", "c", "d", "e", "f");
  }

  private static class Base {
    @On("inherited")
    void inherited() {}

    @On("base")
    void overridden() {}
  }

  private static class Derived extends Base {
    @Override
    @On("derived")
    void overridden() {}
  }

  @Test
  void findsInheritedMethodsAndOverriddenOnesOnce() {
    assertThat(HandlerMethod.of(Derived.class))
        .extracting(HandlerMethod::event)
        .containsExactly("derived", "inherited");
  }

  private static final String ON =
      "; an @On method takes (arguments…), (Socket, arguments…), (Arguments) or (Socket, Arguments)";
  private static final String ON_CONNECT =
      "; an @OnConnect method takes (), (Socket), (Handshake) or (Socket, Handshake)";

  static class SocketSecond {
    @On("x")
    void on(String text, Socket socket) {}
  }

  static class ArgumentsNotAlone {
    @On("x")
    void on(Socket socket, String text, Arguments rest) {}
  }

  static class ArgumentsFirst {
    @On("x")
    void on(Arguments all, String text) {}
  }

  static class HostType {
    @On("x")
    void on(Socket socket, Namespace namespace) {}
  }

  static class FutureValue {
    @On("x")
    CompletableFuture<String> on() {
      return new CompletableFuture<>();
    }
  }

  static class StaticMethod {
    @On("x")
    static void on() {}
  }

  static class AnyWithLess {
    @OnAny
    void any(Socket socket, Arguments arguments) {}
  }

  static class AnyWithPayload {
    @OnAny
    void any(Socket socket, String event, Payload payload) {}
  }

  static class ConnectReversed {
    @OnConnect
    void connect(Handshake handshake, Socket socket) {}
  }

  static class ConnectWithReason {
    @OnConnect
    void connect(DisconnectReason reason) {}
  }

  static class ConnectWithValue {
    @OnConnect
    boolean connect() {
      return true;
    }
  }

  static class LeavingWithHandshake {
    @OnDisconnecting
    void leaving(Handshake handshake) {}
  }

  static class LeftTwice {
    @OnDisconnect
    void left(Socket socket, Socket again) {}
  }

  static class Two {
    @On("x")
    @OnAny
    void two(Socket socket, String event, Arguments arguments) {}
  }

  static Stream<org.junit.jupiter.params.provider.Arguments> wrong() {
    return Stream.of(
        arguments(SocketSecond.class, "parameter 2 of SocketSecond.on is Socket" + ON),
        arguments(ArgumentsNotAlone.class, "parameter 3 of ArgumentsNotAlone.on is Arguments" + ON),
        arguments(ArgumentsFirst.class, "parameter 1 of ArgumentsFirst.on is Arguments" + ON),
        arguments(HostType.class, "parameter 2 of HostType.on is Namespace" + ON),
        arguments(
            FutureValue.class,
            "FutureValue.on returns CompletableFuture, which is no ack; wait for the value, a handler may block"),
        arguments(StaticMethod.class, "StaticMethod.on is static; make it a method of the object"),
        arguments(
            AnyWithLess.class,
            "AnyWithLess.any has 2 parameters; an @OnAny method takes (Socket, String, Arguments)"),
        arguments(
            AnyWithPayload.class,
            "parameter 3 of AnyWithPayload.any is Payload; an @OnAny method takes (Socket, String, Arguments)"),
        arguments(
            ConnectReversed.class, "parameter 2 of ConnectReversed.connect is Socket" + ON_CONNECT),
        arguments(
            ConnectWithReason.class,
            "parameter 1 of ConnectWithReason.connect is DisconnectReason" + ON_CONNECT),
        arguments(
            ConnectWithValue.class,
            "ConnectWithValue.connect returns boolean, which nobody receives; make it void"),
        arguments(
            LeavingWithHandshake.class,
            "parameter 1 of LeavingWithHandshake.leaving is Handshake; an @OnDisconnecting method"
                + " takes (), (Socket), (DisconnectReason) or (Socket, DisconnectReason)"),
        arguments(
            LeftTwice.class,
            "parameter 2 of LeftTwice.left is Socket; an @OnDisconnect method takes (), (Socket),"
                + " (DisconnectReason) or (Socket, DisconnectReason)"),
        arguments(
            Two.class,
            "Two.two has two of @On, @OnAny, @OnConnect, @OnDisconnecting and @OnDisconnect; split it"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void refusesOtherForms(Class<?> type, String message) {
    PluginRefused refused = catchThrowableOfType(PluginRefused.class, () -> HandlerMethod.of(type));

    assertThat(refused).hasMessage(message + " [PLUGIN_BAD_HANDLER]");
  }
}
