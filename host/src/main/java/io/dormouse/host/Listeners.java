package io.dormouse.host;

import io.dormouse.host.admin.AdminSettings;
import io.helidon.common.tls.Tls;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  /**
   * What operators of the admin listener meet.
   *
   * @param routes adds filters and routes
   * @param beforeRoutes answers what is refused before it reaches them
   * @param maxPayloadBytes of one request's body
   */
  record Admin(
      AdminSettings settings,
      Consumer<HttpRouting.Builder> routes,
      DirectHandlers beforeRoutes,
      long maxPayloadBytes) {
    boolean enabled() {
      return settings.enabled();
    }

    String bind() {
      return settings.bind();
    }

    int port() {
      return settings.port();
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
  private static final String ADMIN = "admin";
  private static final int PROLOGUE_BYTES = 8192;

  /** Helidon would set 4 KiB, which makes every larger message wait for round trips. */
  private static final int RECEIVE_BUFFER_BYTES = 64 * 1024;

  private final ServerSettings settings;
  private final TlsSettings tls;
  private final Public open;
  private final Admin admin;
  private final HttpGuard guard;
  private final HttpGuard adminGuard;
  private @Nullable WebServer server;

  /** Opens nothing yet. */
  Listeners(ServerSettings settings, TlsSettings tls, Public open, Admin admin) {
    this.settings = settings;
    this.tls = tls;
    this.open = open;
    this.admin = admin;
    guard = new HttpGuard(settings.requestTimeout());
    // A JAR may be large, and whoever sends it far away.
    adminGuard = new HttpGuard(settings.requestTimeout().multipliedBy(10));
  }

  /**
   * Finds out early what would keep the listeners from opening.
   *
   * @throws CannotStart when a port is not free or a certificate cannot be used
   */
  void check() {
    TlsFiles.read(tls);
    checkBind(settings.bind(), settings.port(), "dormouse.server", "--port");
    if (admin.enabled()) {
      checkBind(admin.bind(), admin.port(), "dormouse.admin", "--admin-port");
    }
  }

  /**
   * Opens the listeners.
   *
   * @throws CannotStart when one of them cannot be opened; then none is
   */
  void start() {
    WebServer started = build();
    started.start();
    // Helidon logs a failed bind and returns.
    if (!started.isRunning()) {
      check();
      throw new CannotStart(
          HostErrorCode.BIND_FAILED, "A port was taken while the host started; start it again.");
    }
    server = started;
  }

  private WebServer build() {
    WebServerConfig.Builder builder =
        WebServer.builder().shutdownHook(false).featuresDiscoverServices(false);
    configure(builder, guard, settings.idleTimeout(), settings.bind(), settings.port());
    builder
        .maxPayloadSize(open.maxPayloadBytes())
        .addConnectionSelector(open.watch().apply(selector(guard, open.upgraders())))
        .routing(routing(guard, open.routes()));
    Tls certificate = TlsFiles.read(tls);
    if (certificate != null) {
      builder.tls(certificate);
    }
    if (admin.enabled()) {
      ListenerConfig.Builder listener = ListenerConfig.builder().name(ADMIN);
      configure(listener, adminGuard, settings.idleTimeout(), admin.bind(), admin.port());
      listener
          .maxPayloadSize(admin.maxPayloadBytes())
          .directHandlers(admin.beforeRoutes())
          .addConnectionSelector(selector(adminGuard, Map.of()))
          .routing(routing(adminGuard, admin.routes()));
      builder.putSocket(ADMIN, listener.build());
    }
    return builder.build();
  }

  static HttpRouting.Builder routing(HttpGuard guard, Consumer<HttpRouting.Builder> routes) {
    HttpRouting.Builder routing =
        HttpRouting.builder().addFilter(guard).error(Throwable.class, Listeners::failed);
    routes.accept(routing);
    return routing;
  }

  private static void failed(ServerRequest request, ServerResponse response, Throwable failure) {
    if (failure instanceof HttpException refused) {
      response.status(refused.status()).send();
      return;
    }
    if (!(failure instanceof ServerConnectionException)) {
      LOG.atError()
          .setCause(failure)
          .log("Request for '{}' failed", request.prologue().uriPath().path());
    }
    response.status(Status.INTERNAL_SERVER_ERROR_500).send();
  }

  static void configure(
      ListenerConfig.BuilderBase<?, ?> listener,
      HttpGuard guard,
      Duration idle,
      String bind,
      int port) {
    listener
        .host(bind)
        .port(port)
        .protocolsDiscoverServices(false)
        .idleConnectionTimeout(idle)
        .idleConnectionPeriod(idle.dividedBy(4).plusMillis(1))
        .putListenerSocketOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        .connectionOptions(guard.socketOptions());
  }

  static Http1ConnectionSelector selector(HttpGuard guard, Map<String, Http1Upgrader> upgraders) {
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
   * @param option that sets the port too; null for none
   */
  static void checkBind(String bind, int port, String keys, @Nullable String option) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(bind), port));
    } catch (UnknownHostException _) {
      throw new CannotStart(
          HostErrorCode.BIND_FAILED,
          "'%s' is no address; set %s.bind to one of this machine, or to 0.0.0.0 for all."
              .formatted(bind, keys));
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage());
      String advice =
          reason.contains("assign")
              ? "set %s.bind to an address of this machine, or to 0.0.0.0 for all".formatted(keys)
              : "choose another port by %s%s.port; 0 takes a free one"
                  .formatted(option == null ? "" : option + " or ", keys);
      throw new CannotStart(
          HostErrorCode.BIND_FAILED,
          "Cannot listen on %s port %d: %s; %s.".formatted(bind, port, reason, advice));
    }
  }

  /** The real port of the public listener; -1 while it is closed. */
  int port() {
    return server == null ? -1 : server.port();
  }

  /** The real port of the admin listener; -1 while it is closed, or when there is none. */
  int adminPort() {
    return server == null || !admin.enabled() ? -1 : server.port(ADMIN);
  }

  void stop() {
    if (server != null) {
      server.stop();
    }
    guard.close();
    adminGuard.close();
  }
}
