package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.dist.Cluster.Client;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What workers with python-socketio and Flask-SocketIO can say, to clients of two hosts. */
class PythonEmitterIT {
  private static Redis redis;
  private static Cluster cluster;
  private static TalkingPeer worker;

  private final Client ada = cluster.connect(0, "ada");
  private final Client bob = cluster.connect(1, "bob");

  @BeforeAll
  static void start() {
    redis = Redis.start();
    cluster = new Cluster(redis, 2);
    worker = TalkingPeer.pythonEmitter(redis);
  }

  @AfterAll
  static void stop() {
    worker.close();
    cluster.close();
  }

  @AfterEach
  void disconnect() {
    cluster.disconnectAll();
  }

  /** Flask-SocketIO's words; python-socketio's differ in the name of the object only. */
  private static void flask(String... calls) {
    for (String call : calls) {
      worker.ask("flask." + call);
    }
    worker.ask("flask.emit('said', 'the end', namespace='/cluster')");
  }

  private static void manager(String... calls) {
    for (String call : calls) {
      worker.ask("manager." + call);
    }
    worker.ask("manager.emit('said', 'the end', namespace='/cluster')");
  }

  private static void heard(Client client, String... expected) {
    for (String one : expected) {
      assertThat(String.valueOf(client.said())).isEqualTo(one);
    }
    assertThat(client.said()).isEqualTo("the end");
  }

  @Test
  void everybodyRoomsSocketsAndSkipped() {
    ada.call("join", List.of("red"));
    bob.call("join", List.of("red", "blue"));
    flask(
        "emit('said', 'all', namespace='/cluster')",
        "emit('said', 'blue', namespace='/cluster', to='blue')",
        "emit('said', 'ada', namespace='/cluster', room='" + ada.id() + "')",
        "emit('said', 'not ada', namespace='/cluster', to='red', skip_sid='" + ada.id() + "')",
        "emit('said', 'another namespace')");
    heard(ada, "all", "ada");
    heard(bob, "all", "blue", "not ada");
    manager(
        "emit('said', 'all', namespace='/cluster')",
        "emit('said', 'blue', namespace='/cluster', room='blue')",
        "emit('said', 'ada', namespace='/cluster', room='" + ada.id() + "')",
        "emit('said', 'not bob', namespace='/cluster', skip_sid='" + bob.id() + "')",
        "emit('said', 'nobody', namespace='/cluster', skip_sid=['"
            + String.join("', '", ada.id(), bob.id())
            + "'])",
        "emit('said', 'another namespace')");
    heard(ada, "all", "ada", "not bob");
    heard(bob, "all", "blue");
  }

  @Test
  void valuesArriveAsPythonsServersDeliverThem() throws Exception {
    manager(
        "emit('said', {'text': 'ünï ☃', 'large': 2**53 - 1, 'none': None}, namespace='/cluster')",
        "emit('said', ['one', 'list'], namespace='/cluster')",
        "emit('said', ('one', 'two'), namespace='/cluster')");
    assertThat(((JSONObject) bob.said()).toString())
        .isEqualTo(
            new JSONObject("{\"text\":\"ünï ☃\",\"large\":9007199254740991,\"none\":null}")
                .toString());
    assertThat(((JSONArray) bob.said()).join(",")).isEqualTo("\"one\",\"list\"");
    assertThat(bob.next("said")).containsExactly("one", "two");
    assertThat(bob.said()).isEqualTo("the end");

    worker.ask("manager.emit('said', {'bytes': b'\\x01\\x02\\xff'}, namespace='/cluster')");
    assertThat((byte[]) ((JSONObject) bob.said()).get("bytes")).containsExactly(1, 2, -1);
  }

  @Test
  void roomsMayBeSeveralOrNumbers() {
    ada.call("join", List.of("red", "42"));
    bob.call("join", List.of("blue", "red"));
    manager(
        "emit('said', 'both', namespace='/cluster', room=['red', 'blue'])",
        "emit('said', 'number', namespace='/cluster', room=42)");
    heard(ada, "both", "number");
    heard(bob, "both");
  }

  /** The methods came with 5.10; these are its words in pickles, and 5.14's in JSON. */
  @Test
  void socketsEnterAndLeaveRoomsAsNewerVersionsSayIt() {
    String enter =
        "{'method': 'enter_room', 'sid': '%s', 'room': 'entered', 'namespace': '/cluster',"
            + " 'host_id': 'f00d'}";
    worker.ask("manager._publish(" + enter.formatted(ada.id()) + ")");
    worker.ask("raw('socketio', json.dumps(" + enter.formatted(bob.id()) + "))");
    manager("emit('said', 'in', namespace='/cluster', room='entered')");
    heard(ada, "in");
    heard(bob, "in");
    String leave = enter.replace("enter_room", "leave_room");
    worker.ask("manager._publish(" + leave.formatted(ada.id()) + ")");
    manager("emit('said', 'left', namespace='/cluster', room='entered')");
    heard(ada);
    heard(bob, "left");
  }

  @Test
  void examplesOfFromFlaskSocketioEmit() throws Exception {
    ada.call("join", List.of("user-1"));
    List<String> examples = Docs.examples("from-flask-socketio.md", "python");
    for (String example : examples) {
      String program =
          "import os, socketio\nfrom flask_socketio import SocketIO\n"
              + example.replace("/chat", "/cluster").replace("\"done\"", "\"said\"");
      String _ =
          Peer.run(
              Peer.PYTHON,
              Map.of("REDIS_URL", redis.url()),
              List.of(Peer.python(), "-W", "ignore", "-c", program));
      assertThat((JSONObject) ada.said()).hasToString("{\"job\":7}");
    }
    assertThat(examples).hasSize(2);
  }

  @Test
  void sampleOfAWorkerEmits() {
    for (String channel : List.of("socketio", "flask-socketio")) {
      String _ =
          Peer.run(
              Path.of("../samples/workers"),
              Map.of("REDIS_URL", redis.url()),
              List.of(
                  Peer.python(),
                  "emit.py",
                  "/cluster",
                  "said",
                  "\"hello\"",
                  "7",
                  "--to=" + ada.id(),
                  "--channel=" + channel));
      assertThat(ada.next("said")).containsExactly("hello", 7);
    }
  }

  @Test
  void hostileMessagesAreRefusedAndCountedByEachHost() throws Exception {
    Map<String, List<String>> messages =
        Map.of(
            "MALFORMED",
            List.of(
                "b'hello'",
                "b'{\"method\":\"emit\"'",
                "pickle.dumps({'method': 'emit'})[:-3]",
                "b'\\x80\\x04\\x8e\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x7f.'"),
            "NOT_DATA",
            List.of(
                "pickle.dumps(Command('touch pwned'))", "pickle.dumps({'method': Command('')})"),
            "LIMIT",
            List.of(
                "b'{\"method\":' + b'[' * 200000",
                "b'\\x80\\x04' + b']' * 200000 + b'a' * 199999 + b'.'"),
            "TOO_LARGE",
            List.of("b' ' * (5 << 20)"),
            "RESERVED_EVENT",
            List.of(
                "pickle.dumps({'method': 'emit', 'event': 'connect', 'data': 'x',"
                    + " 'namespace': '/cluster', 'room': None, 'skip_sid': None,"
                    + " 'callback': None, 'host_id': 'x'})"));
    for (List<String> some : messages.values()) {
      some.forEach(message -> worker.ask("raw('flask-socketio', " + message + ")"));
    }
    flask("emit('said', 'still here', namespace='/cluster')");
    heard(ada, "still here");
    heard(bob, "still here");
    for (DormouseProcess process : List.of(cluster.host(0), cluster.host(1))) {
      Admin host = new Admin(process);
      for (var reason : messages.entrySet()) {
        assertThat(host.metric("dormouse_backplane_refused_total{reason=\"" + reason.getKey()))
            .as(reason.getKey())
            .isEqualTo(reason.getValue().size());
      }
    }
  }

  @Test
  void roomsAreClosed() {
    ada.call("join", List.of("room"));
    bob.call("join", List.of("room"));
    flask(
        "emit('said', 'open', namespace='/cluster', to='room')",
        "close_room('room', namespace='/cluster')",
        "emit('said', 'closed', namespace='/cluster', to='room')");
    heard(ada, "open");
    heard(bob, "open");
    bob.call("join", List.of("room"));
    manager(
        "emit('said', 'open', namespace='/cluster', room='room')",
        "close_room('room', '/cluster')",
        "emit('said', 'closed', namespace='/cluster', room='room')");
    heard(ada);
    heard(bob, "open");
  }
}
