package io.dormouse.host.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {
  @ParameterizedTest
  @CsvSource({
    "500/s, 5000, 500",
    "0.5/s, 10, 0.5",
    "10%/s, 5000, 500",
    "100%/s, 5000, 5000",
    "0.5%/s, 100000, 500",
    "10%/s, 3, 50"
  })
  void isSoManyASecond(String text, int clients, double perSecond) {
    Pace pace = Pace.parse(text);
    assertThat(pace.perSecond(clients)).isEqualTo(perSecond);
    assertThat(pace).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "500", "500/m", "-1/s", "0/s", "0%/s", "101%/s", "1e3/s", "x/s", "99999999/s"})
  void isNotAnything(String text) {
    assertThat(Pace.parse(text)).isNull();
    assertThat(new DrainSettings(text, Duration.ofSeconds(25)).problems())
        .containsExactly(
            "dormouse.drain.pace must be clients a second such as 500/s, or a share such as 10%/s,"
                + " was '"
                + text
                + "'");
  }

  @Test
  void aDeadlineIsNeitherAMomentNorForEver() {
    assertThat(new DrainSettings("1/s", Duration.ofSeconds(25)).problems()).isEmpty();
    assertThat(new DrainSettings("1/s", Duration.ofMillis(999)).problems()).hasSize(1);
    assertThat(new DrainSettings("1/s", Duration.ofDays(2)).problems()).hasSize(1);
  }
}
