package io.dormouse.host.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.api.Arguments;
import io.dormouse.api.Payload;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PayloadTest {
  private final ValueCodec codec = ValueCodec.of(getClass().getClassLoader());

  @Test
  void findsFields() {
    Payload payload =
        payload(
            "{\"a\" : \"x\\ny\" , \"b\":[1, \"}\"],\"c\":{\"d\":-1.5e3}, \"e\":null,\"é\":true}");
    assertThat(payload.text("a")).isEqualTo("x\ny");
    assertThat(payload.get("a").json()).isEqualTo("\"x\\ny\"");
    assertThat(payload.get("b").json()).isEqualTo("[1, \"}\"]");
    assertThat(payload.get("c").get("d").json()).isEqualTo("-1.5e3");
    assertThat(payload.get("c").get("d").as(double.class)).isEqualTo(-1500);
    assertThat(payload.get("e").isNull()).isTrue();
    assertThat(payload.get("é").json()).isEqualTo("true");
  }

  @Test
  void hasNullPayloadsForWhatIsNotThere() {
    for (String json : new String[] {"{\"a\":1}", "[1]", "\"x\"", "5", "null", "true"}) {
      Payload missing = payload(json).get("missing");
      assertThat(missing.isNull()).isTrue();
      assertThat(missing.json()).isEqualTo("null");
      assertThat(missing.get("deeper").isNull()).isTrue();
      assertThat(payload(json).text("missing")).isNull();
    }
  }

  @Test
  void givesTextOnlyForText() {
    Payload payload = payload("{\"n\":1,\"o\":{},\"z\":null,\"t\":\"\"}");
    assertThat(payload.text("n")).isNull();
    assertThat(payload.text("o")).isNull();
    assertThat(payload.text("z")).isNull();
    assertThat(payload.text("t")).isEmpty();
  }

  @Test
  void takesTheLastOfTwoEqualKeys() {
    Payload payload = payload("{\"a\":1,\"a\":2}");
    assertThat(payload.get("a").json()).isEqualTo("2");
    assertThat(payload.as(Object.class)).isEqualTo(Map.of("a", 2));
  }

  @Test
  void tellsNothingOfItselfToLogs() {
    assertThat(payload("\"secret\"").toString()).isEqualTo("Payload of 8 bytes");
    assertThat(arguments("2[\"m\",\"secret\",2]").toString()).isEqualTo("2 arguments");
  }

  @Test
  void isItselfAsAPayload() {
    Payload payload = payload("null");
    assertThat(payload.as(Payload.class)).isSameAs(payload);
  }

  @Test
  void argumentsEnd() {
    Arguments arguments = arguments("2[\"m\",1]");
    assertThat(arguments.size()).isEqualTo(1);
    assertThat(arguments.get(0).json()).isEqualTo("1");
    assertThat(arguments.get(1).isNull()).isTrue();
    assertThat(arguments("2[\"m\"]").get(0).isNull()).isTrue();
  }

  private Payload payload(String json) {
    return arguments("2[\"m\"," + json + "]").get(0);
  }

  private Arguments arguments(String wire) {
    byte[] bytes = wire.getBytes(UTF_8);
    Packet.Event event =
        (Packet.Event) new Decoder(DecoderLimits.defaults()).text(bytes, 0, bytes.length);
    return codec.arguments(event.arguments());
  }
}
