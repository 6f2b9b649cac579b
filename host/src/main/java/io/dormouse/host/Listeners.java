package io.dormouse.host;

import io.dormouse.host.admin.AdminSettings;
import io.helidon.common.socket.SocketOptions;
import io.helidon.common.tls.Tls;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The web server and its two listeners, public and admin. */
final class Listeners {
  /**
   * What clients of the public listener meet.
   *
   * @param routes adds filters and routes
   * @param upgraders by the value of the {@code Upgrade} header, matched exactly
   * @param watch wraps the selector that sees each new connection
   * @param maxPayloadBytes of one request's body
   */
  record Public(
      Consumer<HttpRouting.Builder> routes,
      Map<String, Http1Upgrader> upgraders,
      UnaryOperator<ServerConnectionSelector> watch,
      long maxPayloadBytes) {}

  private static final String ADMIN = "admin";
  private static final long ADMIN_PAYLOAD_BYTES = 64 * 1024;
  private static final int PROLOGUE_BYTES = 8192;

  /** Helidon would set 4 KiB, which makes every larger message wait for round trips. */
  private static final int RECEIVE_BUFFER_BYTES = 64 * 1024;

  private final ServerSettings settings;
  private final AdminSettings admin;
  private final HttpGuard guard;
  private final WebServer server;

  /**
   * @param tls of the public listener; null for plain HTTP
   */
  Listeners(
      ServerSettings settings,
      @Nullable Tls tls,
      Public open,
      AdminSettings admin,
      Consumer<HttpRouting.Builder> adminRoutes) {
    this.settings = settings;
    this.admin = admin;
    guard = new HttpGuard(settings.requestTimeout());
    WebServerConfig.Builder builder =
        WebServer.builder().shutdownHook(false).featuresDiscoverServices(false);
    configure(builder, settings.bind(), settings.port());
    builder
        .maxPayloadSize(open.maxPayloadBytes())
        .addConnectionSelector(open.watch().apply(selector(open.upgraders())))
        .routing(routing(open.routes()));
    if (tls != null) {
      builder.tls(tls);
    }
    if (admin.enabled()) {
      ListenerConfig.Builder listener = ListenerConfig.builder().name(ADMIN);
      configure(listener, admin.bind(), admin.port());
      listener
          .maxPayloadSize(ADMIN_PAYLOAD_BYTES)
          .addConnectionSelector(selector(Map.of()))
          .routing(routing(adminRoutes));
      builder.putSocket(ADMIN, listener.build());
    }
    server = builder.build();
  }

  private HttpRouting.Builder routing(Consumer<HttpRouting.Builder> routes) {
    HttpRouting.Builder routing = HttpRouting.builder().addFilter(guard);
    routes.accept(routing);
    return routing;
  }

  private void configure(ListenerConfig.BuilderBase<?, ?> listener, String bind, int port) {
    Duration idle = settings.idleTimeout();
    listener
        .host(bind)
        .port(port)
        .protocolsDiscoverServices(false)
        .idleConnectionTimeout(idle)
        .idleConnectionPeriod(idle.dividedBy(4).plusMillis(1))
        .putListenerSocketOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build());
  }

  private Http1ConnectionSelector selector(Map<String, Http1Upgrader> upgraders) {
    Http1Config config =
        Http1Config.builder()
            // Clients send | and { in a query as they are.
            .validatePrologue(false)
            // A token in the query may be long.
            .maxPrologueLength(PROLOGUE_BYTES)
            .receiveLog(false)
            .sendLog(false)
            .addReceiveListener(guard)
            .build();
    return Http1ConnectionSelector.builder().config(config).upgraders(upgraders).build();
  }

  /**
   * @throws CannotStart when a port cannot be opened, now
   */
  void check() {
    checkBind(settings.bind(), settings.port(), "dormouse.server", "--port");
    if (admin.enabled()) {
      checkBind(admin.bind(), admin.port(), "dormouse.admin", "--admin-port");
    }
  }

  private static void checkBind(String bind, int port, String keys, String option) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(bind), port));
    } catch (UnknownHostException _) {
      throw new CannotStart(
          "'%s' is not an address of this machine; set %s.bind to one, or to 0.0.0.0 for all. [BIND_FAILED]"
              .formatted(bind, keys));
    } catch (IOException e) {
      throw new CannotStart(
          "Cannot listen on %s port %d (%s); is another program using it? Choose another with %s PORT (0 takes a free one) or %s.port. [BIND_FAILED]"
              .formatted(bind, port, e.getMessage(), option, keys));
    }
  }

  /**
   * Opens the listeners.
   *
   * @throws CannotStart when one of them cannot be opened; then none is
   */
  void start() {
    server.start();
    // Helidon logs a failed bind and returns.
    if (!server.isRunning()) {
      guard.close();
      check();
      throw new CannotStart(
          "A port was taken while the host started; start it again. [BIND_FAILED]");
    }
  }

  /** The real port of the public listener. */
  int port() {
    return server.port();
  }

  /** The real port of the admin listener; -1 when there is none. */
  int adminPort() {
    return admin.enabled() ? server.port(ADMIN) : -1;
  }

  void stop() {
    server.stop();
    guard.close();
  }
}
