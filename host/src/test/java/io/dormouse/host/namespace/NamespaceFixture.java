package io.dormouse.host.namespace;

import io.dormouse.api.AnyHandler;
import io.dormouse.api.ConnectHandler;
import io.dormouse.api.DisconnectHandler;
import io.dormouse.host.engine.EngineServer;
import io.dormouse.host.engine.EngineSettings;
import io.dormouse.host.engine.InMemoryClient;
import io.dormouse.host.engine.SessionRequest;
import io.dormouse.host.protocol.ValueCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Namespaces and clients in memory, whose packets are seen as text. */
final class NamespaceFixture implements AutoCloseable {
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final Namespaces namespaces;
  private final EngineServer engine;

  NamespaceFixture(SocketSettings settings) {
    this(settings, RecoverySettings.defaults());
  }

  NamespaceFixture(SocketSettings settings, RecoverySettings recovery) {
    namespaces = new Namespaces(settings, recovery, meters);
    engine =
        new EngineServer(
            EngineSettings.defaults(),
            namespaces,
            (peer, secure, headers) -> {
              throw new IllegalStateException("no network");
            },
            meters);
  }

  /** Short deadlines, small inbox. */
  static SocketSettings strict() {
    return new SocketSettings(
        Duration.ofSeconds(45),
        Duration.ofSeconds(5),
        Duration.ofMillis(200),
        4,
        100_000,
        Duration.ofSeconds(30),
        50,
        3,
        2,
        100);
  }

  /** Handlers of one namespace, made step by step. */
  static final class Building {
    private boolean recoverable;
    private final Map<String, Handlers.Call> events = new HashMap<>();
    private final Map<String, Handlers.ServerSide> serverSide = new HashMap<>();
    private final List<ConnectHandler> middleware = new ArrayList<>();
    private final List<AnyHandler> eventMiddleware = new ArrayList<>();
    private @Nullable AnyHandler any;
    private @Nullable ConnectHandler connect;
    private @Nullable DisconnectHandler disconnecting;
    private @Nullable DisconnectHandler disconnect;

    Building on(String event, Handlers.Call call) {
      events.put(event, call);
      return this;
    }

    Building use(ConnectHandler added) {
      middleware.add(added);
      return this;
    }

    Building useEvents(AnyHandler added) {
      eventMiddleware.add(added);
      return this;
    }

    Building any(AnyHandler handler) {
      any = handler;
      return this;
    }

    Building connect(ConnectHandler handler) {
      connect = handler;
      return this;
    }

    Building disconnecting(DisconnectHandler handler) {
      disconnecting = handler;
      return this;
    }

    Building serverSide(String event, Handlers.ServerSide handler) {
      serverSide.put(event, handler);
      return this;
    }

    Building recoverable() {
      recoverable = true;
      return this;
    }

    Building disconnect(DisconnectHandler handler) {
      disconnect = handler;
      return this;
    }

    Handlers of(String pluginId) {
      ClassLoader loader = NamespaceFixture.class.getClassLoader();
      return new Handlers(
          new Owner(pluginId, ValueCodec.of(loader), loader),
          events,
          any,
          middleware,
          eventMiddleware,
          connect,
          disconnecting,
          disconnect,
          serverSide,
          recoverable);
    }
  }

  static Building handlers() {
    return new Building();
  }

  NamespaceFixture open(String name, Building building) {
    serve(Map.of(name, building.of("plugin")));
    return this;
  }

  /** Handlers of one plugin, by name or pattern. */
  Namespaces.Changes serve(Map<String, Handlers> served) {
    return namespaces.serve(served.values().iterator().next().owner(), served);
  }

  Client client() {
    return new Client(engine);
  }

  @Override
  public void close() {
    engine.stop(Duration.ofSeconds(1));
    namespaces.stop();
  }

  /** A client that keeps what it gets. */
  static final class Client {
    private final BlockingQueue<String> packets = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final InMemoryClient connection;

    Client(EngineServer engine) {
      SessionRequest request =
          new SessionRequest(
              Map.of(), Map.of(), "127.0.0.1", false, false, "/socket.io/", Instant.now());
      connection = InMemoryClient.connect(engine, request, packets::add, closed::countDown);
      String _ = next();
    }

    Client send(String packet) {
      connection.send(packet);
      return this;
    }

    /** The next packet. */
    String next() {
      try {
        String packet = packets.poll(5, TimeUnit.SECONDS);
        if (packet == null) {
          throw new AssertionError("no packet came");
        }
        return packet;
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
    }

    /** Joins "/", and swallows the answer. */
    Client join() {
      send("40");
      String answer = next();
      if (!answer.startsWith("40{\"sid\":\"")) {
        throw new AssertionError(answer);
      }
      return this;
    }

    void close() {
      connection.close();
    }

    boolean awaitClosed() throws InterruptedException {
      return closed.await(5, TimeUnit.SECONDS);
    }
  }
}
