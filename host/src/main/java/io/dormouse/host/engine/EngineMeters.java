package io.dormouse.host.engine;

import io.dormouse.api.Transport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.Map;

/** What is counted of sessions. */
final class EngineMeters {
  private final MeterRegistry registry;

  EngineMeters(MeterRegistry registry, Map<String, Session> sessions) {
    this.registry = registry;
    Gauge.builder("dormouse.sessions", sessions, Map::size)
        .description("Open Engine.IO sessions")
        .register(registry);
  }

  void opened(Transport transport) {
    count("dormouse.sessions.opened", "transport", transport.toString());
  }

  void upgraded() {
    registry.counter("dormouse.sessions.upgraded").increment();
  }

  void closed(CloseReason reason) {
    count("dormouse.sessions.closed", "reason", reason.toString());
  }

  void refused(EngineErrorCode code) {
    count("dormouse.requests.refused", "code", code.name());
  }

  void forwarding(Collection<?> tunnels, Collection<?> polls) {
    Gauge.builder("dormouse.forwarded.tunnels", tunnels, Collection::size)
        .description("WebSockets whose sessions live on another host")
        .register(registry);
    Gauge.builder("dormouse.forwarded.polls", polls, Collection::size)
        .description("Waiting polls whose sessions live on another host")
        .register(registry);
  }

  void forwarded(String kind, Strays.Outcome outcome) {
    Counter.builder("dormouse.forwarded.requests")
        .tag("kind", kind)
        .tag("outcome", outcome.name())
        .register(registry)
        .increment();
  }

  private void count(String name, String label, String value) {
    Counter.builder(name).tag(label, value).register(registry).increment();
  }
}
