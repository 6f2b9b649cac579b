package io.dormouse.host.namespace;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What is counted of sockets and their events. */
final class NamespaceMeters {
  private final MeterRegistry registry;
  private final Counter events;

  NamespaceMeters(MeterRegistry registry) {
    this.registry = registry;
    this.events =
        Counter.builder("dormouse.events.received")
            .description("Events that reached an inbox")
            .register(registry);
  }

  void event() {
    events.increment();
  }

  void joined(String pluginId) {
    registry.counter("dormouse.sockets.joined", "plugin", pluginId).increment();
  }

  void refused(NamespaceErrorCode code) {
    registry.counter("dormouse.events.refused", "code", code.name()).increment();
  }

  void recovery(String outcome) {
    registry.counter("dormouse.sockets.returned", "outcome", outcome).increment();
  }

  void failed(String pluginId, NamespaceErrorCode code) {
    registry
        .counter("dormouse.handlers.failed", "plugin", pluginId, "code", code.name())
        .increment();
  }
}
