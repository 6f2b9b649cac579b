package io.dormouse.host.engine;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * A bare Engine.IO endpoint at {@code /engine.io/} that sends every message back, as the official
 * suite of that protocol wants it.
 */
final class EngineEcho {
  private EngineEcho() {}

  private static void start(int port) {
    EngineSettings settings =
        new EngineSettings(
            "/engine.io/",
            Duration.ofMillis(300),
            Duration.ofMillis(200),
            Duration.ofSeconds(10),
            1_000_000,
            List.of("*"),
            8_388_608,
            1_000,
            1_000,
            1_024);
    ClientAddress direct =
        (address, secure, headers) ->
            new ClientAddress.Client(address, secure, headers.first(HeaderNames.HOST).orElse(""));
    EngineServer engine = new EngineServer(settings, Echo::new, direct, new SimpleMeterRegistry());
    HttpRouting.Builder routing = HttpRouting.builder();
    engine.routing(routing);
    Http1Upgrader upgrader = engine.upgrader();
    WebServer.builder()
        .host("127.0.0.1")
        .port(port)
        .shutdownHook(false)
        .featuresDiscoverServices(false)
        .protocolsDiscoverServices(false)
        .addConnectionSelector(
            Http1ConnectionSelector.builder()
                .config(Http1Config.create())
                .putUpgrader("websocket", upgrader)
                .putUpgrader("WebSocket", upgrader)
                .build())
        .connectionOptions(options -> options.tcpNoDelay(true))
        .maxPayloadSize(settings.maxPayload())
        .routing(routing)
        .build()
        .start();
  }

  /** Runs until the process ends. Its argument is the port; the suite wants 3000. */
  public static void main(String[] arguments) {
    int port = arguments.length == 0 ? 3000 : Integer.parseInt(arguments[0]);
    start(port);
    System.out.println("Engine.IO echo on http://127.0.0.1:" + port + "/engine.io/");
  }

  private record Echo(Session session) implements SessionListener {
    @Override
    public void onText(byte[] bytes, int offset, int length) {
      byte[] text = Arrays.copyOfRange(bytes, offset, offset + length);
      session.send(Message.of(text, List.of(), true));
    }

    @Override
    public void onBinary(byte[] bytes) {
      // A binary message without a text before it, which Socket.IO never sends.
      session.send(Message.of(Frame.binary(bytes)));
    }

    @Override
    public void onClose(CloseReason reason) {}
  }
}
