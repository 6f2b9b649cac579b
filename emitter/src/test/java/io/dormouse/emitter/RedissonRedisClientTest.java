package io.dormouse.emitter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.redisson.config.ConstantDelay;

/** With a real Redis, which is killed and comes back. */
@Timeout(60)
class RedissonRedisClientTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final RedisServer redis = new RedisServer();
  private final RedissonClient redisson = redisson();
  private final RedisClient client = new RedissonRedisClient(redisson);
  private final Emitter emitter = new Emitter(client, "a[k]ey*");
  private final BlockingQueue<byte[]> heard = new LinkedBlockingQueue<>();

  RedissonRedisClientTest() throws IOException {}

  private RedissonClient redisson() {
    Config config = new Config();
    config
        .useSingleServer()
        .setAddress(redis.url())
        .setTimeout(500)
        .setConnectTimeout(500)
        .setRetryAttempts(1)
        .setRetryDelay(new ConstantDelay(Duration.ofMillis(100)))
        .setConnectionMinimumIdleSize(1)
        .setSubscriptionConnectionMinimumIdleSize(1);
    return Redisson.create(config);
  }

  @AfterEach
  void stop() {
    emitter.close();
    redisson.shutdown();
    redis.close();
  }

  /** Two hosts of one socket each, as far as an emitter sees of them. */
  private void answerAsHosts() {
    client.subscribe(
        "a\\[k\\]ey\\*#*",
        message -> {
          heard.add(message);
          String text = new String(message, UTF_8);
          String id = text.substring(text.length() - 16);
          new Thread(() -> sendReceipts(id)).start();
        });
  }

  private void sendReceipts(String id) {
    for (String host : new String[] {"dm-a-1", "dm-b-1"}) {
      client.publish(
          "a[k]ey*-response#/chat#",
          "{\"uid\":\"%s\",\"requestId\":\"%s\",\"type\":\"receipt\",\"sockets\":1,\"hosts\":2}"
              .formatted(host, id)
              .getBytes(UTF_8));
    }
  }

  @Test
  void anEventArrivesAndItsReceiptComesBack() throws InterruptedException {
    answerAsHosts();
    assertThat(emitter.of("/chat").timeout(LONG).emitAndConfirm("news", new byte[] {1, 2}))
        .isEqualTo(new Receipt(2, 2, true));
    byte[] message = heard.poll(20, TimeUnit.SECONDS);
    assertThat(message).isNotNull();
    assertThat(message[0]).isEqualTo((byte) 0x94);
  }

  @Test
  void requestsArriveAsJson() throws InterruptedException {
    client.subscribe("a\\[k\\]ey\\*-request#*", heard::add);
    emitter.of("/chat").to("red").socketsJoin("blue");
    JsonNode request = Wire.read(heard.poll(20, TimeUnit.SECONDS));
    assertThat(request)
        .hasToString(
            "{\"type\":2,\"opts\":{\"rooms\":[\"red\"],\"except\":[]},\"rooms\":[\"blue\"]}");
  }

  @Test
  void whileRedisIsAwayEverythingSaysSo() {
    BroadcastOperator chat = emitter.of("/chat");
    redis.kill();
    assertThatThrownBy(() -> chat.emit("news"))
        .isInstanceOf(NotPublished.class)
        .hasMessageContaining("'a[k]ey*#/chat#'");
    assertThatThrownBy(() -> chat.socketsJoin("red")).isInstanceOf(NotPublished.class);
    assertThatThrownBy(() -> chat.emitAndConfirm("news"))
        .isInstanceOf(NotPublished.class)
        .hasMessageContaining("nothing was asked");
    assertThatThrownBy(() -> chat.emitWithAck(String.class, "news"))
        .isInstanceOf(NotPublished.class);
  }

  @Test
  void whenRedisGoesWhileItWaitsTheReceiptIsIncomplete() {
    RedisClient killing =
        new RedisClient() {
          @Override
          public void publish(String channel, byte[] message) {
            client.publish(channel, message);
            redis.kill();
          }

          @Override
          public Subscription subscribe(String pattern, Consumer<byte[]> listener) {
            return client.subscribe(pattern, listener);
          }
        };
    try (Emitter beforeItGoes = new Emitter(killing)) {
      BroadcastOperator chat = beforeItGoes.of("/chat").timeout(Duration.ofSeconds(1));
      assertThat(chat.emitAndConfirm("news")).isEqualTo(new Receipt(0, 0, false));
    }
  }

  @Test
  void whenRedisIsBackReceiptsComeAgain() throws IOException {
    answerAsHosts();
    BroadcastOperator chat = emitter.of("/chat").timeout(Duration.ofSeconds(1));
    assertThat(chat.emitAndConfirm("news").complete()).isTrue();
    redis.kill();
    assertThatThrownBy(() -> chat.emit("news")).isInstanceOf(NotPublished.class);
    redis.start();
    await()
        .atMost(LONG)
        .ignoreExceptionsInstanceOf(NotPublished.class)
        .until(() -> chat.emitAndConfirm("news").complete());
  }
}
