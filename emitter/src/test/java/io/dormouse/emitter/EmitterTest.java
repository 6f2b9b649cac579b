package io.dormouse.emitter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.msgpack.core.MessagePack;
import org.msgpack.value.Value;

class EmitterTest {
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(20);

  private final FakeRedis redis = new FakeRedis();
  private final Emitter emitter = new Emitter(redis);

  record Order(int number, List<String> lines, Instant placed, byte[] picture, ByteBuffer more) {}

  record Price(double amount, byte[] signature) {}

  private static Value read(byte[] message) {
    try {
      return MessagePack.newDefaultUnpacker(message).unpackValue();
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
  }

  private Value sent() {
    return read(redis.last().message());
  }

  private static Value field(Value map, String name) {
    return map.asMapValue().map().entrySet().stream()
        .filter(entry -> entry.getKey().asStringValue().asString().equals(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  private static String requestId(byte[] message) {
    return field(read(message), "requestId").asStringValue().asString();
  }

  private static String receiptId(byte[] message) {
    Value extra = read(message).asArrayValue().get(3);
    return field(extra, "receipt").asStringValue().asString();
  }

  private void answer(String json) {
    redis.answer(json.replace('\'', '"').getBytes(UTF_8));
  }

  private void ack(String host, String id, String value) {
    answer("{'uid':'" + host + "','type':9,'requestId':'" + id + "','packet':" + value + "}");
  }

  private void count(String host, String id, int clients, int hosts) {
    answer(
        "{'uid':'%s','requestId':'%s','type':8,'clientCount':%d,'hosts':%d}"
            .formatted(host, id, clients, hosts));
  }

  @Test
  void writesRecordsTimesAndBinary() {
    emitter.emit(
        "order",
        new Order(
            7,
            List.of("a"),
            Instant.parse("2026-01-02T03:04:05Z"),
            new byte[] {1},
            ByteBuffer.wrap(new byte[] {1, 2, 3}, 1, 2)),
        null,
        new BigInteger("18446744073709551615"),
        1.5f);
    Value data = field(sent().asArrayValue().get(1), "data");
    assertThat(data.toJson())
        .isEqualTo(
            "[\"order\",{\"number\":7,\"lines\":[\"a\"],\"placed\":\"2026-01-02T03:04:05Z\","
                + "\"picture\":\"\\u0001\",\"more\":\"\\u0002\\u0003\"},null,18446744073709551615,1.5]");
    Value picture = field(data.asArrayValue().get(1), "picture");
    assertThat(picture.isBinaryValue()).isTrue();
  }

  @Test
  void writesADirectBufferAndLeavesItsPosition() {
    ByteBuffer direct = ByteBuffer.allocateDirect(3).put((byte) 9).put((byte) 8).put((byte) 7);
    direct.position(1);
    emitter.emit("bin", direct);
    Value data = field(sent().asArrayValue().get(1), "data");
    assertThat(data.asArrayValue().get(1).asBinaryValue().asByteArray()).containsExactly(8, 7);
    assertThat(direct.position()).isEqualTo(1);
  }

  @Test
  void writesServerSideEventsWithBinaryAsMsgpack() {
    emitter.of("/chat").serverSideEmit("hello", new byte[] {1});
    assertThat(redis.last().channel()).isEqualTo("socket.io-request#/chat#");
    assertThat(field(sent(), "type").asIntegerValue().asInt()).isEqualTo(6);
    Value data = field(sent(), "data");
    assertThat(data.asArrayValue().get(1).isBinaryValue()).isTrue();
  }

  @Test
  void anOperatorIsNotChangedByItsMethods() {
    BroadcastOperator everyone = emitter.of("/chat");
    BroadcastOperator red = everyone.to("red");
    BroadcastOperator some = red.except("blue").asVolatile();
    everyone.emit("a");
    assertThat(redis.last().channel()).isEqualTo("socket.io#/chat#");
    red.emit("a");
    assertThat(redis.last().channel()).isEqualTo("socket.io#/chat#red#");
    assertThat(sent().asArrayValue().get(2).toJson())
        .isEqualTo("{\"rooms\":[\"red\"],\"except\":[],\"flags\":{}}");
    some.emit("a");
    assertThat(sent().asArrayValue().get(2).toJson())
        .isEqualTo("{\"rooms\":[\"red\"],\"except\":[\"blue\"],\"flags\":{\"volatile\":true}}");
  }

  @Test
  void refusesWhatServersWouldRefuse() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> emitter.emit("disconnect"))
        .withMessageContaining("'disconnect'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> emitter.of("/").serverSideEmit("connection"))
        .withMessageContaining("'connection'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> emitter.emit("x", 1, new Object()))
        .withMessageContaining("Argument 2 of the event 'x'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> emitter.emit("x", Map.of("_placeholder", true, "num", 0)))
        .withMessageContaining("_placeholder");
    List<Object> deep = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      deep = new ArrayList<>(List.of(deep));
    }
    List<Object> nested = deep;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> emitter.emit("x", nested))
        .withMessageContaining("inside each other");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> emitter.of("/").serverSideEmit("x", nested))
        .withMessageContaining("inside each other");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> emitter.of("/").timeout(Duration.ZERO))
        .withMessageContaining("PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> emitter.of("/").timeout(Duration.ofDays(2)))
        .withMessageContaining("PT48H");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> emitter.to("red", null))
        .withMessage("Room 2 of 2 is null.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> emitter.of("/").socketsJoin((String) null))
        .withMessage("Room 1 of 1 is null.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> emitter.emit(null, 1))
        .withMessageContaining("name");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> emitter.of(null))
        .withMessageContaining("namespace");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> emitter.emit("x", new byte[4 << 20]))
        .withMessageContaining("4,194,304")
        .withMessageContaining("max-message");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Emitter(redis, ""))
        .withMessageContaining("key");
    assertThat(redis.published).isEmpty();
  }

  @Test
  void aLoneNullIsAnArgument() {
    emitter.emit("x", (Object[]) null);
    assertThat(field(sent().asArrayValue().get(1), "data").toJson()).isEqualTo("[\"x\",null]");
  }

  @Test
  void whatTheRedisClientThrowsIsTheCause() {
    IllegalStateException away = new IllegalStateException("no connection");
    redis.servers =
        (channel, message) -> {
          throw away;
        };
    assertThatThrownBy(() -> emitter.emit("news"))
        .isInstanceOf(NotPublished.class)
        .hasMessageContaining("'socket.io#/#'")
        .hasMessageContaining("no connection")
        .hasCause(away);
    assertThatThrownBy(() -> emitter.of("/").emitWithAck(String.class, "news"))
        .isInstanceOf(NotPublished.class);
    assertThatThrownBy(() -> emitter.of("/").socketsJoin("red")).isInstanceOf(NotPublished.class);
  }

  @Test
  void anAckIsAskedForOfAllServersAndEndsWithTheLastOne() {
    redis.servers =
        (channel, message) -> {
          String id = requestId(message);
          count("dm-a-1", id, 1, 2);
          ack("dm-a-2", id, "'one'");
          count("dm-b-1", id, 2, 2);
          ack("dm-b-2", id, "'two'");
          ack("dm-b-3", id, "'three'");
        };
    Replies<String> replies =
        emitter.of("/chat").to("red").timeout(LONG).emitWithAck(String.class, "q", 1);
    assertThat(replies.values()).containsExactly("one", "two", "three");
    assertThat(replies.missing()).isZero();
    assertThat(replies.complete()).isTrue();
    assertThat(redis.last().channel()).isEqualTo("socket.io-request#/chat#");
    assertThat(field(sent(), "type").asIntegerValue().asInt()).isEqualTo(7);
    assertThat(field(sent(), "packet").toJson())
        .isEqualTo("{\"type\":2,\"data\":[\"q\",1],\"nsp\":\"/chat\"}");
    assertThat(field(sent(), "opts").toJson())
        .isEqualTo("{\"rooms\":[\"red\"],\"except\":[],\"flags\":{\"timeout\":20000}}");
    assertThat(redis.listeners).containsOnlyKeys("socket.io-response#/chat#*");
  }

  @Test
  void aMessageThatComesTwiceIsCountedOnce() {
    redis.servers =
        (channel, message) -> {
          String id = requestId(message);
          count("dm-a-1", id, 2, 1);
          ack("dm-a-2", id, "1");
          ack("dm-a-2", id, "1");
          count("dm-a-1", id, 2, 1);
        };
    Replies<Integer> replies = emitter.of("/").timeout(SHORT).emitWithAck(Integer.class, "q");
    assertThat(replies.values()).containsExactly(1);
    assertThat(replies.missing()).isEqualTo(1);
  }

  @Test
  void aHostThatDoesNotAnswerMakesTheRepliesIncomplete() {
    redis.servers = (channel, message) -> count("dm-a-1", requestId(message), 0, 2);
    Replies<Integer> replies = emitter.of("/").timeout(SHORT).emitWithAck(Integer.class, "q");
    assertThat(replies).isEqualTo(new Replies<>(List.of(), 0, false));
  }

  @Test
  void answersThatDoNotFitAreMissing() {
    redis.servers =
        (channel, message) -> {
          String id = requestId(message);
          count("dm-a-1", id, 3, 1);
          ack("dm-a-2", id, "{'amount':1.5}");
          ack("dm-a-3", id, "['x']");
          ack("dm-a-4", id, "null");
        };
    Replies<Price> replies = emitter.of("/").timeout(LONG).emitWithAck(Price.class, "q");
    assertThat(replies.values()).hasSize(1);
    assertThat(replies.values().get(0).amount()).isEqualTo(1.5);
    assertThat(replies.missing()).isEqualTo(2);
    assertThat(replies.counted()).isTrue();
    assertThat(replies.complete()).isFalse();
  }

  @Test
  void nodeServersAreWaitedForUntilNoMoreOfThemAnswer() {
    redis.servers =
        (channel, message) -> {
          String id = requestId(message);
          answer("{'type':8,'requestId':'" + id + "','clientCount':1}");
          // As it was captured from socket.io 4.8.4, with the id of this request.
          byte[] captured = HexFormat.of().parseHex("83a47479706509a9726571756573744964b0");
          byte[] packet = HexFormat.of().parseHex("a67061636b657481a26f6ba26362");
          byte[] all = Arrays.copyOf(captured, captured.length + 16 + packet.length);
          System.arraycopy(id.getBytes(UTF_8), 0, all, captured.length, 16);
          System.arraycopy(packet, 0, all, captured.length + 16, packet.length);
          redis.answer(all);
          answer("{'type':8,'requestId':'" + id + "','clientCount':0}");
        };
    Replies<Map<?, ?>> replies = cast(emitter.of("/").timeout(LONG).emitWithAck(Map.class, "q", 1));
    assertThat(replies.values()).hasSize(1);
    assertThat(replies.values().get(0).get("ok")).isEqualTo("cb");
    assertThat(replies.missing()).isZero();
  }

  @SuppressWarnings("unchecked")
  private static Replies<Map<?, ?>> cast(Replies<?> replies) {
    return (Replies<Map<?, ?>>) replies;
  }

  @Test
  void aReceiptCountsHostsAndSockets() {
    redis.servers =
        (channel, message) -> {
          String id = receiptId(message);
          answer(
              "{'uid':'dm-a-1','requestId':'%s','type':'receipt','sockets':3,'hosts':2}"
                  .formatted(id));
          answer(
              "{'uid':'dm-b-9','requestId':'%s','type':'receipt','sockets':4,'hosts':2}"
                  .formatted(id));
        };
    Receipt receipt = emitter.to("red").timeout(LONG).emitAndConfirm("news", 1);
    assertThat(receipt).isEqualTo(new Receipt(2, 7, true));
    // Not on the room's channel: hosts without it must answer too.
    assertThat(redis.last().channel()).isEqualTo("socket.io#/#");
  }

  @Test
  void aReceiptOfNobodyIsIncomplete() {
    assertThat(emitter.of("/").timeout(SHORT).emitAndConfirm("news"))
        .isEqualTo(new Receipt(0, 0, false));
  }

  /** None of it ends a listener's thread, or is taken for an answer. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7b",
        "5b5d",
        "93",
        "c1",
        "c67fffffff",
        "c97fffffff01",
        "dd7fffffff",
        "df7fffffff",
        "db7fffffff",
        "81a178c1"
      })
  void answersThatAreNoneAreLeftAlone(String hex) {
    redis.servers = (channel, message) -> redis.answer(HexFormat.of().parseHex(hex));
    assertThat(emitter.of("/").timeout(SHORT).emitAndConfirm("news").hosts()).isZero();
    assertThat(Wire.read(HexFormat.of().parseHex(hex))).isNull();
  }

  @Test
  void anAnswerThatNestsWithoutEndIsLeftAlone() {
    byte[] deep = new byte[200_000];
    Arrays.fill(deep, (byte) 0x91);
    assertThat(Wire.read(deep)).isNull();
    assertThat(Wire.read("{\"a\":".repeat(50_000).getBytes(UTF_8))).isNull();
  }

  @Test
  void closingEndsTheSubscriptions() {
    emitter.of("/").timeout(SHORT).emitAndConfirm("news");
    emitter.of("/").timeout(SHORT).emitAndConfirm("news");
    assertThat(redis.listeners).hasSize(1);
    emitter.close();
    assertThat(redis.listeners).isEmpty();
    assertThatThrownBy(() -> emitter.of("/").emitAndConfirm("news"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    emitter.emit("news");
  }
}
