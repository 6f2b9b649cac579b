package io.dormouse.host.plugin;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metrics of one plugin in the host's registry. Counters and timers outlive its generations;
 * what a gauge asks is a generation's own, so it is there as long as one of them has it. All
 * methods may be called from any thread.
 */
final class ExportedMetrics {
  static final String PREFIX = "dormouse.plugin.";

  private static final Logger LOG = LoggerFactory.getLogger(ExportedMetrics.class);
  private static final int MOST = 100;
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*([.-][a-z0-9]+)*");

  /** With these, two names would be one where they are exported. */
  private static final Pattern EXPORTED =
      Pattern.compile("(.*[.-])?(total|created|bucket|info|seconds([.-]max)?)");

  private final String pluginId;
  private final MeterRegistry registry;
  private final Map<String, Meter> meters = new ConcurrentHashMap<>();

  /** What each gauge asks: the newest that has not ended, the last of them. */
  private final Map<String, Deque<DoubleSupplier>> gauges = new HashMap<>();

  private boolean full;
  private boolean removed;

  ExportedMetrics(String pluginId, MeterRegistry registry) {
    this.pluginId = pluginId;
    this.registry = registry;
  }

  void count(String name, long amount) {
    Counter counter = meter(name, Counter.class, registry::counter);
    if (counter != null) {
      counter.increment((double) amount);
    }
  }

  void time(String name, Duration duration) {
    Timer timer = meter(name, Timer.class, registry::timer);
    if (timer != null) {
      timer.record(duration);
    }
  }

  /** Asks this from now on, and what was asked before again when this has ended. */
  synchronized void addGauge(String name, DoubleSupplier asked) {
    if (meter(name, Gauge.class, (exported, _) -> gauge(name, exported)) != null) {
      gauges.computeIfAbsent(name, none -> new ArrayDeque<>()).addLast(asked);
    }
  }

  private Gauge gauge(String name, String exported) {
    return Gauge.builder(exported, () -> ask(name)).tag("plugin", pluginId).register(registry);
  }

  private double ask(String name) {
    DoubleSupplier newest;
    synchronized (this) {
      Deque<DoubleSupplier> all = gauges.get(name);
      newest = all == null ? null : all.peekLast();
    }
    return newest == null ? Double.NaN : newest.getAsDouble();
  }

  synchronized void removeGauge(String name, DoubleSupplier asked) {
    Deque<DoubleSupplier> all = gauges.get(name);
    if (all != null && all.removeLastOccurrence(asked) && all.isEmpty()) {
      gauges.remove(name);
      remove(meters.remove(name));
    }
  }

  /** The plugin has been removed: its metrics end, and none begins. */
  synchronized void remove() {
    removed = true;
    gauges.clear();
    meters.values().forEach(this::remove);
    meters.clear();
  }

  private void remove(@Nullable Meter meter) {
    if (meter != null) {
      registry.remove(meter);
    }
  }

  /** Null when it is not exported. */
  private <M extends Meter> @Nullable M meter(
      String name, Class<M> kind, BiFunction<String, String[], M> made) {
    Meter meter = meters.get(name);
    if (meter == null) {
      meter = make(name, made);
    }
    if (meter != null && !kind.isInstance(meter)) {
      throw new IllegalArgumentException(
          "Metric '%s' of plugin '%s' is a %s already and cannot be a %s; one name has one kind"
              .formatted(name, pluginId, word(meter.getId().getType()), word(kind)));
    }
    return kind.cast(meter);
  }

  private synchronized @Nullable Meter make(
      String name, BiFunction<String, String[], ? extends Meter> made) {
    Meter known = meters.get(name);
    if (known != null || removed) {
      return known;
    }
    check(name);
    if (meters.size() >= MOST) {
      sayThatItIsFull(name);
      return null;
    }
    Meter meter = made.apply(PREFIX + name.replace('-', '.'), new String[] {"plugin", pluginId});
    meters.put(name, meter);
    return meter;
  }

  private void check(String name) {
    if (!NAME.matcher(name).matches()) {
      throw refused(name, "a name has lower-case words with hyphens or dots between them");
    }
    if (EXPORTED.matcher(name).matches()) {
      throw refused(name, "the host itself adds such an ending");
    }
    if (RuntimeMeters.NAMES.contains(name)) {
      throw refused(name, "the host has a metric of this name");
    }
  }

  private IllegalArgumentException refused(String name, String why) {
    return new IllegalArgumentException(
        "Metric '%s' of plugin '%s' is refused: %s; choose another"
            .formatted(Failure.oneLine(name), pluginId, why));
  }

  private void sayThatItIsFull(String name) {
    if (!full) {
      full = true;
      LOG.atWarn()
          .addKeyValue("plugin", pluginId)
          .log(
              "Plugin '{}' has {} metrics; '{}' and what comes after it is not exported",
              pluginId,
              MOST,
              name);
    }
  }

  private static String word(Enum<?> type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  private static String word(Class<?> kind) {
    return kind.getSimpleName().toLowerCase(Locale.ROOT);
  }
}
