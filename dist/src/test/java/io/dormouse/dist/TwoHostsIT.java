package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dormouse.dist.Cluster.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every operator over two hosts: Ada and Eve are on the first, Bob and Dan on the second. */
class TwoHostsIT {
  private static Cluster cluster;

  private final Client ada = cluster.connect(0, "ada");
  private final Client eve = cluster.connect(0, "eve");
  private final Client bob = cluster.connect(1, "bob");
  private final Client dan = cluster.connect(1, "dan");

  @BeforeAll
  static void start() {
    cluster = new Cluster(Redis.start(), 2);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @AfterEach
  void disconnect() {
    cluster.disconnectAll();
  }

  /** Has everybody told that this is the end, and returns what each was told before. */
  private List<List<Object>> heardBy(Client... clients) {
    ada.call("say", List.of(), "the end");
    List<List<Object>> heard = new ArrayList<>();
    for (Client client : clients) {
      List<Object> said = new ArrayList<>();
      for (Object next = client.said(); !next.equals("the end"); next = client.said()) {
        said.add(next);
      }
      heard.add(said);
    }
    return heard;
  }

  private List<List<Object>> heard() {
    return heardBy(ada, eve, bob, dan);
  }

  private static List<List<Object>> each(String... texts) {
    return IntStream.range(0, 4)
        .mapToObj(i -> texts[i].isEmpty() ? List.<Object>of() : List.<Object>of(texts[i]))
        .toList();
  }

  @Test
  void aBroadcastReachesEverybodyOnce() {
    ada.call("say", List.of(), "hello");
    assertThat(heard()).isEqualTo(each("hello", "hello", "hello", "hello"));
  }

  @Test
  void roomsAddUpAndExceptionsAreLeftOut() {
    ada.call("join", List.of("red"));
    bob.call("join", List.of("red", "blue"));
    dan.call("join", List.of("blue"));
    ada.call("say", List.of("red", "blue"), "colours");
    assertThat(heard()).isEqualTo(each("colours", "", "colours", "colours"));
    ada.call("say", List.of("red"), "red");
    assertThat(heard()).isEqualTo(each("red", "", "red", ""));
    ada.call("say-except", List.of(), List.of("blue"), "not blue");
    assertThat(heard()).isEqualTo(each("not blue", "not blue", "", ""));
    ada.call("say-except", List.of("red", "blue"), List.of(dan.id()), "not dan");
    assertThat(heard()).isEqualTo(each("not dan", "", "not dan", ""));
  }

  @Test
  void flagsHold() {
    ada.call("say-as", "others", "others");
    ada.call("say-as", "local", "local");
    ada.call("say-as", "volatile", "volatile");
    ada.call("say-as", "uncompressed", "uncompressed");
    List<Object> far = List.of("others", "volatile", "uncompressed");
    assertThat(heard())
        .isEqualTo(
            List.of(
                List.of("local", "volatile", "uncompressed"),
                List.of("others", "local", "volatile", "uncompressed"),
                far,
                far));
  }

  @Test
  void valuesArriveAsTheyAre() throws Exception {
    JSONObject value =
        new JSONObject(
            """
            {"text": "ünï ☃ 𝄞", "large": 9007199254740991, "half": 0.5, "none": null,
             "list": [1, true, []], "object": {"": {}}}
            """);
    ada.call("say", List.of(), value);
    assertThat(bob.said()).hasToString(value.toString());
    ada.call("say", List.of(), new JSONObject().put("bytes", new byte[] {1, 2, -1}));
    assertThat((byte[]) ((JSONObject) bob.said()).get("bytes")).containsExactly(1, 2, -1);
    byte[] large = new byte[900_000];
    large[899_999] = 7;
    ada.call("say", List.of(), large);
    assertThat((byte[]) bob.said()).isEqualTo(large);
    ada.call("say-many", "one", 2, List.of("three"));
    assertThat(bob.next("said"))
        .extracting(String::valueOf)
        .containsExactly("one", "2", "[\"three\"]");
  }

  @Test
  void everyHostsSocketsAreAskedAndWhoIsSilentIsCounted() throws Exception {
    for (Client client : List.of(ada, eve, bob, dan)) {
      client.call("join", List.of("asked"));
    }
    JSONObject replies = (JSONObject) ada.call("ask", List.of("asked"), "who?");
    assertThat(replies.getJSONArray("values").join(","))
        .contains("ada: who?", "eve: who?", "bob: who?", "dan: who?");
    assertThat(replies.getInt("missing")).isZero();

    dan.socket().off("question");
    replies = (JSONObject) ada.call("ask", List.of("asked"), "who?");
    assertThat(replies.getJSONArray("values").length()).isEqualTo(3);
    assertThat(replies.getInt("missing")).isEqualTo(1);
  }

  @Test
  void socketsOfAllHostsAreFound() throws Exception {
    ada.call("join", List.of("found", "also"));
    bob.call("join", List.of("found"));
    List<JSONObject> found = ada.found("found");
    assertThat(found).hasSize(2);
    JSONObject far = found.get(found.getFirst().get("id").equals(bob.id()) ? 0 : 1);
    assertThat(far.getString("id")).isEqualTo(bob.id());
    assertThat(far.getJSONArray("rooms")).hasToString("[\"found\"]");
    assertThat(far.getString("name")).isEqualTo("bob");
    assertThat(far.getString("token")).isEqualTo("of-bob");
    assertThat(dan.found()).hasSize(4);
  }

  @Test
  void socketsOfAllHostsJoinAndLeaveRooms() {
    bob.call("join", List.of("from"));
    ada.call("sockets-join", List.of("from"), List.of("to", "and"));
    ada.call("say", List.of("to"), "joined");
    ada.call("sockets-leave", List.of("from"), List.of("to"));
    ada.call("say", List.of("to"), "left");
    ada.call("say", List.of("and"), "stayed");
    assertThat(heardBy(bob)).containsExactly(List.of("joined", "stayed"));
  }

  @Test
  void socketsOfAllHostsAreDisconnected() {
    eve.call("join", List.of("out"));
    bob.call("join", List.of("out"));
    dan.call("join", List.of("closed"));
    ada.call("disconnect-sockets", List.of("out"), false);
    assertThat(eve.next("disconnect")).containsExactly("io server disconnect");
    assertThat(bob.next("disconnect")).containsExactly("io server disconnect");
    ada.call("disconnect-sockets", List.of("closed"), true);
    assertThat(dan.next("disconnect")[0]).isIn("io server disconnect", "transport close");
    await().until(() -> ada.found().size() == 1);
  }

  @Test
  void aSocketOfAnotherHostIsAddressedByItsId() {
    ada.call("remote-emit", bob.id(), "you there");
    assertThat(bob.said()).isEqualTo("you there");
    assertThat(ada.call("remote-ask", bob.id(), "who?")).isEqualTo("bob: who?");
    ada.call("remote-join", bob.id(), "far");
    ada.call("say", List.of("far"), "in the room");
    assertThat(bob.said()).isEqualTo("in the room");
    ada.call("remote-leave", bob.id(), "far");
    ada.call("say", List.of("far"), "to nobody");
    ada.call("say", List.of(bob.id()), "to bob alone");
    assertThat(heard()).isEqualTo(each("", "", "to bob alone", ""));
    ada.call("remote-disconnect", bob.id());
    assertThat(bob.next("disconnect")).containsExactly("io server disconnect");
  }

  @Test
  void hostsTalkToEachOther() throws Exception {
    ada.call("tell-servers", "news");
    assertThat(bob.said()).isEqualTo("server: news");
    assertThat(dan.said()).isEqualTo("server: news");
    assertThat(heard()).isEqualTo(each("", "", "", ""));
    JSONObject replies = (JSONObject) ada.call("ask-servers", "anybody?");
    assertThat(replies.getJSONArray("values")).hasToString("[\"host heard anybody?\"]");
    assertThat(replies.getInt("missing")).isZero();
  }

  @Test
  void orderIsKeptOverRoomsAndEverybody() throws Exception {
    try (NumberReceiver near = new NumberReceiver(cluster.host(0));
        NumberReceiver far = new NumberReceiver(cluster.host(1))) {
      ada.call("count", "order", 5_000, 50);
      for (NumberReceiver receiver : List.of(near, far)) {
        await().until(() -> receiver.last("order") == 5_000);
        assertThat(receiver.tally("order", 5_000)).isEqualTo(NumberReceiver.Tally.PERFECT);
      }
    }
  }
}
