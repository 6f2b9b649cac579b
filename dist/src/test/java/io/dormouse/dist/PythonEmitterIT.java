package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.dist.Cluster.Client;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What workers with python-socketio and Flask-SocketIO can say, to clients of two hosts. */
class PythonEmitterIT {
  private static Cluster cluster;
  private static TalkingPeer worker;

  private final Client ada = cluster.connect(0, "ada");
  private final Client bob = cluster.connect(1, "bob");

  @BeforeAll
  static void start() {
    Redis redis = Redis.start();
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
