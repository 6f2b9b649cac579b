package io.dormouse.host.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameTest {
  @ParameterizedTest
  @CsvSource({
    "0,      8101",
    "124,    817d",
    "125,    817e007e",
    "65534,  817effff",
    "65535,  817f0000000000010000",
    "100000, 817f00000000000186a1"
  })
  void hasTheShortestHeaderForItsLength(int length, String header) {
    byte[] bytes = Frame.text(new byte[length]).bytes();
    assertThat(HexFormat.of().formatHex(bytes)).startsWith(header.strip());
    assertThat(bytes).hasSize(header.strip().length() / 2 + 1 + length);
  }

  @Test
  void textAndBinaryTravelInAPollingPayloadToo() {
    assertThat(polling(Frame.text("2[\"é\"]".getBytes(UTF_8)))).isEqualTo("42[\"é\"]");
    assertThat(polling(Frame.binary(new byte[] {1, 2, 3, 4}))).isEqualTo("bAQIDBA==");
    assertThat(polling(Frame.binary(new byte[0]))).isEqualTo("b");
    assertThat(polling(Frame.NOOP)).isEqualTo("6");
  }

  private static String polling(Frame frame) {
    byte[] payload = new byte[frame.pollingSize()];
    assertThat(frame.writePolling(payload, 0)).isEqualTo(payload.length);
    return new String(payload, UTF_8);
  }

  @Test
  void aCloseFrameCarriesItsCode() {
    assertThat(Frame.close(1009).bytes()).isEqualTo(HexFormat.of().parseHex("880203f1"));
    assertThat(Frame.close(0).bytes()).isEqualTo(HexFormat.of().parseHex("8800"));
  }
}
