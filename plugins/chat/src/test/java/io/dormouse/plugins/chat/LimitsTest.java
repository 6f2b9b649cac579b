package io.dormouse.plugins.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dormouse.api.EventError;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
  @ParameterizedTest
  @CsvSource({
    "Ada, Ada",
    "'  Ada   King ', Ada King",
    "O'Brien-Smith, O'Brien-Smith",
    "Zoë, Zoë",
    "李, 李",
    "नमिता, नमिता",
    "7of9, 7of9",
  })
  void takesNamesOfPeople(String sent, String taken) {
    assertThat(Limits.name(sent)).isEqualTo(taken);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "<b>",
        "-ada",
        "a\u202eb",
        "a\u0000b",
        "a@b",
        "abcdefghijklmnopqrstuvwxy"
      })
  void refusesOtherNames(String sent) {
    refused("bad_name", () -> Limits.name(sent));
  }

  @ParameterizedTest
  @CsvSource({"Garden, garden", "' tea-time ', tea-time", "über_uns, über_uns", "2025, 2025"})
  void takesRoomNamesInLowerCase(String sent, String taken) {
    assertThat(Limits.room(sent)).isEqualTo(taken);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a b", "#a", "a/b", "a:b", "-a", "abcdefghijklmnopqrstuvwxyz-1234567"})
  void refusesOtherRoomNames(String sent) {
    refused("bad_room", () -> Limits.room(sent));
  }

  @Test
  void takesTextUpToTheLimit() {
    String longest = "x".repeat(Limits.TEXT);
    assertThat(Limits.text("\n " + longest + " \n")).isEqualTo(longest);
    refused("too_long", () -> Limits.text(longest + "x"));
    refused("empty_text", () -> Limits.text(" \n\t "));
  }

  @Test
  void takesIdsAndKeysOfTheirSize() {
    assertThat(Limits.lineId("a-B_9")).isEqualTo("a-B_9");
    refused("bad_id", () -> Limits.lineId(""));
    refused("bad_id", () -> Limits.lineId("a b"));
    refused("bad_id", () -> Limits.lineId("x".repeat(41)));
    assertThat(Limits.key("0123456789abcdef")).isEqualTo("0123456789abcdef");
    refused("bad_key", () -> Limits.key("0123456789abcde"));
    refused("bad_key", () -> Limits.key("x".repeat(65)));
  }

  @Test
  void zeroSettingsAreTheDefaults() {
    assertThat(new ChatSettings(0, 0, 0)).isEqualTo(new ChatSettings(100, 100, 200));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ChatSettings(-1, 0, 0))
        .withMessage("history must be 1 to 1,000, was -1");
  }

  private static void refused(String code, ThrowingCallable check) {
    assertThatThrownBy(check)
        .isInstanceOfSatisfying(
            EventError.class, error -> assertThat(error.code()).isEqualTo(code));
  }
}
