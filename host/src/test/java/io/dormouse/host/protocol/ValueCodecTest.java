package io.dormouse.host.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dormouse.api.Arguments;
import io.dormouse.api.EventError;
import io.dormouse.api.Payload;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueCodecTest {
  record Line(String from, String text) {}

  record Counted(int count, long large, double ratio, boolean flag, Integer boxed) {}

  record Room(String name, List<Line> lines, Map<String, Line> byKey) {}

  @SuppressWarnings("ArrayRecordComponent")
  record Upload(String name, byte[] content, ByteBuffer more, Object anything) {}

  record Envelope(String kind, Payload body) {}

  record Times(Instant at, Duration length, LocalDate day) {}

  record Getters(String name) {
    public boolean isLong() {
      return name.length() > 10;
    }

    public String getUpper() {
      return name.toUpperCase(java.util.Locale.ROOT);
    }
  }

  record Empty() {}

  record Named(boolean isLong, String getName, int get) {}

  record Throwing(String name) {
    @Override
    public String name() {
      throw new IllegalStateException("broken");
    }
  }

  record Checked(int value) {
    Checked {
      if (value > 100) {
        throw new EventError("too_large", "At most 100.");
      }
      if (value < 0) {
        throw new IllegalArgumentException("negative: " + value);
      }
    }
  }

  enum Colour {
    RED,
    GREEN
  }

  static class Bean {
    public String secret = "x";

    public String getName() {
      return "bean";
    }
  }

  private final ValueCodec codec = ValueCodec.of(getClass().getClassLoader());

  @Test
  void readsRecords() {
    assertThat(argument("{\"from\":\"ada\",\"text\":\"hi\"}", Line.class))
        .isEqualTo(new Line("ada", "hi"));
    assertThat(argument("{\"text\":\"hi\",\"unknown\":{\"a\":[1]},\"from\":null}", Line.class))
        .isEqualTo(new Line(null, "hi"));
    assertThat(
            argument(
                "{\"name\":\"r\",\"lines\":[{\"from\":\"a\",\"text\":\"b\"}],\"byKey\":{\"k\":{\"text\":\"c\"}}}",
                Room.class))
        .isEqualTo(new Room("r", List.of(new Line("a", "b")), Map.of("k", new Line(null, "c"))));
  }

  @Test
  void givesMissingComponentsNullOrZero() {
    assertThat(argument("{}", Counted.class)).isEqualTo(new Counted(0, 0, 0, false, null));
    assertThat(argument("{\"boxed\":null}", Counted.class))
        .isEqualTo(new Counted(0, 0, 0, false, null));
  }

  @Test
  void readsWhateverItIs() {
    assertThat(argument("\"x\"", Object.class)).isEqualTo("x");
    assertThat(argument("1", Object.class)).isEqualTo(1);
    assertThat(argument("12345678901", Object.class)).isEqualTo(12345678901L);
    assertThat(argument("1.5", Object.class)).isEqualTo(1.5);
    assertThat(argument("[1,{\"a\":null}]", Object.class))
        .isEqualTo(Arrays.asList(1, java.util.Collections.singletonMap("a", null)));
    assertThat(argument("{\"b\":1,\"a\":2}", Map.class).toString()).isEqualTo("{b=1, a=2}");
    assertThat(argument("true", boolean.class)).isTrue();
    assertThat(argument("7", int.class)).isEqualTo(7);
    assertThat(argument("7", double.class)).isEqualTo(7.0);
    assertThat(argument("[\"a\",\"b\"]", String[].class)).containsExactly("a", "b");
    assertThat(argument("\"RED\"", Colour.class)).isEqualTo(Colour.RED);
    assertThat(argument("123456789012345678901234567890", BigInteger.class))
        .isEqualTo("123456789012345678901234567890");
  }

  @Test
  void readsTypesOfParameters() throws NoSuchMethodException {
    Type lines =
        getClass().getDeclaredMethod("parameter", List.class).getGenericParameterTypes()[0];
    Arguments arguments = arguments("[{\"from\":\"a\",\"text\":\"b\"}]");
    assertThat(codec.read(arguments, 0, lines)).isEqualTo(List.of(new Line("a", "b")));
    assertThat(codec.read(arguments.get(0), lines)).isEqualTo(List.of(new Line("a", "b")));
    assertThat(codec.read(arguments, 1, lines)).isNull();
    assertThat(codec.read(arguments("null"), 0, lines)).isNull();
    assertThat(((Payload) codec.read(arguments, 1, Payload.class)).isNull()).isTrue();
    assertThatThrownBy(() -> codec.read(arguments("null"), 0, int.class))
        .hasMessage("Argument 1 does not fit.");
    assertThatThrownBy(() -> codec.read(arguments, 1, boolean.class))
        .hasMessage("Argument 2 does not fit.");
  }

  void parameter(List<Line> lines) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          1                        | text    | Argument 1 does not fit.
          true                     | text    | Argument 1 does not fit.
          {}                       | text    | Argument 1 does not fit.
          null                     | text    | Argument 1 does not fit.
          "1"                      | int     | Argument 1 does not fit.
          1.5                      | int     | Argument 1 does not fit.
          99999999999              | int     | Argument 1 does not fit.
          null                     | int     | Argument 1 does not fit.
          []                       | int     | Argument 1 does not fit.
          1                        | boolean | Argument 1 does not fit.
          "true"                   | boolean | Argument 1 does not fit.
          "BLUE"                   | colour  | Argument 1 does not fit.
          0                        | colour  | Argument 1 does not fit.
          "x"                      | binary  | Argument 1 does not fit.
          "AAAA"                   | binary  | Argument 1 does not fit.
          [1,null]                 | ints    | Argument 1 does not fit at '[1]'.
          ["a",1]                  | texts   | Argument 1 does not fit at '[1]'.
          [1,2]                    | binary  | Argument 1 does not fit.
          1                        | line    | Argument 1 does not fit.
          ""                       | line    | Argument 1 does not fit.
          []                       | line    | Argument 1 does not fit.
          {"from":1}               | line    | Argument 1 does not fit at 'from'.
          {"count":null}           | counted | Argument 1 does not fit at 'count'.
          {"count":"secret"}       | counted | Argument 1 does not fit at 'count'.
          {"lines":[{},{"text":5}]} | room   | Argument 1 does not fit at 'lines[1].text'.
          {"lines":{}}             | room    | Argument 1 does not fit at 'lines'.
          {"byKey":{"secret":{"text":[]}}} | room | Argument 1 does not fit at 'byKey[].text'.
          {"value":-1}             | checked | Argument 1 does not fit.
          {"at":"secret"}          | times   | Argument 1 does not fit at 'at'.
          {"at":5}                 | times   | Argument 1 does not fit at 'at'.
          "secret"                 | instant | Argument 1 does not fit.
          {}                       | bean    | Argument 1 does not fit.
          """)
  void refusesWhatDoesNotFit(String json, String type, String message) {
    Class<?> read =
        switch (type) {
          case "text" -> String.class;
          case "int" -> int.class;
          case "boolean" -> boolean.class;
          case "colour" -> Colour.class;
          case "binary" -> byte[].class;
          case "ints" -> int[].class;
          case "texts" -> String[].class;
          case "line" -> Line.class;
          case "counted" -> Counted.class;
          case "room" -> Room.class;
          case "checked" -> Checked.class;
          case "instant" -> Instant.class;
          case "times" -> Times.class;
          default -> Bean.class;
        };
    EventError error = catchThrowableOfType(EventError.class, () -> arguments(json).get(0, read));
    assertThat(error).isNotNull();
    assertThat(error.code()).isEqualTo("bad_payload");
    assertThat(error.getMessage()).isEqualTo(message);
  }

  @Test
  void namesTheArgumentAndTheField() {
    assertThatThrownBy(() -> arguments("1,2").get(2, String.class))
        .hasMessage("Argument 3 does not fit.");
    Payload payload = arguments("1,{\"a\":{\"b\":{\"from\":1}}}").get(1).get("a").get("b");
    assertThatThrownBy(() -> payload.as(Line.class))
        .hasMessage("Argument 2 does not fit at 'a.b.from'.");
    assertThatThrownBy(() -> payload.as(String.class))
        .hasMessage("Argument 2 does not fit at 'a.b'.");
    assertThatThrownBy(() -> payload.get("c").as(String.class))
        .hasMessage("Argument 2 does not fit at 'a.b.c'.");
  }

  @Test
  void letsARecordsConstructorNameTheError() {
    assertThatThrownBy(() -> argument("{\"value\":101}", Checked.class))
        .isInstanceOfSatisfying(
            EventError.class, error -> assertThat(error.code()).isEqualTo("too_large"));
  }

  @Test
  void readsBinaryAnywhere() {
    String hole = "{\"_placeholder\":true,\"num\":%d}";
    String json =
        String.format(
            "{\"name\":\"x\",\"content\":%1$s,\"more\":%2$s,\"anything\":[{\"deep\":%3$s}]},%4$s,%5$s",
            String.format(hole, 3),
            String.format(hole, 1),
            String.format(hole, 0),
            String.format(hole, 2),
            String.format(hole, 4));
    Arguments arguments = binary(json, 5);

    Upload upload = arguments.get(0, Upload.class);
    assertThat(upload.name()).isEqualTo("x");
    assertThat(upload.content()).containsExactly(3);
    assertThat(upload.more()).isEqualTo(ByteBuffer.wrap(new byte[] {1}));
    assertThat((byte[]) ((Map<?, ?>) ((List<?>) upload.anything()).get(0)).get("deep"))
        .containsExactly(0);
    assertThat(arguments.get(1, byte[].class)).containsExactly(2);
    assertThat((byte[]) arguments.get(1, Object.class)).containsExactly(2);
    assertThat(arguments.get(2, ByteBuffer.class)).isEqualTo(ByteBuffer.wrap(new byte[] {4}));
    assertThat(arguments.get(0).get("content").as(byte[].class)).containsExactly(3);
    assertThat(arguments.get(0).get("name").as(String.class)).isEqualTo("x");
    assertThatThrownBy(() -> arguments.get(1, String.class)).isInstanceOf(EventError.class);
    assertThatThrownBy(() -> arguments.get(1, Line.class)).isInstanceOf(EventError.class);
    assertThat(arguments.get(1).get("num").isNull()).isTrue();
  }

  @Test
  void readsPayloadsInsideRecords() {
    Envelope plain = argument("{\"kind\":\"a\",\"body\":{\"x\" : 1.50}}", Envelope.class);
    assertThat(plain.body().json()).isEqualTo("{\"x\":1.50}");
    assertThat(argument("{}", Envelope.class).body().isNull()).isTrue();
    assertThat(argument("{\"body\":null}", Envelope.class).body().isNull()).isTrue();

    Envelope binary =
        binary(
                "{\"body\":[{\"_placeholder\":true,\"num\":1}]},{\"_placeholder\":true,\"num\":0}",
                2)
            .get(0, Envelope.class);
    EncodedPacket packet = Encoder.event("/", -1, "e", codec, binary);
    assertThat(new String(packet.text(), UTF_8))
        .isEqualTo("51-[\"e\",{\"kind\":null,\"body\":[{\"_placeholder\":true,\"num\":0}]}]");
    assertThat(packet.attachments()).containsExactly(new byte[] {1});
  }

  @Test
  @SuppressWarnings("JavaUtilDate")
  void writesWhatCanBeEmitted() {
    assertThat(written(null)).isEqualTo("null");
    assertThat(written(new Line("a", null))).isEqualTo("{\"from\":\"a\",\"text\":null}");
    assertThat(written(Colour.GREEN)).isEqualTo("\"GREEN\"");
    assertThat(written(new int[] {1, 2})).isEqualTo("[1,2]");
    assertThat(written(new Object[] {1, "a", null})).isEqualTo("[1,\"a\",null]");
    assertThat(written('c')).isEqualTo("\"c\"");
    assertThat(written(Set.of(1))).isEqualTo("[1]");
    Map<Object, Object> map = new LinkedHashMap<>();
    map.put("z", 1);
    map.put(2, "b");
    map.put(Colour.RED, null);
    assertThat(written(map)).isEqualTo("{\"z\":1,\"2\":\"b\",\"RED\":null}");
    assertThat(written(new Getters("x"))).isEqualTo("{\"name\":\"x\"}");
    assertThat(written(new Empty())).isEqualTo("{}");
    assertThat(argument("{\"x\":1}", Empty.class)).isEqualTo(new Empty());
    Named named = new Named(true, "a", 1);
    assertThat(written(named)).isEqualTo("{\"isLong\":true,\"getName\":\"a\",\"get\":1}");
    assertThat(argument(written(named), Named.class)).isEqualTo(named);
    assertThat(written(new java.util.Date(0))).isEqualTo("\"1970-01-01T00:00:00.000+00:00\"");
    UUID id = new UUID(1, 2);
    assertThat(written(id)).isEqualTo("\"" + id + "\"");
    assertThat(written("🐭é\u0000")).isEqualToIgnoringCase("\"🐭é\\u0000\"");
  }

  @Test
  void writesTimesAsTextAndReadsThem() {
    Times times =
        new Times(Instant.parse("2026-01-02T03:04:05Z"), Duration.ofSeconds(90), LocalDate.EPOCH);
    String json = "{\"at\":\"2026-01-02T03:04:05Z\",\"length\":\"PT1M30S\",\"day\":\"1970-01-01\"}";
    assertThat(written(times)).isEqualTo(json);
    assertThat(argument(json, Times.class)).isEqualTo(times);
  }

  @Test
  void namesTheClassThatCannotBeWritten() {
    for (Object value : List.of(new Bean(), List.of(new Bean()), Map.of("a", new Bean()))) {
      assertThatThrownBy(() -> codec.write(value))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              "A " + Bean.class.getName() + " cannot be written; what can be emitted is")
          .hasMessageContaining("records");
    }
    assertThatThrownBy(() -> codec.write(new Thread()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Thread");
    assertThatThrownBy(() -> codec.write(new Object()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Object");
  }

  @Test
  void refusesWhatContainsItself() {
    List<Object> list = new ArrayList<>();
    list.add(list);
    Map<String, Object> map = new HashMap<>();
    map.put("self", List.of(map));
    for (Object value : List.of(list, map)) {
      assertThatThrownBy(() -> codec.write(value))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("contains itself");
    }
  }

  @Test
  void limitsHowDeepAValueIsNested() {
    Object fits = 1;
    for (int i = 0; i < 200; i++) {
      fits = List.of(fits);
    }
    Object passes = List.of(fits);
    assertThat(codec.read(codec.write(fits), Object.class)).isEqualTo(fits);
    assertThatThrownBy(() -> codec.write(passes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("deeper than 200");
  }

  @Test
  void readsLongKeysAndNumbersThatItStored() {
    Map<String, Object> map = Map.of("k".repeat(10_000), 1, "n", new BigInteger("7".repeat(5_000)));
    assertThat(codec.read(codec.write(map), Object.class)).isEqualTo(map);
  }

  @Test
  void storesPartsWithoutBinaryOfWhatHasBinary() {
    Arguments arguments =
        binary("1,{\"a\":[2],\"b\":{\"_placeholder\":true,\"num\":0},\"c\":3}", 1);
    assertThat(written(arguments.get(0))).isEqualTo("1");
    assertThat(written(arguments.get(1).get("a"))).isEqualTo("[2]");
    assertThat(written(arguments.get(1).get("c"))).isEqualTo("3");
  }

  @Test
  void keepsWhatARecordThrew() {
    assertThatThrownBy(() -> codec.write(List.of(new Throwing("x"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "A value cannot be written at '[0].name': java.lang.IllegalStateException was thrown.")
        .hasRootCauseMessage("broken");
  }

  @Test
  void storesNoBinary() {
    for (Object value :
        List.of(
            new byte[1],
            ByteBuffer.allocate(1),
            Map.of("a", new byte[1]),
            binary("{\"_placeholder\":true,\"num\":0}", 1).get(0))) {
      assertThatThrownBy(() -> codec.write(value))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("binary");
    }
  }

  @Test
  void readsWhatItStored() {
    Room room = new Room("r", List.of(new Line("a", "b")), Map.of());
    assertThat(codec.read(codec.write(room), Room.class)).isEqualTo(room);
    assertThat(codec.read(codec.write(null), Room.class)).isNull();
    assertThat(codec.read(codec.write(5), int.class)).isEqualTo(5);
    assertThat(codec.read("\"\\ud83d\"".getBytes(UTF_8), String.class)).isEqualTo("\ud83d");
    assertThatThrownBy(() -> codec.read(codec.write(room), Line[].class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Line[]");
  }

  @Test
  void readsAuth() {
    byte[] wire = "0{\"token\":\"t\",\"n\":1}".getBytes(UTF_8);
    Packet.Connect connect =
        (Packet.Connect) new Decoder(DecoderLimits.defaults()).text(wire, 0, wire.length);
    Payload auth = codec.payload(connect.auth());
    assertThat(auth.text("token")).isEqualTo("t");
    assertThat(auth.text("n")).isNull();
    assertThatThrownBy(() -> auth.get("n").as(String.class))
        .hasMessage("Auth does not fit at 'n'.");
    assertThat(codec.payload(null).isNull()).isTrue();
    assertThat(codec.payload(null).text("token")).isNull();
  }

  private String written(Object value) {
    return new String(codec.write(value), UTF_8);
  }

  private <T> T argument(String json, Class<T> type) {
    return arguments(json).get(0, type);
  }

  private Arguments arguments(String json) {
    byte[] wire = ("2[\"m\"," + json + "]").getBytes(UTF_8);
    Packet.Event event =
        (Packet.Event) new Decoder(DecoderLimits.defaults()).text(wire, 0, wire.length);
    return codec.arguments(event.arguments());
  }

  /** Arguments with attachments, each of which is its own number. */
  private Arguments binary(String json, int count) {
    Decoder decoder = new Decoder(DecoderLimits.defaults());
    byte[] wire = ("5" + count + "-[\"m\"," + json + "]").getBytes(UTF_8);
    Packet packet = decoder.text(wire, 0, wire.length);
    for (int i = 0; i < count; i++) {
      packet = decoder.binary(new byte[] {(byte) i});
    }
    return codec.arguments(((Packet.Event) packet).arguments());
  }
}
