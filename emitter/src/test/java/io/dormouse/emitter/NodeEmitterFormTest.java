package io.dormouse.emitter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.msgpack.core.MessagePack;

/** What Node's emitter was seen to publish for a call, this one publishes for the same call. */
class NodeEmitterFormTest {
  private static final Path CAPTURED =
      Path.of("../host/src/test/resources/io/dormouse/host/backplane/wire");

  private static Arguments row(String file, Consumer<Emitter> call) {
    return Arguments.of(file, call);
  }

  static Stream<Arguments> calls() {
    byte[] binary = {0, 1, 2, (byte) 255};
    return Stream.of(
        row("all", e -> e.emit("news", "hi", Map.of("a", 1))),
        row("binary", e -> e.emit("bin", binary)),
        row("chat", e -> e.of("chat").emit("news", "hi")),
        row("chat-room", e -> e.of("/chat").to("chatroom").emit("news", "hi")),
        row("disconnectSockets", e -> e.to("onlyB").disconnectSockets(false)),
        row("disconnectSockets-close", e -> e.of("/chat").disconnectSockets(true)),
        row("except", e -> e.except("onlyA").emit("news", "hi")),
        row("room", e -> e.to("room1").emit("news", "hi")),
        row("serverSideEmit", e -> e.of("/").serverSideEmit("hello", "x", 1)),
        row("sid", e -> e.to("lD4wTc_O0qf6IFXuAAAB").emit("news", "sid")),
        row("socketsJoin", e -> e.to("room1").socketsJoin("j")),
        row("socketsLeave", e -> e.of("/").socketsLeave("j", "k")),
        row("two-rooms", e -> e.to("room1").to("room2").emit("news", "hi")),
        row("volatile-compress", e -> e.of("/").asVolatile().compress(false).emit("news", "hi")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("calls")
  void isThatOfNode(String file, Consumer<Emitter> call) throws IOException {
    expect(file, "socket.io", call);
  }

  @Test
  void hasTheKeyThatItIsTold() throws IOException {
    expect("key", "myapp", e -> e.to("r").emit("news", "hi"));
  }

  private static void expect(String file, String key, Consumer<Emitter> call) throws IOException {
    List<String> lines = Files.readAllLines(CAPTURED.resolve("node-emitter-" + file + ".txt"));
    FakeRedis redis = new FakeRedis();
    call.accept(new Emitter(redis, key));
    assertThat(redis.published).hasSize(1);
    assertThat(redis.last().channel()).isEqualTo(lines.get(1).substring("PUBLISH ".length()));
    byte[] captured = HexFormat.of().parseHex(lines.get(2));
    assertThat(meaning(redis.last().message())).isEqualTo(meaning(captured));
    assertThat(redis.last().message()).hasSameSizeAs(captured);
  }

  /** Without the order of keys; read by another reader than the emitter's. */
  private static Object meaning(byte[] message) throws IOException {
    return message[0] == '{'
        ? new ObjectMapper().readTree(message)
        : MessagePack.newDefaultUnpacker(message).unpackValue();
  }

  @Test
  void everyCapturedCallIsCompared() throws IOException {
    try (Stream<Path> files = Files.list(CAPTURED)) {
      long captured =
          files.filter(f -> f.getFileName().toString().startsWith("node-emitter-")).count();
      assertThat(captured).isEqualTo(calls().count() + 1);
    }
  }
}
