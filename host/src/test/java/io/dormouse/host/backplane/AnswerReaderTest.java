package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dormouse.host.backplane.AnswerReader.Head;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Empty:\r\nX-Colon: a:b\r\n\r\n";

  /** Bytes that come in parts. */
  private static AnswerReader reader(String text, int most) {
    InputStream in =
        new ByteArrayInputStream(text.getBytes(ISO_8859_1)) {
          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            return super.read(bytes, offset, Math.min(length, most));
          }
        };
    return new AnswerReader(in);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 10_000})
  void readsAHeadHoweverItComesAndLeavesWhatFollows(int most) throws IOException {
    AnswerReader reader = reader(ANSWER + "hello" + ANSWER, most);
    Head expected = new Head(200, Map.of("content-length", "5", "x-empty", "", "x-colon", "a:b"));
    assertThat(reader.head()).isEqualTo(expected);
    assertThat(reader.read()).isEqualTo('h');
    assertThat(new String(reader.readNBytes(4), ISO_8859_1)).isEqualTo("ello");
    assertThat(reader.head()).isEqualTo(expected);
    assertThat(reader.isEmpty()).isTrue();
    assertThat(reader.read()).isEqualTo(-1);
  }

  @Test
  void tellsWhatWasSaidWithoutBeingAsked() throws IOException {
    AnswerReader reader = reader(ANSWER + "more", 10_000);
    reader.head();
    assertThat(reader.isEmpty()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
        "HTTP/1.0 200 OK\r\n\r\n",
        "HTTP/1.1 2000\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: no name\r\n\r\n"
      })
  void whatIsNoAnswerIsRefused(String text) {
    assertThatThrownBy(() -> reader(text, 10_000).head()).isInstanceOf(IOException.class);
  }

  @Test
  void aHeadHasALimit() throws IOException {
    String line = "X: " + "x".repeat(997) + "\r\n";
    String start = "HTTP/1.1 200 OK\r\n";
    assertThat(reader(start + line.repeat(8) + "\r\n", 10_000).head().status()).isEqualTo(200);
    assertThatThrownBy(() -> reader(start + line.repeat(9) + "\r\n", 10_000).head())
        .hasMessageContaining("too long");
    assertThatThrownBy(() -> reader(start + "x".repeat(9000), 10_000).head())
        .hasMessageContaining("too long");
  }
}
