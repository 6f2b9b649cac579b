package io.dormouse.emitter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** The examples of docs/emitters.md, compiled and run. */
class EmittersDocumentTest {
  /** Run against hosts by JavaEmitterIT. */
  private static final Path LETTUCE =
      Path.of("../dist/src/test/java/io/dormouse/dist/LettuceRedisClient.java");

  private final FakeRedis redis = new FakeRedis();
  private final BroadcastOperator shop = new Emitter(redis).of("/shop");
  private final List<Integer> remembered = new ArrayList<>();
  private final String socketId = "lD4wTc_O0qf6IFXuAAAB";

  record Payment(int order, String amount) {}

  private void remember(int order) {
    remembered.add(order);
  }

  @Test
  void withRedisson() throws IOException, InterruptedException {
    Config config = new Config();
    try (RedisServer server = new RedisServer()) {
      config.useSingleServer().setAddress(server.url());
      RedissonClient host = Redisson.create(config);
      BlockingQueue<byte[]> heard = new LinkedBlockingQueue<>();
      new RedissonRedisClient(host).subscribe("socket.io#*", heard::add);
      RedissonClient redisson = Redisson.create(config);
      Emitter emitter = new Emitter(new RedissonRedisClient(redisson));
      emitter.emit("news", "to everyone");
      assertThat(heard.poll(20, TimeUnit.SECONDS)).asString(UTF_8).contains("to everyone");
      redisson.shutdown();
      host.shutdown();
    }
  }

  @Test
  void anotherKey() {
    Emitter emitter = new Emitter(redis, "myapp");
    emitter.emit("x");
    assertThat(redis.last().channel()).isEqualTo("myapp#/#");
  }

  @Test
  void toWhom() {
    try (Emitter emitter = new Emitter(redis)) {
      BroadcastOperator shop = emitter.of("/shop");
      shop.emit("closing", 10);
      shop.to("order-7").emit("paid", new Payment(7, "19.90"));
      shop.to("staff", "owners").except("asleep").emit("alarm");
      shop.to(socketId).emit("just you");
      shop.asVolatile().emit("position", 48.2, 16.4);
      shop.compress(false).emit("picture", new byte[] {1, 2, 3});
    }
    assertThat(redis.published).hasSize(6);
  }

  @Test
  void roomsAndServers() {
    shop.to("order-7").socketsJoin("paid-orders");
    shop.to("order-7").socketsLeave("open-orders");
    shop.to("banned").disconnectSockets(false);
    shop.serverSideEmit("prices changed", "EUR");
    assertThat(redis.published)
        .hasSize(4)
        .allMatch(sent -> sent.channel().equals("socket.io-request#/shop#"));
  }

  @Test
  void receipts() {
    redis.servers =
        (channel, message) -> {
          String text = new String(message, UTF_8);
          String id = text.substring(text.length() - 16);
          redis.answer(
              ("{\"uid\":\"dm-a-1\",\"requestId\":\""
                      + id
                      + "\",\"type\":\"receipt\",\"sockets\":0,\"hosts\":1}")
                  .getBytes(UTF_8));
        };
    Receipt receipt = shop.to("order-7").emitAndConfirm("paid", 7);
    if (!receipt.complete() || receipt.sockets() == 0) {
      remember(7);
    }
    assertThat(remembered).containsExactly(7);
  }

  @Test
  void acks() {
    redis.servers =
        (channel, message) -> {
          String text = new String(message, UTF_8);
          String id = text.substring(text.indexOf("emitter-") + 8).substring(0, 16);
          for (String answer :
              new String[] {
                "\"type\":8,\"clientCount\":3,\"hosts\":1",
                "\"type\":9,\"packet\":true",
                "\"type\":9,\"packet\":false",
                "\"type\":9,\"packet\":[]"
              }) {
            redis.answer(("{\"requestId\":\"" + id + "\"," + answer + "}").getBytes(UTF_8));
          }
        };
    Replies<Boolean> replies =
        shop.to("staff").timeout(Duration.ofSeconds(2)).emitWithAck(Boolean.class, "ready?");
    long ready = replies.values().stream().filter(answer -> answer).count();
    assertThat(ready).isEqualTo(1);
    assertThat(replies.missing()).isEqualTo(1);
  }

  @Test
  void thePageHasTheseExamples() throws IOException {
    String page = Files.readString(Path.of("../docs/emitters.md"));
    String here =
        plain(
                Files.readString(
                    Path.of("src/test/java/io/dormouse/emitter/EmittersDocumentTest.java")))
            + plain(Files.readString(LETTUCE));
    Matcher blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(page);
    int count = 0;
    for (; blocks.find(); count++) {
      assertThat(here).contains(plain(blocks.group(1)));
    }
    assertThat(count).isEqualTo(7);
  }

  private static String plain(String code) {
    return code.replaceAll("\\s+", " ").strip();
  }
}
