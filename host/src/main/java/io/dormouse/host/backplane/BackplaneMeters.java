package io.dormouse.host.backplane;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** What the backplane counts, {@code dormouse.backplane.*}. */
final class BackplaneMeters {
  private final MeterRegistry registry;
  private final Counter published;
  private final Counter fromHosts;
  private final Counter fromOthers;
  private final Counter replayed;
  private final Counter lost;
  private final Counter duplicates;

  BackplaneMeters(MeterRegistry registry) {
    this.registry = registry;
    published = registry.counter("dormouse.backplane.published");
    fromHosts = registry.counter("dormouse.backplane.received", "from", "host");
    fromOthers = registry.counter("dormouse.backplane.received", "from", "other");
    replayed = registry.counter("dormouse.backplane.replayed");
    lost = registry.counter("dormouse.backplane.lost");
    duplicates = registry.counter("dormouse.backplane.duplicates");
  }

  void gauge(String name, Supplier<Number> value) {
    Gauge.builder("dormouse.backplane." + name, value).register(registry);
  }

  void published(int messages) {
    published.increment(messages);
  }

  void received(boolean fromHost) {
    (fromHost ? fromHosts : fromOthers).increment();
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

  void dropped(DropReason reason) {
    registry.counter("dormouse.backplane.dropped", "reason", reason.name()).increment();
  }

  void refused(RefusalReason reason) {
    registry.counter("dormouse.backplane.refused", "reason", reason.name()).increment();
  }
}
