package io.dormouse.host.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamespacePatternTest {
  @Test
  void tellsWhatItsParametersStandFor() {
    NamespacePattern pattern = NamespacePattern.of("/tenant-{name}/room.{number}");
    assertThat(pattern.match("/tenant-acme/room.7"))
        .isEqualTo(Map.of("name", "acme", "number", "7"));
    assertThat(pattern.match("/tenant-acme/room-7")).isNull();
    assertThat(pattern.match("/tenant-/room.7")).isNull();
    assertThat(pattern.match("/tenant-a/b/room.7")).isNull();
    assertThat(pattern.match("/tenant-acme/room.7/")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/plain", "tenant-{name}", "/{a}{b}", "/{a}-{a}", "/{}", "/{a", "/a}", "/{a b}"})
  void refusesWhatIsNoPattern(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NamespacePattern.of(text))
        .withMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "/a-{x},     /a-{y},     true",
    "/a-{x},     /a-b-{y},   true",
    "/a-{x},     /b-{y},     false",
    "/a-{x},     /a-{x}/{y}, false",
    "/{x}-a,     /{y}-b,     false",
    "/{x}-a,     /b-{y},     true"
  })
  void knowsWhetherANameMayFitBoth(String first, String second, boolean overlaps) {
    NamespacePattern a = NamespacePattern.of(first.strip());
    NamespacePattern b = NamespacePattern.of(second.strip());
    assertThat(a.overlaps(b)).isEqualTo(overlaps);
    assertThat(b.overlaps(a)).isEqualTo(overlaps);
  }
}
