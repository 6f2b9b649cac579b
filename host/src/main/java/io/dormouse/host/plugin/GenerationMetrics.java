package io.dormouse.host.plugin;

import io.dormouse.api.Metrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A plugin's metrics as one generation uses them, until it ends. */
final class GenerationMetrics implements Metrics {
  private static final Logger LOG = LoggerFactory.getLogger(GenerationMetrics.class);

  /** Whoever looks at the metrics waits so long for a plugin's value. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final GenerationName generation;
  private final ClassLoader loader;
  private final ExportedMetrics meters;
  private final Map<String, Asked> gauges = new HashMap<>();
  private volatile boolean ended;

  GenerationMetrics(GenerationName generation, ClassLoader loader, ExportedMetrics meters) {
    this.generation = generation;
    this.loader = loader;
    this.meters = meters;
  }

  @Override
  public void count(String name, long amount) {
    if (amount < 0) {
      throw new IllegalArgumentException(
          "Counter '" + name + "' cannot go back, amount was " + amount);
    }
    if (!ended) {
      meters.count(name, amount);
    }
  }

  @Override
  public void time(String name, Duration duration) {
    Objects.requireNonNull(duration);
    if (!ended) {
      meters.time(name, duration);
    }
  }

  @Override
  public synchronized void gauge(String name, DoubleSupplier value) {
    Objects.requireNonNull(value);
    if (ended) {
      return;
    }
    var asked = new Asked(name, value);
    meters.addGauge(name, asked);
    Asked former = gauges.put(name, asked);
    if (former != null) {
      meters.removeGauge(name, former);
    }
  }

  /** Takes its gauges away; counts no more. */
  synchronized void end() {
    ended = true;
    gauges.forEach(meters::removeGauge);
    gauges.clear();
  }

  /** A gauge's value: the plugin's code, on behalf of somebody who looks at all metrics. */
  private final class Asked implements DoubleSupplier {
    private final String name;
    private final DoubleSupplier value;
    private volatile boolean failed;
    private volatile boolean givenUp;

    Asked(String name, DoubleSupplier value) {
      this.name = name;
      this.value = value;
    }

    @Override
    public double getAsDouble() {
      if (givenUp) {
        return Double.NaN;
      }
      double[] answer = {Double.NaN};
      try {
        Deadline.call(
            generation + " gauge " + name, loader, PATIENCE, () -> answer[0] = value.getAsDouble());
        return answer[0];
      } catch (Deadline.Passed passed) {
        giveUp();
      } catch (OutOfMemoryError fatal) {
        throw fatal;
      } catch (Throwable thrown) {
        if (!failed) {
          failed = true;
          warn("threw " + Failure.text(thrown));
        }
      }
      return Double.NaN;
    }

    private void giveUp() {
      if (!Thread.currentThread().isInterrupted()) { // who looks has patience left
        givenUp = true;
        warn("takes longer than " + PATIENCE + " and is not asked again");
      }
    }

    private void warn(String what) {
      LOG.atWarn()
          .addKeyValue("plugin", generation.id())
          .log("{}: gauge '{}' {}", generation.title(), name, what);
    }
  }
}
