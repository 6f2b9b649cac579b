package io.dormouse.host.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  private Terminal terminal(int columns) {
    PrintStream stream = new PrintStream(output, true, UTF_8);
    return new Terminal(stream, stream, columns, false, false, Clock.systemUTC());
  }

  @Test
  void cutsTheWidestOfThoseThatMayBeCut() {
    Table table = new Table(terminal(30), "ID", "A", "B").mayCut("A", "B");
    table.row("0123456789", "a".repeat(12), "b".repeat(9)).print();
    assertThat(output.toString(UTF_8))
        .isEqualTo("ID          A         B\n0123456789  aaaaa...  bbbbb...\n");
  }

  @Test
  void overflowsRatherThanCutMore() {
    new Table(terminal(10), "ID", "A").mayCut("A").row("0123456789", "a".repeat(12)).print();
    assertThat(output.toString(UTF_8)).endsWith("\n0123456789  aaaaa...\n");
  }

  @Test
  void cutsBetweenCharactersNotInsideThem() {
    new Table(terminal(8), "A").mayCut("A").row("\uD83D\uDC2D".repeat(9)).print();
    assertThat(output.toString(UTF_8)).endsWith("\n" + "\uD83D\uDC2D".repeat(5) + "...\n");
  }

  @Test
  void keepsItsWidthsFromPortionToPortion() {
    Table table = new Table(terminal(0), "A", "B").row("aaaa", "b");
    table.print();
    table.row("a", "b").print();
    assertThat(output.toString(UTF_8)).isEqualTo("A     B\naaaa  b\na     b\n");
  }

  @ParameterizedTest
  @CsvSource({
    "0,0s",
    "-5,0s",
    "119,119s",
    "120,2m",
    "7199,119m",
    "7200,2h",
    "172799,47h",
    "172800,2d"
  })
  void tellsAgesInOneWord(long seconds, String age) {
    Instant now = Instant.parse("2026-03-04T12:00:00Z");
    assertThat(Age.of(now.minusSeconds(seconds), Clock.fixed(now, ZoneOffset.UTC))).isEqualTo(age);
    assertThat(Age.of(null, Clock.systemUTC())).isEmpty();
  }
}
