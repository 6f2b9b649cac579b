package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dormouse.emitter.BroadcastOperator;
import io.dormouse.emitter.Emitter;
import io.dormouse.emitter.NotPublished;
import io.dormouse.emitter.Receipt;
import io.dormouse.emitter.RedissonRedisClient;
import io.dormouse.emitter.Replies;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.TimeoutOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/**
 * What {@code dormouse-emitter} can say, to official clients: Ada is on the first host, Bob on the
 * second.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JavaEmitterIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Redis redis;
  private static Cluster cluster;
  private static TalkingPeer clients;
  private static io.lettuce.core.RedisClient lettuce;
  private static Emitter emitter;

  private final BroadcastOperator all = emitter.of("/cluster").timeout(Duration.ofSeconds(10));
  private final String ada = connect(0, "ada");
  private final String bob = connect(1, "bob");

  record Order7(int number, List<String> lines, Instant placed) {}

  @BeforeAll
  static void start() {
    redis = Redis.start();
    cluster = new Cluster(redis, 2);
    clients = TalkingPeer.nodeClients(redis);
    lettuce = io.lettuce.core.RedisClient.create(redis.url());
    lettuce.setOptions(
        ClientOptions.builder()
            .timeoutOptions(TimeoutOptions.enabled(Duration.ofSeconds(2)))
            .build());
    emitter = new Emitter(new LettuceRedisClient(lettuce));
  }

  @AfterAll
  static void stop() {
    emitter.close();
    lettuce.shutdown();
    clients.close();
    cluster.close();
  }

  private static String connect(int host, String name) {
    return clients.ask("connect('%s', '%s')".formatted(cluster.host(host).url(), name)).textValue();
  }

  private static void join(String name, String... rooms) throws Exception {
    clients.ask("call('%s', 'join', %s)".formatted(name, JSON.writeValueAsString(rooms)));
  }

  @AfterEach
  void disconnect() {
    clients.ask("disconnectAll()");
  }

  /** What both were told since the last time: the first argument of each event. */
  private void heard(List<?> byAda, List<?> byBob) {
    all.emit("said", "the end");
    assertThat(untilTheEnd("ada")).isEqualTo(byAda);
    assertThat(untilTheEnd("bob")).isEqualTo(byBob);
  }

  private static List<Object> untilTheEnd(String name) {
    JsonNode said = clients.ask("untilTheEnd('" + name + "')");
    return said.valueStream().map(event -> JSON.convertValue(event.get(0), Object.class)).toList();
  }

  @Test
  void everybodyRoomsAndExceptions() throws Exception {
    join("ada", "red");
    join("bob", "red", "blue");
    all.emit("said", "all");
    all.to("blue").emit("said", "blue");
    all.to("red", "blue").emit("said", "both");
    all.to("red").except("blue").emit("said", "not blue");
    all.to(ada).emit("said", "ada");
    all.except(ada).emit("said", "not ada");
    all.asVolatile().compress(false).emit("said", "flags");
    emitter.of("cluster").emit("said", "by the short name");
    emitter.emit("said", "another namespace");
    heard(
        List.of("all", "both", "not blue", "ada", "flags", "by the short name"),
        List.of("all", "blue", "both", "not ada", "flags", "by the short name"));
  }

  @Test
  void valuesAndBinaryArriveAsTheyAre() {
    all.emit("said", new Order7(7, List.of("ünï ☃ 𝄞"), Instant.EPOCH));
    all.emit("said", Arrays.asList(null, 0.5, (1L << 53) - 1, true));
    all.emit("said", Map.of("bytes", new byte[] {1, 2, -1}));
    Map<?, ?> order =
        Map.of("number", 7, "lines", List.of("ünï ☃ 𝄞"), "placed", "1970-01-01T00:00:00Z");
    Map<?, ?> binary = Map.of("bytes", Map.of("type", "Buffer", "data", List.of(1, 2, 255)));
    List<?> expected = List.of(order, Arrays.asList(null, 0.5, 9007199254740991L, true), binary);
    heard(expected, expected);
  }

  @Test
  void orderIsKeptOverRoomsAndEverybody() throws Exception {
    join("bob", "even");
    List<Integer> numbers = new ArrayList<>();
    for (int i = 1; i <= 1_000; i++) {
      numbers.add(i);
      (i % 2 == 0 ? all.to("even") : all).emit("said", i);
    }
    heard(numbers.stream().filter(number -> number % 2 == 1).toList(), numbers);
  }

  @Test
  void socketsJoinAndLeave() throws Exception {
    join("bob", "from");
    all.to("from").socketsJoin("to", "and");
    all.to("to").emit("said", "joined");
    all.to("from").socketsLeave("to");
    all.to("to").emit("said", "left");
    all.to("and").emit("said", "stayed");
    heard(List.of(), List.of("joined", "stayed"));
  }

  @Test
  void socketsAreDisconnected() throws Exception {
    join("bob", "out");
    all.to("out").disconnectSockets(false);
    assertThat(clients.ask("gone('bob')").textValue()).isEqualTo("io server disconnect");
    all.to(ada).disconnectSockets(true);
    assertThat(clients.ask("gone('ada')").textValue())
        .isIn("io server disconnect", "transport close");
  }

  @Test
  void serversAreTold() {
    all.serverSideEmit("server-event", "from outside");
    // Handlers of servers run on threads of their own, so that the end could overtake them.
    clients.ask("told('ada', 'server: from outside')");
    clients.ask("told('bob', 'server: from outside')");
    heard(List.of("server: from outside"), List.of("server: from outside"));
  }

  @Test
  void clientsOfAllHostsAnswerAndWhoIsSilentIsCounted() {
    Replies<String> replies = all.emitWithAck(String.class, "question", "who?");
    assertThat(replies.values()).containsExactlyInAnyOrder("ada: who?", "bob: who?");
    assertThat(replies.complete()).isTrue();

    clients.ask("stopAnswering('bob')");
    replies = all.timeout(Duration.ofSeconds(1)).emitWithAck(String.class, "question", "and now?");
    assertThat(replies).isEqualTo(new Replies<>(List.of("ada: and now?"), 1, true));

    assertThat(all.to("nobody").emitWithAck(String.class, "question", "who?"))
        .isEqualTo(new Replies<>(List.of(), 0, true));
  }

  @Test
  void aReceiptTellsHostsAndSockets() throws Exception {
    join("bob", "blue");
    assertThat(all.emitAndConfirm("said", "all")).isEqualTo(new Receipt(2, 2, true));
    assertThat(all.to("blue").emitAndConfirm("said", "blue")).isEqualTo(new Receipt(2, 1, true));
    assertThat(all.to("nobody").emitAndConfirm("said", "x")).isEqualTo(new Receipt(2, 0, true));
    heard(List.of("all"), List.of("all", "blue"));
    assertThat(emitter.of("/unserved").timeout(Duration.ofMillis(100)).emitAndConfirm("said", "x"))
        .isEqualTo(new Receipt(0, 0, false));
  }

  @Test
  void redissonDoesItToo() {
    Config config = new Config();
    config.useSingleServer().setAddress(redis.url());
    RedissonClient redisson = Redisson.create(config);
    try (Emitter other = new Emitter(new RedissonRedisClient(redisson))) {
      BroadcastOperator everyone = other.of("/cluster").timeout(Duration.ofSeconds(10));
      assertThat(everyone.emitAndConfirm("said", "by Redisson")).isEqualTo(new Receipt(2, 2, true));
      assertThat(everyone.emitWithAck(String.class, "question", "who?").values())
          .containsExactlyInAnyOrder("ada: who?", "bob: who?");
    } finally {
      redisson.shutdown();
    }
    heard(List.of("by Redisson"), List.of("by Redisson"));
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void anEmitterOutlivesARestartOfRedis() {
    redis.kill();
    assertThatThrownBy(() -> all.emit("said", "to nobody")).isInstanceOf(NotPublished.class);
    redis.startAgain();
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptionsInstanceOf(NotPublished.class)
        .until(
            () ->
                all.timeout(Duration.ofSeconds(1))
                    .emitAndConfirm("again")
                    .equals(new Receipt(2, 2, true)));
    Replies<String> replies = all.emitWithAck(String.class, "question", "back?");
    assertThat(replies.values()).containsExactlyInAnyOrder("ada: back?", "bob: back?");
  }
}
