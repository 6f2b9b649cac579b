package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Official clients lose their host and are what they were on another one. */
class RecoveryIT {
  private final Redis redis = Redis.start();
  private Cluster cluster = new Cluster(redis, 2, "dialects: node");
  private final TalkingPeer clients = TalkingPeer.returningClients(redis);

  @AfterEach
  void close() {
    clients.close();
    cluster.close();
  }

  private String url(int host) {
    return "'" + cluster.host(host).url() + "'";
  }

  private JsonNode ask(String expression) {
    return clients.ask(expression);
  }

  private String open(String name, int host, String transport) {
    return ask("open('%s', %s, '%s')".formatted(name, url(host), transport)).asText();
  }

  private void prepare(String name) {
    ask("call('%s', 'enter', 'even')".formatted(name));
    ask("call('%s', 'enter', '%s')".formatted(name, name));
    ask("call('%s', 'call-me', '%s')".formatted(name, name));
    await("what the socket has to be written")
        .atMost(Duration.ofSeconds(20))
        .until(() -> saved().contains("\\\"name\\\":\\\"" + name));
  }

  /** What Redis has of all sockets. */
  private String saved() {
    StringBuilder all = new StringBuilder();
    for (String key : redis.cli("--scan", "--pattern", "*:dormouse:socket:*").split("\n")) {
      all.append(redis.cli("HGET", key, "socket"));
    }
    return all.toString();
  }

  /** It has come back to another host as the one that it was. */
  private void assertIsTheSame(String name, String id) {
    JsonNode connects = ask("heard('%s').connects".formatted(name));
    assertThat(connects.toString())
        .as(name)
        .isEqualTo(
            "[{\"id\":\"%s\",\"recovered\":false},{\"id\":\"%s\",\"recovered\":true}]"
                .formatted(id, id));
    JsonNode self = ask("call('%s', 'who')".formatted(name));
    assertThat(self.get("id").asText()).isEqualTo(id);
    assertThat(self.get("recovered").asBoolean()).isTrue();
    assertThat(self.get("name").asText()).isEqualTo(name);
    assertThat(self.get("rooms")).map(JsonNode::asText).containsOnly(id, name, "even");
  }

  private void killUnderLoad() {
    String ada = open("ada", 0, "websocket");
    String bob = open("bob", 0, "polling");
    String eve = open("eve", 1, "websocket");
    for (String name : List.of("ada", "bob", "eve")) {
      prepare(name);
    }
    ask("call('eve', 'count', 'far', 3000, 10)");
    ask("call('ada', 'count', 'near', 3000, 10)");
    assertThat(ask("untilNumber('ada', 'far', 300)").asBoolean()).isTrue();
    assertThat(ask("untilNumber('bob', 'near', 300)").asBoolean()).isTrue();
    ask("move('ada', %s)".formatted(url(1)));
    ask("move('bob', %s)".formatted(url(1)));
    cluster.host(0).kill();

    for (String name : List.of("ada", "bob", "eve")) {
      assertThat(ask("untilNumber('%s', 'far', 3000)".formatted(name)).asBoolean())
          .as("%s hears the last: %s", name, ask("heard('%s')".formatted(name)))
          .isTrue();
      JsonNode numbers = ask("heard('%s').numbers".formatted(name));
      assertThat(numbers.get("far").asText()).as(name).isEqualTo("3000 ok");
      assertThat(numbers.get("near").asText()).as(name).endsWith(" ok");
    }
    assertIsTheSame("ada", ada);
    assertIsTheSame("bob", bob);
    assertThat(ask("call('eve', 'ids')")).map(JsonNode::asText).containsOnly(ada, bob, eve);
  }

  @Test
  void clientsOfAHostThatIsKilledMissNothing() {
    killUnderLoad();
  }

  /** The first host, which is killed, is the one that adopts what the emitter says. */
  @Test
  void whatAnEmitterOfNodesSaysIsNotMissedEither() {
    try (TalkingPeer emitter = TalkingPeer.nodeEmitter(redis)) {
      String ada = open("ada", 0, "websocket");
      String eve = open("eve", 1, "websocket");
      for (String name : List.of("ada", "eve")) {
        prepare(name);
      }
      emitter.ask(
          """
          void (async () => {
            for (let n = 1; n <= 1000; n++) {
              emitter.of("/kept").emit("number", "node", n);
              await new Promise((resolve) => setTimeout(resolve, 2));
            }
          })()
          """
              .replace('\n', ' '));
      assertThat(ask("untilNumber('ada', 'node', 100)").asBoolean()).isTrue();
      ask("move('ada', %s)".formatted(url(1)));
      cluster.host(0).kill();
      for (String name : List.of("ada", "eve")) {
        assertThat(ask("untilNumber('%s', 'node', 1000)".formatted(name)).asBoolean()).isTrue();
        assertThat(ask("heard('%s').numbers".formatted(name)).get("node").asText())
            .as(name)
            .isEqualTo("1000 ok");
      }
      assertIsTheSame("ada", ada);
      assertThat(ask("call('eve', 'ids')")).map(JsonNode::asText).containsOnly(ada, eve);
    }
  }

  @Test
  void aClientThatReturnsElsewhereBeforeItsHostSeesItGoIsThereOnce() {
    String ada = open("ada", 0, "websocket");
    String eve = open("eve", 1, "websocket");
    prepare("ada");
    cluster.host(0).pause();
    ask("move('ada', %s)".formatted(url(1)));
    ask("drop('ada')");
    assertThat(ask("untilConnects('ada', 2)").asBoolean()).isTrue();
    assertIsTheSame("ada", ada);
    cluster.host(0).resume();
    await("the first host to let go of it")
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(ask("call('eve', 'ids')"))
                    .map(JsonNode::asText)
                    .containsExactlyInAnyOrder(ada, eve));
    assertThat(ask("call('ada', 'who')").get("name").asText()).isEqualTo("ada");
  }

  @Test
  void aClientBehindAHostThatStopsMissesNothing() {
    String ada = open("ada", 0, "websocket");
    String eve = open("eve", 1, "websocket");
    prepare("ada");
    ask("call('eve', 'count', 'far', 2000, 10)");
    assertThat(ask("untilNumber('ada', 'far', 200)").asBoolean()).isTrue();
    ask("move('ada', %s)".formatted(url(1)));
    assertThat(cluster.host(0).stop()).isZero();
    ask("call('eve', 'enter', 'even')");
    assertThat(ask("untilNumber('ada', 'far', 2000)").asBoolean()).isTrue();
    assertThat(ask("heard('ada').numbers").get("far").asText()).isEqualTo("2000 ok");
    assertIsTheSame("ada", ada);
    assertThat(ask("call('eve', 'ids')")).map(JsonNode::asText).containsOnly(ada, eve);
  }

  @Test
  void aBreakThatIsTooLongIsSaidSo() {
    cluster.close();
    cluster = new Cluster(Redis.start(), 2, "dialects: node", "1s");
    String ada = ask("open('ada', %s, 'websocket', 2500)".formatted(url(0))).asText();
    String bob = ask("open('bob', %s, 'websocket', 2500)".formatted(url(0))).asText();
    ask("move('ada', %s)".formatted(url(1)));
    ask("drop('ada')");
    ask("drop('bob')");
    for (String name : List.of("ada", "bob")) {
      assertThat(ask("untilConnects('%s', 2)".formatted(name)).asBoolean()).isTrue();
      JsonNode again = ask("heard('%s').connects[1]".formatted(name));
      assertThat(again.get("recovered").asBoolean()).as(name).isFalse();
      assertThat(again.get("id").asText()).as(name).isNotIn(ada, bob);
    }
  }
}
