package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Three hosts behind a round-robin balancer are replaced one after the other, while clients and an
 * emitter talk: a deploy.
 */
class RollingIT {
  private static final int CLIENTS = 30;

  @Test
  void clientsOfHostsThatAreReplacedMissNothing() throws Exception {
    try (Redis redis = Redis.start();
        Cluster cluster = new Cluster(redis, 3, "dialects: node", "2m", "5s");
        Balancer balancer = Balancer.start("haproxy-round-robin.cfg", cluster.hosts());
        TalkingPeer emitter = TalkingPeer.nodeEmitter(redis);
        TalkingPeer clients = TalkingPeer.rollingClients(redis)) {
      clients.ask("open('%s', %d)".formatted(balancer.url(), CLIENTS));
      clients.ask("start()");
      emitter.ask(
          """
          void (globalThis.sent = 0, globalThis.counting = setInterval(() =>
            emitter.of("/kept").emit("number", "node", ++globalThis.sent), 10))
          """
              .replace('\n', ' '));
      Set<String> replaced = new HashSet<>();
      for (int i = 0; i < 3; i++) {
        replaced.add(id(cluster.host(i)));
        assertThat(cluster.replace(i)).as("exit code").isZero();
        String present = new ObjectMapper().writeValueAsString(ids(cluster));
        await("all clients to be on living hosts")
            .atMost(Duration.ofSeconds(20))
            .until(() -> clients.ask("areOn(%s)".formatted(present)).asBoolean());
        cluster.awaitJoined();
      }
      int emitted = emitter.ask("clearInterval(globalThis.counting), globalThis.sent").asInt();
      for (JsonNode client : clients.ask("finish(%d)".formatted(emitted))) {
        assertMissedNothing(client, replaced, emitted);
      }
    }
  }

  private static void assertMissedNothing(JsonNode client, Set<String> replaced, int emitted) {
    assertThat(client.get("numbers").asInt()).as("%s", client).isEqualTo(emitted);
    assertThat(client.get("lost")).as("%s", client).isEmpty();
    assertThat(client.get("doubled").asInt()).as("%s", client).isZero();
    List<String> hosts = new ArrayList<>();
    for (JsonNode connect : client.get("connects")) {
      assertThat(connect.get("recovered").asBoolean()).as("%s", client).isEqualTo(!hosts.isEmpty());
      assertThat(connect.get("id")).as("%s", client).isEqualTo(client.at("/connects/0/id"));
      hosts.add(connect.get("host").asText());
    }
    // Requests of the others pass through any host, whose end they may notice too.
    if (client.get("transports").asText().equals("websocket")) {
      assertThat(hosts).as("%s", client).doesNotHaveDuplicates();
      assertThat(replaced).as("%s", client).containsAll(hosts.subList(0, hosts.size() - 1));
    }
    assertThat(client.get("again").asInt())
        .as("what was posted again, since its ack was under way when its host went: %s", client)
        .isLessThanOrEqualTo(CLIENTS * replaced.size());
  }

  private static List<String> ids(Cluster cluster) throws Exception {
    List<String> ids = new ArrayList<>();
    for (DormouseProcess host : cluster.hosts()) {
      ids.add(id(host));
    }
    return ids;
  }

  private static String id(DormouseProcess host) throws Exception {
    return new Admin(host).json("/hosts").at("/hosts/0/id").asText();
  }
}
