package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationReaderTest {
  enum Mode {
    FAST,
    VERY_SLOW
  }

  record Limits(int perRoom, Duration keep) {}

  record Settings(
      String title,
      int history,
      Long bytes,
      double ratio,
      boolean open,
      Duration idleAfter,
      Mode mode,
      URI home,
      List<String> rooms,
      List<Integer> sizes,
      Map<String, Integer> quotas,
      Limits limits) {}

  record Checked(int port) {
    Checked {
      if (port < 1) {
        throw new IllegalArgumentException("port must be positive,\nwas " + port);
      }
    }
  }

  private static <T extends Record> T read(Class<T> type, Map<String, Object> values) {
    return ConfigurationReader.read("chat", values, type);
  }

  @Test
  void readsTextAndNumbersAsTheComponentsAre() {
    Settings settings =
        read(
            Settings.class,
            Map.ofEntries(
                Map.entry("title", "Tea"),
                Map.entry("history", "50"),
                Map.entry("bytes", 7),
                Map.entry("ratio", "0.5"),
                Map.entry("open", "true"),
                Map.entry("idle-after", "5s"),
                Map.entry("mode", "very-slow"),
                Map.entry("home", "http://x/"),
                Map.entry("rooms", List.of("a", "b")),
                Map.entry("sizes", "1, 2"),
                Map.entry("quotas", Map.of("ada", "3")),
                Map.entry("limits.per-room", 9),
                Map.entry("limits", Map.of("keep", "PT1M"))));

    assertThat(settings)
        .isEqualTo(
            new Settings(
                "Tea",
                50,
                7L,
                0.5,
                true,
                Duration.ofSeconds(5),
                Mode.VERY_SLOW,
                URI.create("http://x/"),
                List.of("a", "b"),
                List.of(1, 2),
                Map.of("ada", 3),
                new Limits(9, Duration.ofMinutes(1))));
  }

  @Test
  void takesAKeyWithoutAValueAsLeftOut() {
    Map<String, Object> values = new HashMap<>();
    values.put("history", null);
    values.put("limits.per-room", null);

    assertThat(read(Settings.class, values).history()).isZero();
  }

  @Test
  void givesDefaultsForKeysLeftOut() {
    assertThat(read(Settings.class, Map.of()))
        .isEqualTo(
            new Settings(
                null, 0, null, 0, false, null, null, null, List.of(), List.of(), Map.of(), null));
  }

  @ParameterizedTest
  @CsvSource({
    "5ns,PT0.000000005S",
    "250ms,PT0.25S",
    "5s,PT5S",
    "2m,PT2M",
    "3h,PT3H",
    "1d,PT24H",
    "PT7S,PT7S"
  })
  void readsDurations(String text, Duration duration) {
    assertThat(read(Limits.class, Map.of("keep", text)).keep()).isEqualTo(duration);
  }

  @Test
  void namesEveryProblemByItsKey() {
    assertThatThrownBy(
            () ->
                read(
                    Settings.class,
                    Map.of(
                        "histroy",
                        1,
                        "history",
                        "many",
                        "idle-after",
                        "soon",
                        "mode",
                        "odd",
                        "open",
                        "maybe",
                        "sizes",
                        List.of(1, "x"),
                        "limits",
                        Map.of("per-rom", 1),
                        "title",
                        Map.of("a", 1))))
        .isInstanceOf(PluginRefused.class)
        .hasMessage(
            "key 'dormouse.plugin.chat.histroy' is unknown; known are title, history, bytes, ratio,"
                + " open, idle-after, mode, home, rooms, sizes, quotas, limits;"
                + " key 'dormouse.plugin.chat.title' must be a single value;"
                + " key 'dormouse.plugin.chat.history' must be a whole number, was 'many';"
                + " key 'dormouse.plugin.chat.open' must be true or false, was 'maybe';"
                + " key 'dormouse.plugin.chat.idle-after' must be a duration such as 5s or PT5S, was"
                + " 'soon';"
                + " key 'dormouse.plugin.chat.mode' must be one of fast, very-slow, was 'odd';"
                + " key 'dormouse.plugin.chat.sizes[1]' must be a whole number, was 'x';"
                + " key 'dormouse.plugin.chat.limits.per-rom' is unknown; known are per-room, keep"
                + " [PLUGIN_CONFIG_INVALID]");
  }

  @Test
  void repeatsWhatTheRecordItselfRefuses() {
    assertThatThrownBy(() -> read(Checked.class, Map.of()))
        .hasMessage(
            "'dormouse.plugin.chat' is not accepted: port must be positive, was 0"
                + " [PLUGIN_CONFIG_INVALID]");
  }

  record Odd(Thread thread) {}

  @Test
  void refusesAComponentThatConfigurationCannotGive() {
    assertThatThrownBy(() -> read(Odd.class, Map.of("thread", "x")))
        .hasMessage(
            "key 'dormouse.plugin.chat.thread' cannot be given: Thread is no type of configuration"
                + " [PLUGIN_CONFIG_INVALID]");
  }
}
