package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dormouse.dist.Cluster.Client;
import java.util.List;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Two hosts, a server of Node's and one of Flask-SocketIO's serve a namespace together, as they do
 * while a team migrates. A client is on each: Ada and Bob on the hosts, Nora on Node, Flora on
 * Flask.
 */
class MixedClusterIT {
  private static Cluster cluster;
  private static TalkingPeer node;
  private static TalkingPeer flask;

  private final Client ada = cluster.connect(0, "ada");
  private final Client bob = cluster.connect(1, "bob");
  private final Client nora = cluster.connect(node.url(), "nora", "websocket");
  private final Client flora = cluster.connect(flask.url(), "flora", "polling");

  @BeforeAll
  static void start() {
    Redis redis = Redis.start();
    cluster = new Cluster(redis, 2, "dialects: [node, python]\n    python-pickles: true");
    node = TalkingPeer.nodeServer(redis);
    flask = TalkingPeer.flaskServer(redis);
  }

  @AfterAll
  static void stop() {
    node.close();
    flask.close();
    cluster.close();
  }

  @AfterEach
  void disconnect() {
    cluster.disconnectAll();
  }

  /** Checks that this, and then "the end", is all that a client was told. */
  private static void heard(Client client, String... texts) {
    for (String text : texts) {
      assertThat(client.said()).isEqualTo(text);
    }
    assertThat(client.said()).isEqualTo("the end");
  }

  @Test
  void whatAHostSaysIsHeardOnceOnEveryServer() {
    nora.call("join", List.of("red"));
    flora.call("join", List.of("blue"));
    bob.call("join", List.of("red", "blue"));
    ada.call("say", List.of(), "all");
    ada.call("say", List.of("red"), "red");
    ada.call("say", List.of("red", "blue"), "both");
    ada.call("say-except", List.of(), List.of(nora.id()), "not nora");
    ada.call("say-except", List.of(), List.of(flora.id()), "not flora");
    ada.call("say", List.of(), "the end");
    heard(ada, "all", "not nora", "not flora");
    heard(bob, "all", "red", "both", "not nora", "not flora");
    heard(nora, "all", "red", "both", "not flora");
    heard(flora, "all", "both", "not nora");
  }

  @Test
  void whatNodeSaysIsHeardOnceOnEveryHost() {
    ada.call("join", List.of("red"));
    nora.call("say", List.of(), "all");
    nora.call("say", List.of("red"), "red");
    node.ask("cluster.except('" + bob.id() + "').emit('said', 'not bob')");
    nora.call("say", List.of(), "the end");
    heard(ada, "all", "red", "not bob");
    heard(bob, "all");
    heard(nora, "all", "not bob");
    heard(flora, "all", "not bob");
  }

  @Test
  void whatFlaskSaysIsHeardOnceOnEveryHost() {
    ada.call("join", List.of("red"));
    flora.call("say", List.of(), "all");
    flora.call("say", List.of("red"), "red");
    flask.ask(
        "socketio.emit('said', 'not bob', namespace='/cluster', skip_sid='" + bob.id() + "')");
    flora.call("say", List.of(), "the end");
    heard(ada, "all", "red", "not bob");
    heard(bob, "all");
    heard(flora, "all", "not bob");
    heard(nora, "all", "not bob");
  }

  @Test
  void binaryTravelsBothWays() throws Exception {
    ada.call("say", List.of(), new JSONObject().put("bytes", new byte[] {1, -1}));
    assertThat((byte[]) ((JSONObject) nora.said()).get("bytes")).containsExactly(1, -1);
    assertThat((byte[]) ((JSONObject) flora.said()).get("bytes")).containsExactly(1, -1);
    node.ask("cluster.to('" + bob.id() + "').emit('said', Buffer.from([2, 254]))");
    bob.said();
    assertThat((byte[]) bob.said()).containsExactly(2, -2);
    flask.ask("socketio.emit('said', b'\\x03', namespace='/cluster', to='" + ada.id() + "')");
    ada.said();
    assertThat((byte[]) ada.said()).containsExactly(3);
  }

  @Test
  void severalArgumentsStaySeveral() throws Exception {
    ada.call("say-many", "one", new JSONObject("{\"two\":2}"), List.of("three"));
    for (Client client : List.of(bob, nora, flora)) {
      assertThat(client.next("said"))
          .extracting(Object::toString)
          .containsExactly("one", "{\"two\":2}", "[\"three\"]");
    }
    flask.ask(
        "socketio.emit('said', ('one', ['two']), namespace='/cluster', to='" + bob.id() + "')");
    assertThat(bob.next("said")).extracting(Object::toString).containsExactly("one", "[\"two\"]");
  }

  @Test
  void nodeAndHostsFindEachOthersSockets() throws Exception {
    bob.call("join", List.of("found"));
    nora.call("join", List.of("found"));
    assertThat(ada.found("found"))
        .extracting(socket -> socket.getString("id") + " " + socket.getString("token"))
        .containsExactlyInAnyOrder(bob.id() + " of-bob", nora.id() + " of-nora");
    assertThat(
            node.ask(
                "(await cluster.in('found').fetchSockets()).map(s =>"
                    + " [s.id, s.handshake.auth.token, s.data.name, [...s.rooms].includes('found')])"))
        .map(Object::toString)
        .containsExactlyInAnyOrder(
            "[\"%s\",\"of-bob\",\"bob\",true]".formatted(bob.id()),
            "[\"%s\",\"of-nora\",\"nora\",true]".formatted(nora.id()));
    assertThat(node.ask("[...await cluster.adapter.allRooms()].includes('" + ada.id() + "')"))
        .hasToString("true");
  }

  @Test
  void nodeAndHostsMoveEachOthersSockets() {
    bob.call("join", List.of("from"));
    nora.call("join", List.of("from"));
    ada.call("sockets-join", List.of("from"), List.of("host-says"));
    node.ask("cluster.in('from').socketsJoin('node-says')");
    for (String room : List.of("host-says", "node-says")) {
      await().until(() -> ada.found(room).size() == 2);
    }
    ada.call("sockets-leave", List.of("from"), List.of("host-says"));
    node.ask("cluster.in('from').socketsLeave('node-says')");
    for (String room : List.of("host-says", "node-says")) {
      await().until(() -> ada.found(room).isEmpty());
    }
  }

  @Test
  void nodeAndHostsDisconnectEachOthersSockets() {
    node.ask("cluster.in('" + bob.id() + "').disconnectSockets()");
    assertThat(bob.next("disconnect")).containsExactly("io server disconnect");
    ada.call("disconnect-sockets", List.of(nora.id()), false);
    assertThat(nora.next("disconnect")).containsExactly("io server disconnect");
  }

  @Test
  void nodeAndHostsAskEachOthersSockets() throws Exception {
    JSONObject replies = (JSONObject) ada.call("ask", List.of(bob.id(), nora.id()), "who?");
    assertThat(replies.getJSONArray("values").join(",")).contains("bob: who?", "nora: who?");
    assertThat(replies.getInt("missing")).isZero();
    assertThat(
            node.ask(
                "await cluster.to(['%s', '%s', '%s']).timeout(3000).emitWithAck('question', '?')"
                    .formatted(ada.id(), bob.id(), nora.id())))
        .map(Object::toString)
        .containsExactlyInAnyOrder("\"ada: ?\"", "\"bob: ?\"", "\"nora: ?\"");
  }

  @Test
  void nodeAndHostsTalkToEachOther() throws Exception {
    node.ask("cluster.serverSideEmit('server-event', 'from node')");
    assertThat(ada.said()).isEqualTo("server: from node");
    assertThat(bob.said()).isEqualTo("server: from node");
    assertThat(node.ask("await cluster.serverSideEmitWithAck('server-event', 'who?')"))
        .map(Object::toString)
        .containsExactly("\"host heard who?\"", "\"host heard who?\"");
    JSONObject replies = (JSONObject) ada.call("ask-servers", "you?");
    assertThat(replies.getJSONArray("values").join(",")).contains("host heard you?", "node");
    assertThat(node.ask("heard").toString()).contains("[\"you?\"]");
  }

  @Test
  void flaskReachesSocketsOfHosts() {
    flask.ask(
        "socketio.emit('question', 'who?', namespace='/cluster', to='%s',".formatted(bob.id())
            + " callback=answers.append)");
    await().until(() -> flask.ask("answers").toString().equals("[\"bob: who?\"]"));
    ada.call("join", List.of("closing"));
    flask.ask("socketio.close_room('closing', namespace='/cluster')");
    await().until(() -> bob.found("closing").isEmpty());
    flask.ask("server.disconnect('" + bob.id() + "', namespace='/cluster')");
    assertThat(bob.next("disconnect")).containsExactly("io server disconnect");
  }

  @Test
  void hostsReachSocketsOfFlask() {
    flora.call("join", List.of("closing"));
    flora.call("say", List.of("closing"), "open");
    ada.call("sockets-leave", List.of("closing"), List.of("closing"));
    ada.call("say", List.of(), "closed");
    assertThat(flora.said()).isEqualTo("open");
    assertThat(flora.said()).isEqualTo("closed");
    flora.call("say", List.of("closing"), "nobody");
    flora.call("say", List.of(), "the end");
    heard(flora);
    ada.call("disconnect-sockets", List.of(flora.id()), false);
    assertThat(flora.next("disconnect")).containsExactly("io server disconnect");
  }
}
