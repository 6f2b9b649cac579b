package io.dormouse.host.engine;

import io.dormouse.api.Transport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
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

  private void count(String name, String label, String value) {
    Counter.builder(name).tag(label, value).register(registry).increment();
  }
}
