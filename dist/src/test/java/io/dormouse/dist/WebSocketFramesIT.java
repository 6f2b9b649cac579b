package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSocket frame by frame (RFC 6455, sections 5 to 8). */
@ExtendWith(SharedHost.class)
class WebSocketFramesIT {
  private static final int FIN = RawWebSocket.FIN;
  private static final byte[] NOTHING = new byte[0];

  private final DormouseProcess host;

  WebSocketFramesIT(DormouseProcess host) {
    this.host = host;
  }

  private RawWebSocket join() throws IOException {
    return RawWebSocket.join(host, "/features");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    // What is wrong, the bytes of it, the close code.
    "an unmasked frame, 8102 3430, 1002",
    "reserved bit 1, c182 01020304 3532, 1002",
    "reserved bit 2, a182 01020304 3532, 1002",
    "reserved bit 3, 9182 01020304 3532, 1002",
    "opcode 3, 8380 01020304, 1002",
    "opcode 7, 8780 01020304, 1002",
    "opcode 11, 8b80 01020304, 1002",
    "opcode 15, 8f80 01020304, 1002",
    "a fragmented ping, 0980 01020304, 1002",
    "a fragmented close, 0880 01020304, 1002",
    "a ping of 126 bytes, 89fe 007e 01020304, 1002",
    "a continuation of nothing, 8080 01020304, 1002",
    "a text between fragments, 0180 01020304 8180 01020304, 1002",
    "a binary between fragments, 0180 01020304 8280 01020304, 1002",
    "a length of 64 bits, 81ff ffffffffffffffff 01020304, 1002",
    "a length of 63 bits, 81ff 7fffffffffffffff 01020304, 1009",
    "a length of 2 GB, 82ff 0000000080000000 01020304, 1009",
    "a length of a byte too many, 81ff 00000000001e8481 01020304, 1009",
    "text that is not UTF-8, 8182 00000000 34ff, 1007",
    "an overlong slash, 8183 00000000 34c0af, 1007",
    "a surrogate, 8184 00000000 34eda080, 1007",
    "beyond Unicode, 8185 00000000 34f4908080, 1007",
    "text that ends in a character, 8183 00000000 34e298, 1007",
    "fragments that are not UTF-8, 0182 00000000 34e2 8081 00000000 41, 1007",
    "a close of one byte, 8881 00000000 03, 1002",
    "close code 999, 8882 00000000 03e7, 1002",
    "close code 1005, 8882 00000000 03ed, 1002",
    "close code 1006, 8882 00000000 03ee, 1002",
    "close code 5000, 8882 00000000 1388, 1002",
    "a close reason that is not UTF-8, 8883 00000000 03e8ff, 1007",
    "a polite close, 8882 00000000 03e8, 1000",
    "a polite close of an application's own, 8882 00000000 0fa0, 4000",
  })
  void aFrameAgainstTheRulesIsAnsweredWithItsCode(String what, String bytes, int code)
      throws IOException {
    try (RawWebSocket socket = join();
        RawWebSocket other = join()) {
      socket.socket().write(HexFormat.of().parseHex(bytes.replace(" ", "")));
      assertThat(socket.closeCode()).as(what).isEqualTo(code);
      assertThat(socket.socket().rest()).as("nothing follows").isEmpty();
      other.send("42/features,1[\"echo\",\"unharmed\"]");
      assertThat(other.text()).isEqualTo("43/features,1[\"unharmed\"]");
    }
  }

  @Test
  void anEmptyCloseIsAnswered() throws IOException {
    try (RawWebSocket socket = join()) {
      socket.frame(FIN | RawWebSocket.CLOSE, NOTHING);
      assertThat(socket.closeCode()).isIn(0, 1000);
      assertThat(socket.socket().rest()).isEmpty();
    }
  }

  @Test
  void fragmentsTogetherMayNotBeTooLarge() throws IOException {
    try (RawWebSocket socket = join()) {
      socket.frame(RawWebSocket.TEXT, new byte[1_900_000]);
      socket.frame(FIN, new byte[200_000]);
      assertThat(socket.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void controlFramesComeBetweenFragments() throws IOException {
    byte[] message = utf8("42/features,1[\"echo\",\"☃\"]");
    int inside = message.length - 4;
    try (RawWebSocket socket = join()) {
      socket.frame(RawWebSocket.TEXT, Arrays.copyOf(message, 5));
      socket.frame(FIN | RawWebSocket.PING, utf8("are you there"));
      RawWebSocket.Frame pong = socket.frame();
      assertThat(pong.first()).isEqualTo(FIN | RawWebSocket.PONG);
      assertThat(pong.text()).isEqualTo("are you there");
      socket.frame(RawWebSocket.CONTINUATION, Arrays.copyOfRange(message, 5, inside));
      socket.frame(FIN | RawWebSocket.PONG, utf8("nobody asked"));
      socket.frame(RawWebSocket.CONTINUATION, NOTHING);
      socket.frame(FIN, Arrays.copyOfRange(message, inside, message.length));
      assertThat(socket.text()).isEqualTo("43/features,1[\"☃\"]");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 101, 102, 103, 65_510, 65_511, 65_512, 65_513, 1_900_000})
  void messagesOfAnyLengthComeBack(int length) throws IOException {
    String text = "x".repeat(length);
    try (RawWebSocket socket = join()) {
      socket.send("42/features,1[\"echo\",\"" + text + "\"]");
      assertThat(socket.text()).isEqualTo("43/features,1[\"" + text + "\"]");
    }
  }

  @Test
  void aFrameMayComeByteByByteAndManyAtOnce() throws IOException {
    try (RawWebSocket socket = join()) {
      byte[] frame = RawWebSocket.masked(FIN | 1, utf8("42/features,1[\"echo\",\"slow\"]"));
      for (byte one : frame) {
        socket.socket().write(new byte[] {one});
      }
      assertThat(socket.text()).isEqualTo("43/features,1[\"slow\"]");
      ByteArrayOutputStream many = new ByteArrayOutputStream();
      for (int i = 0; i < 100; i++) {
        many.writeBytes(RawWebSocket.masked(FIN | 1, utf8("42/features," + i + "[\"echo\"]")));
      }
      socket.socket().write(many.toByteArray());
      for (int i = 0; i < 100; i++) {
        assertThat(socket.text()).isEqualTo("43/features," + i + "[]");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"fin, transport close", "half a frame and fin, transport close"})
  void aClientThatVanishesIsNoticedAtOnce(String how, String reason) throws IOException {
    assertThat(vanish("fin " + how, how)).isEqualTo(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rst", "half a frame and rst"})
  void aClientThatBreaksOffIsNoticedAtOnce(String how) throws IOException {
    assertThat(vanish("rst " + how, how)).isIn("transport close", "transport error");
  }

  /** What a watcher hears of a client that goes this way: one departure, with its reason. */
  private String vanish(String name, String how) throws IOException {
    try (RawWebSocket watcher = join()) {
      watcher.send("42/features,1[\"join\",[\"watchers\"]]");
      assertThat(watcher.text()).startsWith("43/features,1");
      RawWebSocket client = RawWebSocket.open(host);
      client.joins("/features", "{\"name\":\"" + name + "\"}");
      if (how.startsWith("half")) {
        byte[] frame = RawWebSocket.masked(FIN | 1, utf8("42/features,[\"echo\",1]"));
        client.socket().write(Arrays.copyOf(frame, frame.length / 2));
      }
      if (how.endsWith("rst")) {
        client.socket().reset();
      } else {
        client.socket().finish();
      }
      String left = heard(watcher, "[\"left\",{\"name\":\"" + name + "\"");
      client.close();
      return left.replaceFirst(".*\"reason\":\"([^\"]*)\".*", "$1");
    }
  }

  private static String heard(RawWebSocket watcher, String part) throws IOException {
    String text = watcher.text();
    for (int others = 0; others < 100 && !text.contains(part); others++) {
      text = watcher.text();
    }
    return text;
  }

  @Test
  void aSecondUpgradeOfASessionIsClosed() throws IOException {
    Polling session = Polling.join(host, "/features");
    String target = RawWebSocket.ENDPOINT + "&sid=" + session.sid();
    try (RawSocket first = new RawSocket(host.port());
        RawSocket second = new RawSocket(host.port())) {
      RawWebSocket upgraded = RawWebSocket.shakeHands(first, target);
      upgraded.send("2probe");
      assertThat(upgraded.text()).isEqualTo("3probe");
      upgraded.send("5").send("42/features,1[\"transport\"]");
      assertThat(upgraded.text()).isEqualTo("43/features,1[\"websocket\"]");

      RawWebSocket.shakeHands(second, target).closeCode();
      assertThat(second.rest()).isEmpty();
      upgraded.send("42/features,2[\"echo\",\"unharmed\"]");
      assertThat(upgraded.text()).isEqualTo("43/features,2[\"unharmed\"]");
    }
  }
}
