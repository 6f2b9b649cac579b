package io.dormouse.host;

import io.dormouse.host.backplane.ForwardSettings;
import io.dormouse.host.backplane.Forwarding;
import io.dormouse.host.backplane.ListenAddress;
import io.dormouse.host.backplane.RedisBackplane;
import io.dormouse.host.engine.EngineServer;
import io.dormouse.host.engine.EngineSettings;
import io.dormouse.host.engine.SessionRouter;
import io.dormouse.host.namespace.SocketSettings;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes what hosts forward by to each other; a host without Redis has none of it. */
@Factory
final class ForwardWiring {
  /** The way to other hosts. */
  record Outward(@Nullable Forwarding forwarding) {
    SessionRouter router() {
      return forwarding == null ? SessionRouter.NONE : forwarding;
    }
  }

  /** Where other hosts come in. */
  record Inward(@Nullable ForwardListener listener) {
    /** Which others hear of when this host says for the first time that it is there. */
    void start() {
      if (listener != null) {
        listener.start();
      }
    }

    @Nullable String address() {
      return listener == null ? null : listener.advertised();
    }

    void stop() {
      if (listener != null) {
        listener.stop();
      }
    }
  }

  @Singleton
  Outward outward(
      Wiring.Joined joined,
      ForwardSettings forward,
      EngineSettings engine,
      SocketSettings sockets) {
    RedisBackplane backplane = joined.backplane();
    if (backplane == null) {
      return new Outward(null);
    }
    // A poll waits for a ping at most, or for its client, who may be paused.
    Duration longest =
        engine.pingInterval().plus(engine.pingTimeout()).plus(sockets.inboxTimeout());
    return new Outward(backplane.forwarding(forward, new Forwarding.Way(engine.path(), longest)));
  }

  @Singleton
  Inward inward(
      Wiring.Joined joined,
      Outward outward,
      ForwardSettings forward,
      ServerSettings server,
      EngineServer engine) {
    RedisBackplane backplane = joined.backplane();
    Forwarding forwarding = outward.forwarding();
    if (backplane == null || forwarding == null) {
      return new Inward(null);
    }
    ListenAddress address = backplane.listenAddress(forward);
    return new Inward(
        new ForwardListener(server, address, new ForwardListener.Inside(engine, forwarding)));
  }
}
