package io.dormouse.dist.conformance;

import io.dormouse.api.Arguments;
import io.dormouse.api.ConnectionRefused;
import io.dormouse.api.Namespace;
import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;
import io.dormouse.api.Socket;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Registers the namespaces that the tests connect to. */
public final class ConformancePlugin implements Plugin {
  @Override
  public void start(PluginContext context) {
    protocolSuite(context.namespace("/"));
    protocolSuite(context.namespace("/custom"));

    Namespace features = context.namespace("/features");
    features.use(
        (socket, handshake) -> {
          String refusal = handshake.auth().text("refuse");
          if (refusal != null) {
            throw new ConnectionRefused(refusal, Map.of("code", 403, "by", "middleware"));
          }
        });
    features.handlers(new Features(features));

    context
        .namespace("/private")
        .onConnect(
            (socket, handshake) -> {
              if (!"secret".equals(handshake.auth().text("token"))) {
                throw new ConnectionRefused("not authorized", Map.of("code", 401));
              }
            });
    context
        .namespace("/broken")
        .onConnect(
            (socket, handshake) -> {
              throw new IllegalStateException("nobody outside may read this");
            });
    children(context);
  }

  /** What the official suite of the Socket.IO protocol expects of a namespace. */
  private static void protocolSuite(Namespace namespace) {
    namespace.onConnect(
        (socket, handshake) ->
            socket.emit("auth", handshake.auth().isNull() ? Map.of() : handshake.auth()));
    namespace.on(
        "message",
        Arguments.class,
        (socket, arguments) -> socket.emit("message-back", all(arguments)));
    namespace.onWithAck("message-with-ack", Arguments.class, (socket, arguments) -> arguments);
  }

  private static void children(PluginContext context) {
    Namespace children = context.namespaces("/pattern-{name}");
    children.onConnect(
        (socket, handshake) -> {
          socket.data().put("child", handshake.parameters().get("name"));
          socket.emit("welcome", handshake.parameters(), socket.namespace().name());
        });
    children.on(
        "say",
        String.class,
        (socket, text) -> socket.namespace().emit("said", socket.data().text("child"), text));
    children.on("say-everywhere", String.class, (socket, text) -> children.emit("said", "*", text));
    children.on(
        "say-elsewhere",
        String.class,
        (Socket socket, String text) -> context.of("/features").to("listeners").emit("said", text));
  }

  static @Nullable Object[] all(Arguments arguments) {
    return IntStream.range(0, arguments.size()).mapToObj(arguments::get).toArray();
  }
}
