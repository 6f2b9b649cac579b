package io.dormouse.host.backplane;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** What the backplane counts, {@code dormouse.backplane.*}. */
final class BackplaneMeters {
  private final MeterRegistry registry;
  private final Counter published;
  private final Counter received;
  private final Counter replayed;
  private final Counter lost;
  private final Counter duplicates;
  private final Counter dropped;

  BackplaneMeters(MeterRegistry registry) {
    this.registry = registry;
    published = registry.counter("dormouse.backplane.published");
    received = registry.counter("dormouse.backplane.received");
    replayed = registry.counter("dormouse.backplane.replayed");
    lost = registry.counter("dormouse.backplane.lost");
    duplicates = registry.counter("dormouse.backplane.duplicates");
    dropped = registry.counter("dormouse.backplane.dropped");
  }

  void gauge(String name, Supplier<Number> value) {
    Gauge.builder("dormouse.backplane." + name, value).register(registry);
  }

  void published(int messages) {
    published.increment(messages);
  }

  void received() {
    received.increment();
  }

  /** Missed on its channel and fetched from the sender's stream. */
  void replayed() {
    replayed.increment();
  }

  /** Missed, and not to be had any more. */
  void lost(long messages) {
    lost.increment((double) messages);
  }

  void duplicate() {
    duplicates.increment();
  }

  /** Of this host's own messages: too many waited, or for too long. */
  void dropped(int messages) {
    dropped.increment(messages);
  }

  void refused(RefusalReason reason) {
    registry.counter("dormouse.backplane.refused", "reason", reason.name()).increment();
  }
}
