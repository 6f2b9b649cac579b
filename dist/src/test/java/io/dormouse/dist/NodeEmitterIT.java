package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.dist.Cluster.Client;
import java.util.List;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code @socket.io/redis-emitter} can say, unmodified, to clients of two hosts. */
class NodeEmitterIT {
  private static Redis redis;
  private static Cluster cluster;
  private static TalkingPeer emitter;

  private final Client ada = cluster.connect(0, "ada");
  private final Client bob = cluster.connect(1, "bob");

  @BeforeAll
  static void start() {
    redis = Redis.start();
    cluster = new Cluster(redis, 2);
    emitter = TalkingPeer.nodeEmitter(redis);
  }

  @AfterAll
  static void stop() {
    emitter.close();
    cluster.close();
  }

  @AfterEach
  void disconnect() {
    cluster.disconnectAll();
  }

  private static void emit(String... calls) {
    for (String call : calls) {
      emitter.ask(call);
    }
    emitter.ask("cluster.emit('said', 'the end')");
  }

  private static void emitExample(String line) {
    emitter.ask(line.replaceAll(";$", ""));
  }

  private static void heard(Client client, String... expected) {
    for (String one : expected) {
      assertThat(String.valueOf(client.said())).isEqualTo(one);
    }
    assertThat(client.said()).isEqualTo("the end");
  }

  @Test
  void everybodyRoomsAndExceptions() {
    ada.call("join", List.of("red"));
    bob.call("join", List.of("red", "blue"));
    emit(
        "cluster.emit('said', 'all')",
        "cluster.to('blue').emit('said', 'blue')",
        "cluster.to(['red', 'blue']).emit('said', 'both')",
        "cluster.in('red').except('blue').emit('said', 'not blue')",
        "cluster.to('" + ada.id() + "').emit('said', 'ada')",
        "cluster.volatile.compress(false).emit('said', 'flags')",
        "emitter.of('cluster').emit('said', 'by the short name')",
        "emitter.emit('said', 'another namespace')");
    heard(ada, "all", "both", "not blue", "ada", "flags", "by the short name");
    heard(bob, "all", "blue", "both", "flags", "by the short name");
  }

  @Test
  void valuesArriveAsNodesOwnServersDeliverThem() throws Exception {
    emit(
        "cluster.emit('said', {text: 'ünï ☃ 𝄞', large: 2**53 - 1, half: 0.5, none: null, list: [true]})",
        "cluster.emit('said', new Date(0))",
        "cluster.emit('said', NaN)");
    assertThat((JSONObject) ada.said())
        .hasToString(
            new JSONObject(
                    "{\"text\":\"ünï ☃ 𝄞\",\"large\":9007199254740991,\"half\":0.5,\"none\":null,"
                        + "\"list\":[true]}")
                .toString());
    heard(ada, "1970-01-01T00:00:00.000Z", "null");
    emitter.ask("cluster.emit('said', {bytes: Buffer.from([1, 2, 255])})");
    assertThat((byte[]) ((JSONObject) ada.said()).get("bytes")).containsExactly(1, 2, -1);
  }

  @Test
  void examplesOfFromNodeEmit() throws Exception {
    ada.call("join", List.of("red"));
    List<String> lines = Docs.examples("from-node.md", "js").getLast().lines().skip(1).toList();
    assertThat(lines).hasSize(4);
    emitExample(lines.get(3));
    assertThat(ada.said()).isEqualTo("server: from outside");
    assertThat(bob.said()).isEqualTo("server: from outside");
    emitExample(lines.get(2));
    assertThat(ada.next("disconnect")).containsExactly("io server disconnect");
    bob.call("join", List.of("red"));
    emitExample(lines.get(1));
    emitExample(lines.get(0));
    assertThat(bob.said()).isEqualTo("hello");
    emitter.ask("cluster.to('blue').emit('said', 'blue')");
    assertThat(bob.said()).isEqualTo("blue");
  }

  @Test
  void serversAreTold() {
    emitter.ask("cluster.serverSideEmit('server-event', 'from outside')");
    assertThat(ada.said()).isEqualTo("server: from outside");
    assertThat(bob.said()).isEqualTo("server: from outside");
  }

  @Test
  void socketsJoinLeaveAndAreDisconnected() {
    bob.call("join", List.of("from"));
    emit(
        "cluster.in('from').socketsJoin(['to', 'and'])",
        "cluster.to('to').emit('said', 'joined')",
        "cluster.in('from').socketsLeave('to')",
        "cluster.to('to').emit('said', 'left')",
        "cluster.to('and').emit('said', 'stayed')");
    heard(bob, "joined", "stayed");
    heard(ada);
    emitter.ask("cluster.in('from').disconnectSockets()");
    assertThat(bob.next("disconnect")).containsExactly("io server disconnect");
    emitter.ask("cluster.in('" + ada.id() + "').disconnectSockets(true)");
    assertThat(ada.next("disconnect")[0]).isIn("io server disconnect", "transport close");
  }
}
