package io.dormouse.host.hook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** What is counted of one hook. */
final class HookMeters {
  private final MeterRegistry registry;
  private final String hook;
  private final Counter delivered;
  private final Counter dead;

  HookMeters(MeterRegistry registry, String hook) {
    this.registry = registry;
    this.hook = hook;
    delivered = events("delivered");
    dead = events("dead");
  }

  private Counter events(String outcome) {
    return Counter.builder("dormouse.hook.events")
        .description("Events that a hook has got, or has not")
        .tag("hook", hook)
        .tag("outcome", outcome)
        .register(registry);
  }

  /** Looks at a queue from now on. */
  void watch(HookQueue queue) {
    Gauge.builder("dormouse.hook.queued", queue, HookQueue::size)
        .description("Events that wait for a hook, or are being delivered")
        .tag("hook", hook)
        .register(registry);
    Gauge.builder("dormouse.hook.dead.letters", queue, HookQueue::deadLetterCount)
        .description("Events that a hook has not got and that can be sent again")
        .tag("hook", hook)
        .register(registry);
  }

  void call(String outcome, Duration took) {
    Timer.builder("dormouse.hook.calls")
        .description("Calls of hooks")
        .tag("hook", hook)
        .tag("outcome", outcome)
        .register(registry)
        .record(took);
  }

  void delivered() {
    delivered.increment();
  }

  void dead() {
    dead.increment();
  }

  long deliveredCount() {
    return (long) delivered.count();
  }

  long deadCount() {
    return (long) dead.count();
  }
}
