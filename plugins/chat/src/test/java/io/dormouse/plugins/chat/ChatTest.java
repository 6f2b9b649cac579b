package io.dormouse.plugins.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dormouse.test.TestClient;
import io.dormouse.test.TestHost;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.MapAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChatTest {
  private TestHost host = TestHost.of(Chat::new);

  @AfterEach
  void stop() {
    host.close();
  }

  @Test
  void welcomesWithAPersonAndTheLimits() {
    TestClient ada = host.connect("/chat", Map.of("name", "  Ada ", "key", key("Ada")));

    fields(ada.next("welcome"))
        .containsEntry("you", Map.of("id", People.idOf(key("Ada")), "name", "Ada"))
        .containsEntry("lobby", "lobby")
        .containsEntry("textLimit", 2_000);
  }

  @Test
  void refusesABadNameAndOneThatSomebodyHas() {
    connect("Ada");

    assertThatThrownBy(() -> connect("<Ada>")).satisfies(refusal -> refused(refusal, "bad_name"));
    assertThatThrownBy(() -> host.connect("/chat"))
        .satisfies(refusal -> refused(refusal, "bad_name"));
    assertThatThrownBy(() -> host.connect("/chat", Map.of("name", "aDA", "key", key("Eve"))))
        .satisfies(refusal -> refused(refusal, "name_taken"));
  }

  @Test
  void aNameIsFreeWhenItsLastSocketHasLeft() {
    TestClient watcher = inRoom("Bob", "lobby");
    TestClient ada = inRoom("Ada", "lobby");
    ada.disconnect();
    watcher.next("left");

    Map<String, String> someoneElse = Map.of("name", "Ada", "key", key("Eve"));
    await()
        .ignoreExceptionsInstanceOf(TestClient.Refused.class)
        .until(() -> host.connect("/chat", someoneElse).connected());
  }

  @Test
  void twoTabsAreOnePerson() {
    TestClient first = connect("Ada");
    TestClient second = connect("Ada");

    assertThat(fields(first.next("welcome")).actual().get("you"))
        .isEqualTo(fields(second.next("welcome")).actual().get("you"));
    first.emitWithAck("join", "lobby");
    second.emitWithAck("join", "lobby");
    assertThat(first.emitWithAck("rooms")).isEqualTo(List.of(Map.of("name", "lobby", "people", 1)));
  }

  @Test
  void aLineReachesAllInTheRoomButItsSender() {
    TestClient ada = inRoom("Ada", "garden");
    TestClient bob = inRoom("Bob", "garden");
    TestClient eve = inRoom("Eve", "lobby");

    Object ack = ada.emitWithAck("say", say("garden", "1", " hello "));

    fields(ack).containsEntry("text", "hello").containsEntry("from", person("Ada"));
    assertThat(bob.nextArguments("line")).isEqualTo(List.of("garden", ack));
    bob.emitWithAck("say", say("garden", "2", "hi"));
    ada.nextArguments("line");
    eve.emitWithAck("rooms");
    assertThat(ada.pending("line")).isZero();
    assertThat(eve.pending("line")).isZero();
  }

  @Test
  void aNewcomerReadsTheLastLines() {
    restart(Map.of("history", 3));
    TestClient ada = inRoom("Ada", "lobby");
    for (int i = 1; i <= 5; i++) {
      ada.emitWithAck("say", say("lobby", "id" + i, "line " + i));
    }

    Object joined = connect("Bob").emitWithAck("join", "Lobby ");

    fields(joined)
        .containsEntry("room", "lobby")
        .extractingByKey("lines", InstanceOfAssertFactories.LIST)
        .extracting("text")
        .containsExactly("line 3", "line 4", "line 5");
  }

  @Test
  void whoJoinsAndLeavesIsTold() {
    TestClient ada = inRoom("Ada", "lobby");
    TestClient bob = connect("Bob");

    Object joined = bob.emitWithAck("join", "lobby");

    Map<String, Object> present = Map.of("socket", bob.id(), "person", person("Bob"));
    assertThat(ada.nextArguments("joined")).isEqualTo(List.of("lobby", present));
    fields(joined)
        .extractingByKey("people", InstanceOfAssertFactories.LIST)
        .containsExactlyInAnyOrder(present, Map.of("socket", ada.id(), "person", person("Ada")));
    bob.emitWithAck("leave", "lobby");
    assertThat(ada.nextArguments("left")).isEqualTo(List.of("lobby", bob.id()));
    bob.emitWithAck("join", "lobby");
    bob.close();
    assertThat(ada.nextArguments("left")).isEqualTo(List.of("lobby", bob.id()));
  }

  @Test
  void joiningAgainTellsNobodyAndAnswersTheSame() {
    TestClient ada = inRoom("Ada", "lobby");
    TestClient bob = inRoom("Bob", "lobby");
    ada.next("joined");
    ada.emitWithAck("say", say("lobby", "1", "hello"));

    Object again = bob.emitWithAck("join", "lobby");

    fields(again).extractingByKey("lines", InstanceOfAssertFactories.LIST).hasSize(1);
    ada.emitWithAck("rooms");
    assertThat(ada.pending("joined")).isZero();
  }

  @Test
  void aLineSentAgainIsSaidOnce() {
    TestClient ada = inRoom("Ada", "lobby");
    TestClient bob = inRoom("Bob", "lobby");
    Object first = ada.emitWithAck("say", say("lobby", "1", "hello"));

    Object second = ada.emitWithAck("say-again", say("lobby", "1", "hello"));
    ada.emitWithAck("say-again", say("lobby", "2", "lost before"));

    assertThat(second).isEqualTo(first);
    assertThat(bob.nextArguments("line").get(1)).isEqualTo(first);
    fields(bob.nextArguments("line").get(1)).containsEntry("text", "lost before");
  }

  @Test
  void refusesWhatIsTooLongOrInTheWrongPlace() {
    TestClient ada = inRoom("Ada", "lobby");

    error("too_long", ada.emitWithAck("say", say("lobby", "1", "x".repeat(2_001))));
    error("empty_text", ada.emitWithAck("say", say("lobby", "1", " ")));
    error("bad_id", ada.emitWithAck("say", say("lobby", "", "x")));
    error("bad_payload", ada.emitWithAck("say", Map.of("room", "lobby")));
    error("bad_payload", ada.emitWithAck("say", "hello"));
    error("not_in_room", ada.emitWithAck("say", say("garden", "1", "x")));
    error("not_in_room", ada.emitWithAck("leave", "garden"));
    error("bad_room", ada.emitWithAck("join", "no spaces"));
    error("bad_name", ada.emitWithAck("rename", "x".repeat(25)));
    error("to_yourself", ada.emitWithAck("whisper", whisper(ada, "1", "x")));
  }

  @Test
  void aSocketIsInAFewRoomsOnly() {
    TestClient ada = connect("Ada");
    IntStream.range(0, Limits.ROOMS_PER_SOCKET).forEach(i -> ada.emitWithAck("join", "room" + i));

    error("too_many_rooms", ada.emitWithAck("join", "one-more"));
    ada.emitWithAck("leave", "room0");
    fields(ada.emitWithAck("join", "one-more")).containsKey("lines");
  }

  @Test
  void aRoomHasALimit() {
    restart(Map.of("people", 1));
    inRoom("Ada", "lobby");
    TestClient bob = connect("Bob");

    error("room_full", bob.emitWithAck("join", "lobby"));
    error("not_in_room", bob.emitWithAck("say", say("lobby", "1", "x")));
  }

  @Test
  void theRoomThatWasQuietForLongestMakesSpace() {
    restart(Map.of("rooms", 3));
    TestClient ada = connect("Ada");
    for (String room : List.of("old", "young")) {
      ada.emitWithAck("join", room);
      ada.emitWithAck("say", say(room, "1", "x"));
    }
    error("too_many_rooms", ada.emitWithAck("join", "another"));
    ada.emitWithAck("leave", "young");
    ada.emitWithAck("leave", "old");

    ada.emitWithAck("join", "another");

    assertThat(ada.emitWithAck("rooms"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .extracting("name")
        .containsExactly("another", "lobby", "young");
  }

  @Test
  void aNewRoomIsAnnounced() {
    TestClient ada = connect("Ada");
    TestClient bob = connect("Bob");

    ada.emitWithAck("join", "lobby");
    ada.emitWithAck("join", "garden");

    assertThat(bob.next("created")).isEqualTo("garden");
  }

  @Test
  void aWhisperReachesOnePersonAndTheOwnOtherTab() {
    TestClient ada = connect("Ada");
    TestClient adasOtherTab = connect("Ada");
    TestClient bob = connect("Bob");
    TestClient eve = inRoom("Eve", "lobby");
    bob.answer("whisper", line -> true);

    Object ack = ada.emitWithAck("whisper", whisper(bob, "1", "psst"));

    fields(ack).containsEntry("text", "psst");
    assertThat(bob.nextArguments("whisper")).isEqualTo(List.of(person("Bob"), ack));
    assertThat(adasOtherTab.nextArguments("whisper")).isEqualTo(List.of(person("Bob"), ack));
    eve.emitWithAck("rooms");
    assertThat(eve.pending("whisper")).isZero();
  }

  @Test
  void aWhisperThatNobodyTakesIsNotDelivered() {
    TestClient ada = connect("Ada");
    TestClient bob = connect("Bob");

    error("not_here", ada.emitWithAck("whisper", whisper(bob, "1", "bob does not answer")));
    error("not_here", ada.emitWithAck("whisper", Map.of("to", "nobody", "id", "2", "text", "x")));
  }

  @Test
  void aNewNameIsTheNameInAllTabs() {
    TestClient ada = inRoom("Ada", "lobby");
    TestClient adasOtherTab = inRoom("Ada", "lobby");
    TestClient bob = inRoom("Bob", "lobby");
    error("name_taken", ada.emitWithAck("rename", "bob"));

    Object renamed = ada.emitWithAck("rename", "Countess");

    fields(renamed).containsEntry("id", People.idOf(key("Ada"))).containsEntry("name", "Countess");
    assertThat(bob.next("renamed")).isEqualTo(renamed);
    assertThat(adasOtherTab.next("renamed")).isEqualTo(renamed);
    fields(adasOtherTab.emitWithAck("say", say("lobby", "1", "x"))).containsEntry("from", renamed);
    host.connect("/chat", Map.of("name", "Ada", "key", key("Eve")));
  }

  @Test
  void typingIsSeenByTheOthers() {
    TestClient ada = inRoom("Ada", "lobby");
    TestClient bob = inRoom("Bob", "lobby");

    ada.emit("typing", "lobby");
    ada.emit("typing-to", personId(bob));

    assertThat(bob.nextArguments("typing")).isEqualTo(List.of("lobby", person("Ada")));
    assertThat(bob.next("typing-to")).isEqualTo(person("Ada"));
    assertThat(ada.pending("typing")).isZero();
  }

  @Test
  void aConversationGoesOnAcrossAReplacementAndASleep() {
    TestClient ada = inRoom("Ada", "garden");
    TestClient bob = inRoom("Bob", "garden");
    ada.emitWithAck("rename", "Countess");
    Object first = ada.emitWithAck("say", say("garden", "1", "before"));
    assertThat(bob.nextArguments("line")).isEqualTo(List.of("garden", first));

    host.replace(Chat::new);

    Object second = bob.emitWithAck("say", say("garden", "2", "after the replacement"));
    assertThat(ada.nextArguments("line")).isEqualTo(List.of("garden", second));

    host.hibernate();

    Object third = ada.emitWithAck("say", say("garden", "3", "after the sleep"));
    fields(third).containsEntry("from", Map.of("id", People.idOf(key("Ada")), "name", "Countess"));
    assertThat(bob.nextArguments("line")).isEqualTo(List.of("garden", third));
    error("name_taken", bob.emitWithAck("rename", "countess"));

    host.hibernate();

    Object joined = connect("Eve").emitWithAck("join", "garden");
    fields(joined).containsEntry("lines", List.of(first, second, third));
    assertThat(ada.nextArguments("joined").getFirst()).isEqualTo("garden");
    host.rollback();
    bob.close();
    assertThat(ada.nextArguments("left")).isEqualTo(List.of("garden", bob.id()));
  }

  private void restart(Map<String, Object> configuration) {
    host.close();
    host = TestHost.of(Chat::new, configuration);
  }

  private TestClient connect(String name) {
    return host.connect("/chat", Map.of("name", name, "key", key(name)));
  }

  private TestClient inRoom(String name, String room) {
    TestClient client = connect(name);
    client.emitWithAck("join", room);
    return client;
  }

  private static String key(String name) {
    return name + "-0123456789abcdef";
  }

  private static Map<String, String> person(String name) {
    return Map.of("id", People.idOf(key(name)), "name", name);
  }

  private static Map<String, String> say(String room, String id, String text) {
    return Map.of("room", room, "id", id, "text", text);
  }

  private static Map<String, Object> whisper(TestClient to, String id, String text) {
    return Map.of("to", personId(to), "id", id, "text", text);
  }

  private static Object personId(TestClient client) {
    Object you = fields(client.next("welcome")).actual().get("you");
    return fields(you).actual().get("id");
  }

  private static MapAssert<Object, Object> fields(@Nullable Object value) {
    return assertThat(value).asInstanceOf(InstanceOfAssertFactories.MAP);
  }

  private static void error(String code, @Nullable Object ack) {
    fields(ack)
        .extractingByKey("error", InstanceOfAssertFactories.MAP)
        .containsEntry("code", code)
        .containsKey("message");
  }

  private static void refused(Throwable refusal, String code) {
    assertThat(refusal)
        .isInstanceOfSatisfying(
            TestClient.Refused.class,
            refused -> fields(refused.data()).containsEntry("code", code));
  }
}
