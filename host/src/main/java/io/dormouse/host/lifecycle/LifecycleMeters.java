package io.dormouse.host.lifecycle;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What is counted of a host's life. */
public final class LifecycleMeters {
  private LifecycleMeters() {}

  /** Adds it. */
  public static void bind(Lifecycle lifecycle, Drain drain, MeterRegistry registry) {
    for (HostState state : HostState.values()) {
      Gauge.builder("dormouse.host.state", lifecycle, asked -> asked.state() == state ? 1 : 0)
          .description("1 for the state that the host is in")
          .tag("state", state.toString())
          .register(registry);
    }
    FunctionCounter.builder("dormouse.drain.moved", drain, asked -> asked.status().moved())
        .description("Sessions that the present drain has moved")
        .register(registry);
    FunctionCounter.builder("dormouse.drain.cut.short", drain, asked -> asked.status().cutShort())
        .description("Sessions that were sent away without their turn")
        .register(registry);
  }
}
