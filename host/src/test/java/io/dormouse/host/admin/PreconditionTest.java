package io.dormouse.host.admin;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.http.HeaderNames;
import io.helidon.http.WritableHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreconditionTest {
  private static void check(@Nullable String digest, String... ifMatch) {
    WritableHeaders<?> headers = WritableHeaders.create();
    if (ifMatch.length > 0) {
      headers.set(HeaderNames.IF_MATCH, ifMatch);
    }
    Precondition.of(headers).check("chat", digest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"abc\"",
        "*",
        "\"x\", \"abc\"",
        "\"abc\",\"x\"",
        "W/\"abc\", \"abc\"",
        " \"abc\" "
      })
  void isMetByTheDigest(String ifMatch) {
    assertThatCode(() -> check("abc", ifMatch)).doesNotThrowAnyException();
  }

  @Test
  void isMetWhenNothingIsDemanded() {
    assertThatCode(() -> check("abc")).doesNotThrowAnyException();
    assertThatCode(() -> check(null)).doesNotThrowAnyException();
    assertThatCode(() -> check("abc", "\"x\"", "\"abc\"")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"abd\"", "W/\"abc\"", "\"*\"", "\"ABC\"", "\"\""})
  void isNotMetByAnother(String ifMatch) {
    assertThatThrownBy(() -> check("abc", ifMatch))
        .hasMessage(
            "Plugin 'chat' has the ETag \"abc\" now, which If-Match does not name; look at it again");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"abc\"", "*"})
  void isNotMetByAPluginThatThereIsNot(String ifMatch) {
    assertThatThrownBy(() -> check(null, ifMatch))
        .hasMessage("Plugin 'chat' has no JAR, so no If-Match can be met");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"abc", "\"abc", "\"abc\" \"x\"", "\"abc\", *", "w/\"abc\"", "", "\"abc\"; x"})
  void refusesWhatIsNoTag(String ifMatch) {
    assertThatThrownBy(() -> check("abc", ifMatch))
        .hasMessage(
            "If-Match must be the ETag that the plugin was shown with, in its quotes, or *");
  }
}
