package io.dormouse.host;

import io.dormouse.host.backplane.Forwarding;
import io.dormouse.host.backplane.ListenAddress;
import io.dormouse.host.engine.ClientAddress;
import io.dormouse.host.engine.EngineServer;
import io.dormouse.host.engine.SessionRouter;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Status;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The internal listener, by which other hosts reach the sessions of this one. It has Engine.IO's
 * path only, and nothing of it for whoever does not sign as a host.
 */
final class ForwardListener implements ClientAddress {
  /** What is behind it. */
  record Inside(EngineServer engine, Forwarding forwarding) {}

  private static final Logger LOG = LoggerFactory.getLogger(ForwardListener.class);
  private static final HeaderName PASS = HeaderNames.create(Forwarding.PASS_HEADER);
  private static final HeaderName ID = HeaderNames.create(SessionRouter.HOST_HEADER);

  /** Longer than other hosts keep a connection that rests. */
  private static final Duration IDLE = Duration.ofMinutes(1);

  private final ListenAddress address;
  private final Inside inside;
  private final HttpGuard guard;
  private volatile @Nullable WebServer server;

  /** Opens nothing yet. */
  ForwardListener(ServerSettings settings, ListenAddress address, Inside inside) {
    this.address = address;
    this.inside = inside;
    // The first host has the same deadline for the client, and is to find out first.
    guard = new HttpGuard(settings.requestTimeout().plusSeconds(5));
  }

  /**
   * @throws CannotStart when it cannot be opened
   */
  void start() {
    String bind = address.bind();
    Listeners.checkBind(bind, address.port(), "dormouse.forward", null);
    WebServerConfig.Builder builder =
        WebServer.builder().shutdownHook(false).featuresDiscoverServices(false);
    Listeners.configure(builder, guard, IDLE, bind, address.port());
    Http1Upgrader upgrader = new SignedUpgrader(inside.engine.upgraderOfHosts(this));
    WebServer started =
        builder
            .maxPayloadSize(inside.engine.maxRequestBytes())
            .addConnectionSelector(
                Listeners.selector(guard, Map.of(upgrader.supportedProtocol(), upgrader)))
            .routing(
                Listeners.routing(
                    guard,
                    routing -> {
                      routing.addFilter(this::onlySigned);
                      inside.engine.routingOfHosts(routing, this);
                    }))
            .build()
            .start();
    if (!started.isRunning()) {
      throw new CannotStart(
          HostErrorCode.BIND_FAILED, "A port was taken while the host started; start it again.");
    }
    server = started;
    inside.forwarding.start();
    LOG.info("Other hosts reach this one at {}", advertised());
  }

  /** What other hosts are told of it; null while it is closed, or its address is not known. */
  @Nullable String advertised() {
    WebServer running = server;
    return running == null ? null : address.advertised(running.port());
  }

  void stop() {
    inside.forwarding.stop();
    WebServer running = server;
    if (running != null) {
      running.stop();
    }
    guard.close();
  }

  private void onlySigned(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    response.header(ID, inside.forwarding.hostId());
    if (isSigned(request.prologue(), request.headers())) {
      chain.proceed();
    } else {
      response.status(Status.UNAUTHORIZED_401).header(HeaderValues.CONNECTION_CLOSE).send();
    }
  }

  private boolean isSigned(HttpPrologue prologue, Headers headers) {
    String target = prologue.uriPath().rawPath() + "?" + prologue.query().rawValue();
    return inside.forwarding.isSigned(prologue.method().text(), target, pass(headers));
  }

  private static @Nullable String pass(Headers headers) {
    return headers.value(PASS).orElse(null);
  }

  /** The client as the host saw it that has signed. */
  @Override
  public Client of(String peerAddress, boolean secure, Headers headers) {
    return inside.forwarding.client(pass(headers), peerAddress);
  }

  /** Lets only requests that are signed reach the engine's, and leaves others to the filter. */
  private final class SignedUpgrader implements Http1Upgrader {
    private final Http1Upgrader engine;

    SignedUpgrader(Http1Upgrader engine) {
      this.engine = engine;
    }

    @Override
    public String supportedProtocol() {
      return engine.supportedProtocol();
    }

    @Override
    public @Nullable ServerConnection upgrade(
        ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
      return isSigned(prologue, headers) ? engine.upgrade(context, prologue, headers) : null;
    }
  }
}
