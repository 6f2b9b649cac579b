package io.dormouse.host.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dormouse.host.engine.FrameReader.BadFrame;
import io.dormouse.host.engine.FrameReader.Incoming;
import io.helidon.common.buffers.DataReader;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
  private static final int MAX = 1000;
  private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};

  private static FrameReader reader(byte[]... packets) {
    Iterator<byte[]> source = List.of(packets).iterator();
    return new FrameReader(new DataReader(() -> source.hasNext() ? source.next() : null), MAX);
  }

  /** A masked frame. */
  private static byte[] frame(int first, byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first);
    if (payload.length < 126) {
      out.write(0x80 | payload.length);
    } else {
      out.write(0x80 | 126);
      out.write(payload.length >> 8);
      out.write(payload.length);
    }
    out.writeBytes(MASK);
    for (int i = 0; i < payload.length; i++) {
      out.write(payload[i] ^ MASK[i % 4]);
    }
    return out.toByteArray();
  }

  private static byte[] text(String text) {
    return frame(0x81, text.getBytes(UTF_8));
  }

  @Test
  void readsTextOfAnyLengthUnmasked() {
    for (int length : new int[] {0, 1, 7, 8, 9, 125, 126, 999, 1000}) {
      String expected = "é".repeat(length / 2) + "x".repeat(length % 2);
      assertThat(reader(text(expected)).next())
          .isInstanceOfSatisfying(
              Incoming.Text.class,
              text -> assertThat(text.bytes()).isEqualTo(expected.getBytes(UTF_8)));
    }
  }

  @Test
  void readsAFrameThatComesByteForByte() {
    byte[][] bytes =
        Stream.of(text("hello"))
            .flatMap(
                frame ->
                    java.util.stream.IntStream.range(0, frame.length)
                        .mapToObj(i -> new byte[] {frame[i]}))
            .toArray(byte[][]::new);
    assertThat(reader(bytes).next()).isInstanceOf(Incoming.Text.class);
  }

  @Test
  void joinsFragmentsAndHandsOutControlFramesBetweenThem() {
    FrameReader reader =
        reader(
            frame(0x01, "he".getBytes(UTF_8)),
            frame(0x89, "ping".getBytes(UTF_8)),
            frame(0x00, "ll".getBytes(UTF_8)),
            frame(0x80, "o".getBytes(UTF_8)),
            frame(0x82, new byte[] {1, 2}));
    assertThat(reader.next()).isInstanceOf(Incoming.Ping.class);
    assertThat(((Incoming.Text) reader.next()).bytes()).isEqualTo("hello".getBytes(UTF_8));
    assertThat(((Incoming.Binary) reader.next()).bytes()).isEqualTo(new byte[] {1, 2});
  }

  @Test
  void checksUtf8OverTheWholeMessageNotEachFragment() {
    byte[] euro = "€".getBytes(UTF_8);
    FrameReader reader =
        reader(frame(0x01, Arrays.copyOf(euro, 1)), frame(0x80, Arrays.copyOfRange(euro, 1, 3)));
    assertThat(((Incoming.Text) reader.next()).bytes()).isEqualTo(euro);
  }

  @ParameterizedTest
  @CsvSource({
    "8100,              TRANSPORT_ERROR, a frame that is not masked",
    "c18000000000,      TRANSPORT_ERROR, reserved bit 1 without an extension",
    "a18000000000,      TRANSPORT_ERROR, reserved bit 2",
    "918000000000,      TRANSPORT_ERROR, reserved bit 3",
    "838000000000,      TRANSPORT_ERROR, an unknown data opcode",
    "8b8000000000,      TRANSPORT_ERROR, an unknown control opcode",
    "808000000000,      TRANSPORT_ERROR, a continuation of nothing",
    "098000000000,      TRANSPORT_ERROR, a fragmented ping",
    "89fe007e00000000,  TRANSPORT_ERROR, a ping of 126 bytes",
    "81ff8000000000000000,  TRANSPORT_ERROR, a length with its highest bit set",
    "81ff7fffffffffffffff00000000, TOO_LARGE, a length of 2^63-1",
    "81ff00000000ffffffff00000000, TOO_LARGE, a length of 4 GiB",
    "81fe03e900000000,  TOO_LARGE, one byte more than allowed",
    "818100000000ff,    BAD_TEXT, a byte that is not UTF-8",
    "818300000000eda080, BAD_TEXT, a surrogate",
    "88810000000000,    TRANSPORT_ERROR, a close code of one byte",
    "88820000000003ed,  TRANSPORT_ERROR, close code 1005",
    "888200000000044c,  TRANSPORT_ERROR, close code 1100",
    "88830000000003e8ff, BAD_TEXT, a close reason that is not UTF-8"
  })
  void refusesWhatTheRfcForbids(String hex, CloseReason reason, String what) {
    FrameReader reader = reader(HexFormat.of().parseHex(hex.strip()));
    assertThatThrownBy(reader::next)
        .as(what)
        .isInstanceOfSatisfying(BadFrame.class, bad -> assertThat(bad.reason()).isEqualTo(reason));
  }

  @Test
  void refusesANewMessageBetweenFragments() {
    FrameReader reader = reader(frame(0x01, new byte[] {'a'}), text("b"));
    assertThatThrownBy(reader::next).isInstanceOf(BadFrame.class);
  }

  @Test
  void limitsTheSumOfFragments() {
    FrameReader reader = reader(frame(0x02, new byte[600]), frame(0x80, new byte[600]));
    assertThatThrownBy(reader::next)
        .isInstanceOfSatisfying(
            BadFrame.class, bad -> assertThat(bad.reason()).isEqualTo(CloseReason.TOO_LARGE));
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1011, 3000, 4999})
  void handsOutTheCloseCode(int code) {
    byte[] payload = {(byte) (code >> 8), (byte) code};
    assertThat(reader(frame(0x88, payload)).next()).isEqualTo(new Incoming.Close(code));
  }

  @Test
  void aCloseFrameNeedsNoCode() {
    assertThat(reader(frame(0x88, new byte[0])).next()).isEqualTo(new Incoming.Close(0));
  }
}
