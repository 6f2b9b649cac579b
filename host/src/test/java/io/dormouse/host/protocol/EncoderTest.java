package io.dormouse.host.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dormouse.api.Arguments;
import io.dormouse.api.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncoderTest {
  record Line(String from, String text) {}

  @SuppressWarnings("ArrayRecordComponent")
  record File(String name, byte[] content) {}

  private final ValueCodec codec = ValueCodec.of(getClass().getClassLoader());

  @Test
  void answersConnect() {
    assertThat(text(Encoder.connect("/", "wZX3"))).isEqualTo("0{\"sid\":\"wZX3\"}");
    assertThat(text(Encoder.connect("/admin", "oSO0"))).isEqualTo("0/admin,{\"sid\":\"oSO0\"}");
  }

  @Test
  void refusesConnect() {
    assertThat(text(Encoder.connectError("/random", "Invalid namespace")))
        .isEqualTo("4/random,{\"message\":\"Invalid namespace\"}");
    assertThat(text(Encoder.connectError("/", "Not authorized", null, codec)))
        .isEqualTo("4{\"message\":\"Not authorized\"}");
    assertThat(text(Encoder.connectError("/", "no", Map.of("code", 401), codec)))
        .isEqualTo("4{\"message\":\"no\",\"data\":{\"code\":401}}");
  }

  @Test
  void refusesConnectWithoutBinary() {
    assertThatThrownBy(() -> Encoder.connectError("/", "no", new byte[1], codec))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("binary");
  }

  @Test
  void disconnects() {
    assertThat(text(Encoder.disconnect("/"))).isEqualTo("1");
    assertThat(text(Encoder.disconnect("/admin"))).isEqualTo("1/admin,");
  }

  @Test
  void writesEvents() {
    assertThat(event("/", -1, "foo")).isEqualTo("2[\"foo\"]");
    assertThat(event("/admin", -1, "bar")).isEqualTo("2/admin,[\"bar\"]");
    assertThat(event("/", 12, "foo")).isEqualTo("212[\"foo\"]");
    assertThat(event("/", 0, "foo")).isEqualTo("20[\"foo\"]");
    assertThat(event("/täglich", Long.MAX_VALUE, "say \"x\"\n", 1, true, null, "日本🐭"))
        .isEqualTo("2/täglich,9223372036854775807[\"say \\\"x\\\"\\n\",1,true,null,\"日本🐭\"]");
    assertThat(event("/", -1, "line", new Line("ada", "hi"), List.of(1.5, "x")))
        .isEqualTo("2[\"line\",{\"from\":\"ada\",\"text\":\"hi\"},[1.5,\"x\"]]");
  }

  @Test
  void writesLongNamespaces() {
    String namespace = "/" + "日".repeat(200);
    assertThat(event(namespace, Long.MAX_VALUE, "a"))
        .isEqualTo("2" + namespace + ",9223372036854775807[\"a\"]");
  }

  @Test
  void writesAcks() {
    assertThat(text(Encoder.ack("/", 12, codec))).isEqualTo("312[]");
    assertThat(text(Encoder.ack("/admin", 13, codec, "bar"))).isEqualTo("3/admin,13[\"bar\"]");
    assertThat(text(Encoder.ack("/", 0, codec, new Object[] {null}))).isEqualTo("30[null]");
  }

  @Test
  void writesBinaryAsAttachmentsInOrder() {
    EncodedPacket packet =
        Encoder.event("/", -1, "baz", codec, new byte[] {1, 2}, ByteBuffer.wrap(new byte[] {3}));
    assertThat(text(packet))
        .isEqualTo(
            "52-[\"baz\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]");
    assertThat(packet.attachments()).containsExactly(new byte[] {1, 2}, new byte[] {3});
  }

  @Test
  void writesBinaryAnywhere() {
    Map<String, Object> nested = new LinkedHashMap<>();
    nested.put("list", List.of(new byte[] {1}, "x"));
    nested.put("file", new File("a", new byte[] {2}));
    nested.put("array", new byte[][] {{3}});
    EncodedPacket packet = Encoder.ack("/admin", 15, codec, nested);
    assertThat(text(packet))
        .isEqualTo(
            "63-/admin,15[{\"list\":[{\"_placeholder\":true,\"num\":0},\"x\"],"
                + "\"file\":{\"name\":\"a\",\"content\":{\"_placeholder\":true,\"num\":1}},"
                + "\"array\":[{\"_placeholder\":true,\"num\":2}]}]");
    assertThat(packet.attachments())
        .containsExactly(new byte[] {1}, new byte[] {2}, new byte[] {3});
  }

  @Test
  void copiesBinarySinceItsArrayMayBeUsedAgain() {
    byte[] reused = {1, 2, 3, 4};
    ByteBuffer buffer = ByteBuffer.wrap(reused, 1, 2);
    EncodedPacket packet = Encoder.event("/", -1, "a", codec, reused, buffer);
    Arrays.fill(reused, (byte) 9);
    assertThat(packet.attachments()).containsExactly(new byte[] {1, 2, 3, 4}, new byte[] {2, 3});
    assertThat(buffer.remaining()).isEqualTo(2);
  }

  @Test
  void copiesPayloadsAsTheyCame() {
    String json = "{\"z\" : 1.50, \"a\":\"\\u00e9\\ud83d\", \"n\":12345678901234567890}";
    Payload payload = arguments("2[\"m\", " + json + " , 2]").get(0);
    assertThat(event("/", -1, "response", Map.of("echo", payload)))
        .isEqualTo("2[\"response\",{\"echo\":" + json + "}]");
    assertThat(event("/", -1, "r", payload, List.of(payload), 1, payload))
        .isEqualTo("2[\"r\"," + json + ",[" + json + "],1," + json + "]");
  }

  @Test
  void copiesPartsOfPayloadsAndAbsentOnes() {
    Payload payload = arguments("2[\"m\",{\"a\":{\"b\":[1, 2]}}]").get(0);
    assertThat(event("/", -1, "r", payload.get("a").get("b"), payload.get("x")))
        .isEqualTo("2[\"r\",[1, 2],null]");
  }

  @Test
  void copiesArguments() {
    Arguments arguments = arguments("2[\"m\",1,{\"a\":2},[]]");
    assertThat(event("/", -1, "r", arguments)).isEqualTo("2[\"r\",[1,{\"a\":2},[]]]");
    assertThat(event("/", -1, "r", arguments("2[\"m\"]"))).isEqualTo("2[\"r\",[]]");
  }

  @Test
  void numbersAttachmentsOfPayloadsAnew() {
    Decoder decoder = new Decoder(DecoderLimits.defaults());
    byte[] wire =
        ("53-[\"m\",{\"_placeholder\":true,\"num\":2},"
                + "{\"x\":[{\"num\":0,\"_placeholder\":true},5],\"y\":{\"_placeholder\":true,\"num\":1}}]")
            .getBytes(UTF_8);
    decoder.text(wire, 0, wire.length);
    decoder.binary(new byte[] {0});
    decoder.binary(new byte[] {1});
    Packet.Event event = (Packet.Event) decoder.binary(new byte[] {2});
    Arguments arguments = codec.arguments(event.arguments());

    EncodedPacket packet =
        Encoder.event(
            "/",
            -1,
            "r",
            codec,
            new byte[] {7},
            arguments.get(1),
            arguments.get(1).get("y"),
            arguments);

    String hole = "{\"_placeholder\":true,\"num\":%d}";
    assertThat(text(packet))
        .isEqualTo(
            String.format(
                "57-[\"r\",%s,{\"x\":[%s,5],\"y\":%s},%s,[%s,{\"x\":[%s,5],\"y\":%s}]]"
                    .replace("%s", hole),
                0,
                1,
                2,
                3,
                4,
                5,
                6));
    assertThat(packet.attachments())
        .containsExactly(
            new byte[] {7},
            new byte[] {0},
            new byte[] {1},
            new byte[] {1},
            new byte[] {2},
            new byte[] {0},
            new byte[] {1});
  }

  @Test
  void writesLargeValues() {
    String large = "x".repeat(100_000);
    assertThat(event("/", -1, "a", large, List.of(large)))
        .isEqualTo("2[\"a\",\"" + large + "\",[\"" + large + "\"]]");
    Payload payload = arguments("2[\"m\",\"" + large + "\"]").get(0);
    assertThat(event("/", -1, "a", payload, payload))
        .isEqualTo("2[\"a\",\"" + large + "\",\"" + large + "\"]");
  }

  @Test
  void writesLoneSurrogatesAsEscapes() {
    assertThat(event("/", -1, "a", "\ud83d", "x\udc2dy", "\udc2d\ud83d"))
        .isEqualToIgnoringCase("2[\"a\",\"\\ud83d\",\"x\\udc2dy\",\"\\udc2d\\ud83d\"]");
    assertThat(event("/", -1, "\ud83d")).isEqualToIgnoringCase("2[\"\\ud83d\"]");
    assertThat(event("/", -1, "a", Map.of("\ud83d", 1)))
        .isEqualToIgnoringCase("2[\"a\",{\"\\ud83d\":1}]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connect",
        "connect_error",
        "disconnect",
        "disconnecting",
        "newListener",
        "removeListener"
      })
  void refusesReservedEvents(String name) {
    assertThatThrownBy(() -> event("/", -1, name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "The event '"
                + name
                + "' cannot be emitted, since Socket.IO keeps that name for itself.");
  }

  @Test
  void whatItWritesTheDecoderReads() {
    List<Object> values = new ArrayList<>(List.of(1, "x", Map.of("a", List.of(true, 2.5))));
    values.add(null);
    for (Object value : values) {
      byte[] wire = Encoder.event("/chat", 3, "e", codec, value, "end").text();
      Packet.Event event =
          (Packet.Event) new Decoder(DecoderLimits.defaults()).text(wire, 0, wire.length);
      assertThat(event.namespace()).isEqualTo("/chat");
      assertThat(event.id()).isEqualTo(3);
      assertThat(codec.read(codec.arguments(event.arguments()), 0, Object.class)).isEqualTo(value);
      assertThat(codec.read(codec.arguments(event.arguments()), 1, Object.class)).isEqualTo("end");
    }
  }

  private String event(String namespace, long id, String name, Object... arguments) {
    EncodedPacket packet = Encoder.event(namespace, id, name, codec, arguments);
    assertThat(packet.attachments()).isEmpty();
    return text(packet);
  }

  private Arguments arguments(String wire) {
    byte[] bytes = wire.getBytes(UTF_8);
    Packet.Event event =
        (Packet.Event) new Decoder(DecoderLimits.defaults()).text(bytes, 0, bytes.length);
    return codec.arguments(event.arguments());
  }

  private static String text(EncodedPacket packet) {
    return new String(packet.text(), UTF_8);
  }
}
