package io.dormouse.host.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dormouse.api.Arguments;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The same seeds each time, so that a failure comes again. */
class DecoderRandomTest {
  private static final List<String> SEEDS =
      List.of(
          "[\"a\",{\"text\":\"h\\u00e9 \\\"x\\\" \\\\ \\/\",\"n\":[1,-2.5e+3,0.1E-2,true,false,null]}]",
          "[\"日本🐭\",{\"é\":{}},[[],[{}]], \"\\ud83d\" , -0 ]",
          "[ \"b\" ,\t1,\n{ \"num\" : 0 , \"x\" : [ \"\" ] }\r]",
          "[\"c\",12345678901234567890,1.0,\"\\b\\f\\n\\r\\t\"]");
  private static final String SPICE = "[]{}\",:\\u019.eE+-_tfn/ \t\n\u0000\u0080\u00ff\ud83d\udc2d";

  private static final JsonMapper STRICT =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final ValueCodec codec = ValueCodec.of(getClass().getClassLoader());

  @Test
  void readsExactlyWhatIsJson() {
    Random random = new Random(1);
    int packets = 0;
    int refused = 0;
    for (int i = 0; i < 40_000; i++) {
      byte[] json = mutated(random, SEEDS.get(i % SEEDS.size()).getBytes(UTF_8));
      if (json.length == 0 || json[0] != '[') {
        continue;
      }
      byte[] wire = new byte[json.length + 2];
      wire[0] = '3';
      wire[1] = '7';
      System.arraycopy(json, 0, wire, 2, json.length);
      JsonNode expected = parsed(json);
      RawArguments read = read(wire);
      assertThat(read == null ? null : tree(read))
          .as(() -> Arrays.toString(wire))
          .isEqualTo(expected);
      if (read == null) {
        refused++;
      } else {
        packets++;
      }
    }
    assertThat(packets).isGreaterThan(5_000);
    assertThat(refused).isGreaterThan(5_000);
  }

  @Test
  void throwsNothingElseWhateverComes() {
    Random random = new Random(2);
    for (int i = 0; i < 40_000; i++) {
      String seed = "5" + i % 12 + "-/a?b,12" + SEEDS.get(i % SEEDS.size());
      byte[] wire = mutated(random, seed.getBytes(UTF_8));
      if (i % 2 == 0) {
        random.nextBytes(wire);
      }
      read(wire);
    }
  }

  @Test
  void readsWhatTheEncoderWrote() {
    Random random = new Random(3);
    for (int i = 0; i < 2_000; i++) {
      List<Object> values = new ArrayList<>();
      for (int n = random.nextInt(4); n > 0; n--) {
        values.add(value(random, 4));
      }
      assertRoundTrip(values);
    }
  }

  private void assertRoundTrip(List<Object> values) {
    EncodedPacket written = Encoder.event("/n", 5, "täg\n", codec, values.toArray());
    Packet.Event event = decoded(written);
    assertThat(event.name()).isEqualTo("täg\n");
    Arguments arguments = codec.arguments(event.arguments());
    List<Object> read = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      read.add(codec.read(arguments, i, Object.class));
    }
    assertThat(comparable(read)).isEqualTo(comparable(values));
    // As payloads the same arguments go out again unchanged but for the order of the numbers.
    EncodedPacket again = Encoder.event("/n", 5, "täg\n", codec, payloads(arguments));
    assertThat(new String(again.text(), UTF_8)).isEqualTo(new String(written.text(), UTF_8));
    assertThat(comparable(new ArrayList<Object>(again.attachments())))
        .isEqualTo(comparable(new ArrayList<Object>(written.attachments())));
  }

  private static Object[] payloads(Arguments arguments) {
    Object[] payloads = new Object[arguments.size()];
    Arrays.setAll(payloads, arguments::get);
    return payloads;
  }

  private static Packet.Event decoded(EncodedPacket written) {
    Decoder decoder = new Decoder(new DecoderLimits(1_000, 64, 255, 1_000, 1_000));
    Packet packet = decoder.text(written.text(), 0, written.text().length);
    for (byte[] attachment : written.attachments()) {
      packet = decoder.binary(attachment);
    }
    return (Packet.Event) packet;
  }

  /** Byte arrays as buffers, which equal by content. */
  private static Object comparable(Object value) {
    return switch (value) {
      case byte[] bytes -> ByteBuffer.wrap(bytes);
      case List<?> list ->
          list.stream().map(each -> each == null ? "null" : comparable(each)).toList();
      case Map<?, ?> map -> {
        Map<Object, Object> copy = new LinkedHashMap<>();
        map.forEach((key, each) -> copy.put(key, each == null ? "null" : comparable(each)));
        yield copy;
      }
      default -> value;
    };
  }

  private static Object value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 10 : 7)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextInt();
      case 3 -> Long.MAX_VALUE - random.nextInt(1_000);
      case 4 -> random.nextDouble();
      case 5 -> text(random);
      case 6 -> new byte[] {(byte) random.nextInt(), (byte) random.nextInt()};
      case 7, 8 -> {
        List<Object> list = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
          list.add(value(random, depth - 1));
        }
        yield list;
      }
      default -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int n = random.nextInt(4); n > 0; n--) {
          // Jackson reads halves of characters in text, but not in keys.
          map.put(text(random).replaceAll("\\p{Cs}", "-"), value(random, depth - 1));
        }
        yield map;
      }
    };
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(8); n > 0; n--) {
      text.append(random.nextInt(3) == 0 ? (char) random.nextInt(0x10000) : 'x');
    }
    return text.toString();
  }

  private static byte[] mutated(Random random, byte[] seed) {
    byte[] bytes = seed;
    byte[] spice = SPICE.getBytes(UTF_8);
    for (int n = random.nextInt(4); n > 0; n--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(3)) {
        case 0 -> {
          bytes = bytes.clone();
          bytes[at] = spice[random.nextInt(spice.length)];
        }
        case 1 -> {
          byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
          System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
          longer[at] = spice[random.nextInt(spice.length)];
          bytes = longer;
        }
        default -> {
          byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
          System.arraycopy(bytes, at + 1, shorter, at, bytes.length - at - 1);
          bytes = shorter;
        }
      }
    }
    return bytes;
  }

  private static JsonNode parsed(byte[] json) {
    try {
      return STRICT.readTree(UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString());
    } catch (JsonProcessingException | CharacterCodingException refused) {
      return null;
    }
  }

  private static RawArguments read(byte[] wire) {
    try {
      return new Decoder(DecoderLimits.defaults()).text(wire, 0, wire.length)
              instanceof Packet.Ack ack
          ? ack.arguments()
          : null;
    } catch (MalformedPacket refused) {
      return null;
    }
  }

  /** Each argument by its own bytes. */
  private static JsonNode tree(RawArguments arguments) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < arguments.size(); i++) {
      int start = arguments.start(i);
      String json = new String(arguments.json, start, arguments.end(i) - start, UTF_8);
      assertThat(json).isEqualTo(json.strip());
      text.append(i == 0 ? "" : ",").append(json);
    }
    return parsed(text.append(']').toString().getBytes(UTF_8));
  }
}
