package io.dormouse.host.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetTest {
  @Test
  void isReadAsItWasWritten() {
    Map<String, Long> numbers = new TreeMap<>(Map.of("k3v9ab2x", 48L, "m81z33ra", 9L));
    assertThat(Offset.text(numbers)).isEqualTo("k3v9ab2x:1c.m81z33ra:9");
    assertThat(Offset.parse("k3v9ab2x:1c.m81z33ra:9")).isEqualTo(new Offset(numbers));
    assertThat(Offset.parse("")).isEqualTo(Offset.START);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        ":1",
        "a:",
        "a:-1",
        "a:ä",
        "a:1.",
        "a:1..b:2",
        "a:1.a:2",
        "a:zzzzzzzzzzzzzzzz"
      })
  void anythingElseIsNone(String text) {
    assertThat(Offset.parse(text)).isNull();
  }

  @Test
  void ofTooManyHostsIsNone() {
    StringBuilder many = new StringBuilder("h:1");
    for (int i = 0; i < 2_000; i++) {
      many.append(".h").append(i).append(":1");
    }
    assertThat(Offset.parse(many.toString())).isNull();
  }
}
