package io.dormouse.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.core.annotation.AnnotationMetadata;
import io.micronaut.core.convert.format.ReadableBytes;
import io.micronaut.core.type.Argument;
import io.micronaut.inject.annotation.MutableAnnotationMetadata;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationKeyTest {
  enum Color {
    RED,
    DARK_BLUE
  }

  static Stream<Arguments> values() {
    return Stream.of(
        row(int.class, "5000", 5000),
        row(int.class, 5000, 5000),
        row(int.class, " 7 ", 7),
        row(int.class, "-1", -1),
        row(long.class, "9000000000", 9_000_000_000L),
        row(boolean.class, "true", true),
        row(boolean.class, "False", false),
        row(boolean.class, true, true),
        row(Duration.class, "500ms", Duration.ofMillis(500)),
        row(Duration.class, "25s", Duration.ofSeconds(25)),
        row(Duration.class, "2m", Duration.ofMinutes(2)),
        row(Duration.class, "1h", Duration.ofHours(1)),
        row(Duration.class, "3d", Duration.ofDays(3)),
        row(Duration.class, "PT1M30S", Duration.ofSeconds(90)),
        row(String.class, "a b", "a b"),
        row(String.class, 12, "12"),
        row(Path.class, "/a/b", Path.of("/a/b")),
        row(Color.class, "red", Color.RED),
        row(Color.class, "Dark_Blue", Color.DARK_BLUE),
        row(List.class, "a, b,,c", List.of("a", "b", "c")),
        row(List.class, "", List.of()),
        row(List.class, List.of("a,b", 1), List.of("a,b", "1")));
  }

  @ParameterizedTest
  @MethodSource("values")
  void readsWhatAFileOrAVariableHolds(Class<?> type, Object value, Object expected)
      throws Exception {
    assertThat(key(type, AnnotationMetadata.EMPTY_METADATA).parse(value)).isEqualTo(expected);
  }

  static Stream<Arguments> misfits() {
    return Stream.of(
        row(int.class, "x", "a whole number"),
        row(int.class, "5.5", "a whole number"),
        row(int.class, 5.5, "a whole number"),
        row(int.class, "", "a whole number"),
        row(int.class, "3000000000", "at most 2147483647"),
        row(int.class, List.of(1), "one value, not a list"),
        row(boolean.class, "yes", "true or false"),
        row(boolean.class, "treu", "true or false"),
        row(Duration.class, "25", "a duration such as 500ms, 25s, 2m or 1h"),
        row(Duration.class, "25sec", "a duration such as 500ms, 25s, 2m or 1h"),
        row(Duration.class, "999999999999999999d", "a duration such as 500ms, 25s, 2m or 1h"),
        row(Color.class, "green", "one of red, dark_blue"));
  }

  @ParameterizedTest
  @MethodSource("misfits")
  void saysWhatIsAllowedWhenAValueDoesNotFit(Class<?> type, Object value, String allowed) {
    assertThatThrownBy(() -> key(type, AnnotationMetadata.EMPTY_METADATA).parse(value))
        .isInstanceOf(ConfigurationKey.Misfit.class)
        .hasMessage(allowed);
  }

  static Stream<Arguments> sizes() {
    return Stream.of(
        row(int.class, "65536", 65_536),
        row(int.class, "64KB", 65_536),
        row(int.class, "1mb", 1_048_576),
        row(long.class, "3GB", 3_221_225_472L),
        row(long.class, 10, 10L));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void readsSizes(Class<?> type, Object value, Object expected) throws Exception {
    assertThat(key(type, sized()).parse(value)).isEqualTo(expected);
  }

  @Test
  void refusesSizesThatAreNone() {
    assertThatThrownBy(() -> key(int.class, sized()).parse("1 meg"))
        .hasMessage("a size such as 65536, 64KB or 1MB");
    assertThatThrownBy(() -> key(int.class, sized()).parse("3GB")).hasMessage("at most 2147483647");
    assertThatThrownBy(() -> key(long.class, sized()).parse("99999999999GB"))
        .hasMessage("a size below 8 EB");
  }

  @Test
  void namesItsVariable() {
    ConfigurationKey key =
        new ConfigurationKey("dormouse.engine.ping-interval", Argument.of(Duration.class));
    assertThat(key.variable()).isEqualTo("DORMOUSE_ENGINE_PING_INTERVAL");
  }

  private static Arguments row(Object... columns) {
    return Arguments.of(columns);
  }

  private static ConfigurationKey key(Class<?> type, AnnotationMetadata annotations) {
    return new ConfigurationKey("dormouse.x", Argument.of(type, "x", annotations));
  }

  private static AnnotationMetadata sized() {
    MutableAnnotationMetadata annotations = new MutableAnnotationMetadata();
    annotations.addAnnotation(ReadableBytes.class.getName(), Map.of());
    return annotations;
  }
}
