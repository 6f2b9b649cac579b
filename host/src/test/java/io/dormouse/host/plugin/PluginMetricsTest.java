package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dormouse.api.Metrics;
import io.dormouse.api.Plugin;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What plugins count, and what is measured of them. */
class PluginMetricsTest {
  private final RuntimeFixture host =
      new RuntimeFixture(ReplaceSettings.defaults(), SleepSettings.defaults());
  private final AtomicReference<Metrics> metrics = new AtomicReference<>();

  @AfterEach
  void stop() {
    host.close();
  }

  /** Starts a version with a gauge. */
  private Metrics serve(String version, double people) {
    Plugin plugin =
        context -> {
          context.metrics().gauge("people", () -> people);
          metrics.set(context.metrics());
        };
    host.serve(version, plugin);
    return metrics.get();
  }

  private double people() {
    return host.registry.get("dormouse.plugin.people").tag("plugin", "chat").gauge().value();
  }

  private double lines() {
    return host.registry.get("dormouse.plugin.lines.said").tag("plugin", "chat").counter().count();
  }

  private List<String> names() {
    return host.registry.getMeters().stream()
        .map(Meter::getId)
        .filter(id -> "chat".equals(id.getTag("plugin")))
        .map(Meter.Id::getName)
        .filter(name -> name.startsWith("dormouse.plugin."))
        .map(name -> name.substring("dormouse.plugin.".length()))
        .filter(name -> !RuntimeMeters.NAMES.contains(name))
        .toList();
  }

  @Test
  void countersAndTimersGoOnInTheNextVersionWhileGaugesAreItsOwn() {
    Metrics first = serve("1", 3);
    first.count("lines-said");
    first.time("saying", Duration.ofMillis(5));
    assertThat(people()).isEqualTo(3);

    Metrics second = serve("2", 4);
    second.count("lines-said", 2);
    second.time("saying", Duration.ofMillis(7));
    awaitRetirement();

    first.count("lines-said", 100);
    first.gauge("late", () -> 1);
    assertThat(lines()).isEqualTo(3);
    assertThat(people()).isEqualTo(4);
    assertThat(host.registry.get("dormouse.plugin.saying").timer().totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(12);
    assertThat(names()).containsExactlyInAnyOrder("people", "lines.said", "saying");
  }

  private void awaitRetirement() {
    await()
        .until(
            () ->
                host.runtime.plugin("chat").orElseThrow().generations().getLast().state()
                    == GenerationState.RETIRED);
  }

  @Test
  void aGaugeIsTheFormerVersionsAgainWhenTheNewOneDoesNotStart() {
    serve("1", 3);

    assertThatThrownBy(
            () ->
                host.serve(
                    "2",
                    context -> {
                      context.metrics().gauge("people", () -> 4);
                      throw new IllegalStateException();
                    }))
        .isInstanceOf(PluginRefused.class);

    await().untilAsserted(() -> assertThat(people()).isEqualTo(3));
  }

  @Test
  void aSleepingPluginHasNoGaugesAndARemovedOneHasNothing() {
    Metrics before = serve("1", 3);
    before.count("lines-said");
    host.runtime.hibernate("chat");
    await().untilAsserted(() -> assertThat(names()).containsExactly("lines.said"));
    host.runtime.wake("chat");
    assertThat(people()).isEqualTo(3);

    host.runtime.remove("chat");

    await().untilAsserted(() -> assertThat(names()).isEmpty());
    metrics.get().count("lines-said");
    assertThat(names()).isEmpty();
  }

  @Test
  void aSecondGaugeOfTheSameNameReplacesTheFirst() {
    Metrics own = serve("1", 3);

    own.gauge("people", () -> 5);

    assertThat(people()).isEqualTo(5);
    assertThat(names()).containsExactly("people");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Lines", "lines_said", "1st", "a..b", "-a", "a-", "x y", "über"})
  void aBadNameIsRefused(String name) {
    Metrics own = serve("1", 3);

    assertThatThrownBy(() -> own.count(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Metric '" + name + "' of plugin 'chat' is refused: a name has");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"lines-total", "total", "up.seconds", "up.seconds.max", "app-info", "a.bucket"})
  void anEndingOfTheExportIsRefused(String name) {
    Metrics own = serve("1", 3);

    assertThatThrownBy(() -> own.gauge(name, () -> 1)).hasMessageContaining("such an ending");
  }

  @Test
  void aNameHasOneKindAndIsNoneOfTheHosts() {
    Metrics own = serve("1", 3);

    assertThatThrownBy(() -> own.count("people"))
        .hasMessage(
            "Metric 'people' of plugin 'chat' is a gauge already and cannot be a counter; one name"
                + " has one kind");
    assertThatThrownBy(() -> own.time("wake", Duration.ZERO)).hasMessageContaining("the host has");
    assertThatThrownBy(() -> own.count("lines", -1)).hasMessageContaining("cannot go back");
  }

  @Test
  void thereAreAtMostAHundredNames() {
    Metrics own = serve("1", 3);
    try (LogLines log = LogLines.of(ExportedMetrics.class)) {
      for (int i = 1; i <= 105; i++) {
        own.count("name" + i);
      }

      assertThat(names()).hasSize(100).contains("name99").doesNotContain("name100");
      assertThat(log.texts())
          .containsExactly(
              "WARN Plugin 'chat' has 100 metrics; 'name100' and what comes after it is not"
                  + " exported");
    }
  }

  @Test
  void aGaugeThatThrowsHasNoValueAndOneThatHangsIsNotAskedAgain() {
    var end = new CountDownLatch(1);
    Metrics own = serve("1", 3);
    try (LogLines log = LogLines.of(GenerationMetrics.class)) {
      own.gauge(
          "broken",
          () -> {
            throw new IllegalStateException("boom");
          });
      own.gauge(
          "stuck",
          () -> {
            while (end.getCount() > 0) {
              Thread.onSpinWait();
              try {
                end.await();
              } catch (InterruptedException deaf) {
                Thread.onSpinWait();
              }
            }
            return 1;
          });

      for (int i = 0; i < 3; i++) {
        assertThat(host.registry.get("dormouse.plugin.broken").gauge().value()).isNaN();
        assertThat(host.registry.get("dormouse.plugin.stuck").gauge().value()).isNaN();
      }

      assertThat(log.texts()).hasSize(2);
      assertThat(log.texts().get(0))
          .startsWith("WARN Plugin 'chat' 1: gauge 'broken' threw IllegalStateException 'boom'");
      assertThat(log.texts().get(1))
          .isEqualTo(
              "WARN Plugin 'chat' 1: gauge 'stuck' takes longer than PT1S and is not asked again");
    } finally {
      end.countDown();
    }
  }

  @Test
  void isExportedWithTheUsualEndings() {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var meters = new ExportedMetrics("chat", registry);
    var own =
        new GenerationMetrics(
            new GenerationName("chat", "1", 1), getClass().getClassLoader(), meters);
    own.count("lines-said", 0);
    own.gauge("people.now", () -> 2);
    own.time("model.answer", Duration.ofSeconds(3));

    assertThat(registry.scrape())
        .contains(
            "dormouse_plugin_lines_said_total{plugin=\"chat\"} 0.0",
            "dormouse_plugin_people_now{plugin=\"chat\"} 2.0",
            "dormouse_plugin_model_answer_seconds_sum{plugin=\"chat\"} 3.0");
    meters.remove();
    assertThat(registry.scrape()).doesNotContain("chat");
  }

  @Test
  void wakesAndReplacementsAreMeasured() {
    serve("1", 3);
    serve("2", 3);
    host.runtime.rollback("chat");
    host.runtime.hibernate("chat");
    host.runtime.wake("chat");

    assertThat(host.registry.get("dormouse.plugin.replace").timer().count()).isEqualTo(2);
    assertThat(host.registry.get("dormouse.plugin.wake").timer().count()).isEqualTo(1);
    assertThat(host.registry.get("dormouse.plugin.wake").timer().totalTime(TimeUnit.NANOSECONDS))
        .isPositive();
  }
}
