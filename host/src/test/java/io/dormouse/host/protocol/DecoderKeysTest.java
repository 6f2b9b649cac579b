package io.dormouse.host.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/**
 * Jackson's table of known keys is shared by all connections: no client may spoil it for others.
 */
class DecoderKeysTest {
  private final Random random = new Random(1);
  private final ValueCodec codec = ValueCodec.of(getClass().getClassLoader());

  @Test
  void collidingKeysOfOneClientRefuseNobodyElse() {
    for (int i = 0; i < 3; i++) {
      attack(collidingKeys(3_000, 12_345));
    }
    for (int i = 0; i < 1_000; i++) {
      attack(collidingKeys(40, i * 7_919));
      assertReads(ordinaryKeys(20));
    }
  }

  @Test
  void manyCollidingKeysAreReadAgainAndAgain() {
    Set<String> keys = collidingKeys(3_000, 12_345);
    for (int i = 0; i < 3; i++) {
      assertReads(keys);
    }
  }

  /** What becomes of its own packet is no matter here. */
  private void attack(Set<String> keys) {
    try {
      read(keys);
    } catch (RuntimeException refused) {
      // the others count
    }
  }

  private void assertReads(Set<String> keys) {
    assertThat(read(keys)).asInstanceOf(InstanceOfAssertFactories.MAP).hasSize(keys.size());
  }

  private Object read(Set<String> keys) {
    String fields = keys.stream().map(key -> '"' + key + "\":1").collect(Collectors.joining(","));
    byte[] wire = ("2[\"a\",{" + fields + "}]").getBytes(US_ASCII);
    Packet.Event event =
        (Packet.Event) new Decoder(DecoderLimits.defaults()).text(wire, 0, wire.length);
    return codec.read(codec.arguments(event.arguments()), 0, Object.class);
  }

  private Set<String> ordinaryKeys(int count) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add("k" + Integer.toString(random.nextInt(), 36));
    }
    return new LinkedHashSet<>(keys);
  }

  /** Keys of eight characters with one hash, whatever the table's seed is, which comes in later. */
  private Set<String> collidingKeys(int count, int hash) {
    int inverseOf33 = 1;
    for (int i = 0; i < 5; i++) {
      inverseOf33 *= 2 - 33 * inverseOf33;
    }
    Set<String> keys = new LinkedHashSet<>();
    while (keys.size() < count) {
      byte[] first = new byte[4];
      for (int i = 0; i < 4; i++) {
        first[i] = (byte) ('a' + random.nextInt(26));
      }
      int mixed = ByteBuffer.wrap(first).getInt();
      mixed += mixed >>> 15;
      mixed ^= mixed >>> 9;
      byte[] second = ByteBuffer.allocate(4).putInt((hash - mixed) * inverseOf33).array();
      if (isPlain(second)) {
        keys.add(new String(first, US_ASCII) + new String(second, US_ASCII));
      }
    }
    return keys;
  }

  private static boolean isPlain(byte[] bytes) {
    for (byte each : bytes) {
      if (each <= '"' || each == '\\' || each == 127) {
        return false;
      }
    }
    return true;
  }
}
