package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.socket.client.Ack;
import io.socket.client.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The official Java client, by polling, by WebSocket, and with an upgrade. */
@ExtendWith(SharedHost.class)
class JavaClientIT {
  private final DormouseProcess host;

  JavaClientIT(DormouseProcess host) {
    this.host = host;
  }

  static Stream<List<String>> transports() {
    return Stream.of(List.of("polling"), List.of("websocket"), List.of("polling", "websocket"));
  }

  private JavaClient client(List<String> transports) {
    return new JavaClient(host.url(), transports.toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("transports")
  void connectsAndUpgrades(List<String> transports) throws Exception {
    try (JavaClient client = client(transports)) {
      Socket socket = client.connect("/features", null);
      await()
          .untilAsserted(
              () ->
                  assertThat(JavaClient.call(socket, "transport"))
                      .containsExactly(transports.getLast()));
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void namespacesShareAConnection(List<String> transports) throws Exception {
    try (JavaClient client = client(transports)) {
      Socket root = client.connect("/", Map.of("token", "123"), "auth");
      assertThat(client.next("/", "auth")[0]).hasToString("{\"token\":\"123\"}");
      Socket red = client.connect("/pattern-red", null, "said");
      assertThat(red.id()).isNotEqualTo(root.id());
      red.emit("say", "hello");
      assertThat(client.next("/pattern-red", "said")).containsExactly("red", "hello");
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void refusalsAreTold(List<String> transports) throws Exception {
    try (JavaClient client = client(transports)) {
      client.socket("/nowhere", null, Socket.EVENT_CONNECT_ERROR).connect();
      JSONObject unknown = (JSONObject) client.next("/nowhere", Socket.EVENT_CONNECT_ERROR)[0];
      assertThat(unknown.toString()).isEqualTo("{\"message\":\"Invalid namespace\"}");

      client.socket("/private", Map.of("token", "no"), Socket.EVENT_CONNECT_ERROR).connect();
      JSONObject refused = (JSONObject) client.next("/private", Socket.EVENT_CONNECT_ERROR)[0];
      assertThat(refused.getString("message")).isEqualTo("not authorized");
      assertThat(refused.getJSONObject("data").getInt("code")).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void acksGoBothWays(List<String> transports) throws Exception {
    try (JavaClient client = client(transports)) {
      Socket socket = client.connect("/features", null);
      socket.on(
          "question",
          arguments ->
              ((Ack) arguments[1])
                  .call(arguments[0].toString().toUpperCase(java.util.Locale.ROOT)));
      assertThat(JavaClient.call(socket, "ask", "who?")).containsExactly("WHO?");
      assertThat(JavaClient.call(socket, "echo", 1, "ünï ☃ 𝄞", JSONObject.NULL, true))
          .extracting(String::valueOf)
          .containsExactly("1", "ünï ☃ 𝄞", "null", "true");
      assertThat(JavaClient.call(socket, "nothing")).isEmpty();
      JSONObject refused = (JSONObject) JavaClient.call(socket, "refuse")[0];
      assertThat(refused.getJSONObject("error").getString("code")).isEqualTo("closed");
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void binaryTravelsInsideObjects(List<String> transports) throws Exception {
    try (JavaClient client = client(transports)) {
      Socket socket = client.connect("/features", null, "reversed");
      JSONObject blobs =
          new JSONObject()
              .put("first", new byte[] {1, 2, -1})
              .put("rest", new JSONArray().put(new byte[] {7}).put(new byte[0]));
      JSONObject answer = (JSONObject) JavaClient.call(socket, "reverse", blobs)[0];
      assertThat((byte[]) answer.get("first")).containsExactly(-1, 2, 1);
      assertThat((byte[]) answer.getJSONArray("rest").get(1)).containsExactly(7);
      Object[] event = client.next("/features", "reversed");
      assertThat((byte[]) ((JSONObject) event[0]).get("first")).containsExactly(-1, 2, 1);
      assertThat(event[1]).isEqualTo("and text");

      byte[] large = new byte[1_000_000];
      assertThat((byte[]) JavaClient.call(socket, "echo", large)[0]).isEqualTo(large);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aThousandEventsKeepTheirOrderBothWays(List<String> transports) throws Exception {
    try (JavaClient client = client(transports)) {
      Socket socket = client.connect("/features", null, "counted", "number");
      socket.emit("count-to", 1000);
      for (int number = 1; number <= 1000; number++) {
        socket.emit("count", number);
      }
      List<Object> expected = new ArrayList<>(IntStream.rangeClosed(1, 1000).boxed().toList());
      assertThat(take(client, "counted")).isEqualTo(expected);
      assertThat(take(client, "number")).isEqualTo(expected);
      assertThat(((JSONObject) JavaClient.call(socket, "count-report")[0]).getBoolean("inOrder"))
          .isTrue();
    }
  }

  private static List<Object> take(JavaClient client, String event) throws InterruptedException {
    List<Object> taken = new ArrayList<>();
    while (taken.size() < 1000) {
      taken.add(client.next("/features", event)[0]);
    }
    return taken;
  }

  @ParameterizedTest
  @MethodSource("transports")
  void roomsReachWhoIsInThem(List<String> transports) throws Exception {
    String room = "java " + transports;
    try (JavaClient ada = client(transports);
        JavaClient bob = client(transports)) {
      Socket adas = ada.connect("/features", Map.of("name", "ada"), "said");
      Socket bobs = bob.connect("/features", Map.of("name", "bob"), "said", "disconnect");
      JavaClient.call(adas, "join", new JSONArray().put(room));
      JavaClient.call(bobs, "join", new JSONArray().put(room));
      JavaClient.call(bobs, "say", "socket", new JSONArray().put(room), new JSONArray(), "hello");
      assertThat(ada.next("/features", "said")).containsExactly("hello");
      JSONArray found = (JSONArray) JavaClient.call(adas, "fetch", room)[0];
      assertThat(found.length()).isEqualTo(2);

      bobs.emit("disconnect-me", false);
      assertThat(bob.next("/features", "disconnect")).containsExactly("io server disconnect");
      found = (JSONArray) JavaClient.call(adas, "fetch", room)[0];
      assertThat(found.length()).isEqualTo(1);
    }
  }
}
