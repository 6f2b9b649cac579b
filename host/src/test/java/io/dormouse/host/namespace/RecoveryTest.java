package io.dormouse.host.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.api.Socket;
import io.dormouse.host.namespace.NamespaceFixture.Client;
import io.dormouse.host.protocol.Encoder;
import io.dormouse.host.protocol.EventData;
import io.dormouse.host.protocol.ValueCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecoveryTest {
  private static final Pattern CONNECTED =
      Pattern.compile("40\\{\"sid\":\"(.+)\",\"pid\":\"(.+)\"}");
  private static final Pattern EVENT = Pattern.compile("42\\[(.*),\"([^\"]*)\"]");

  private final BlockingQueue<String> left = new LinkedBlockingQueue<>();
  private final AtomicInteger middlewareRuns = new AtomicInteger();
  private final List<Boolean> recovered = new ArrayList<>();
  private NamespaceFixture host = host(RecoverySettings.defaults());

  @AfterEach
  void stop() {
    host.close();
  }

  private NamespaceFixture host(RecoverySettings settings) {
    return new NamespaceFixture(SocketSettings.defaults(), settings)
        .open(
            "/",
            NamespaceFixture.handlers()
                .recoverable()
                .use((socket, handshake) -> middlewareRuns.incrementAndGet())
                .connect((socket, handshake) -> recovered.add(socket.recovered()))
                .on("join", (socket, arguments) -> join(socket))
                .on("alone", (socket, arguments) -> alone(socket))
                .on("who", (socket, arguments) -> who(socket))
                .disconnect((socket, reason) -> left.add(reason.toString())));
  }

  private static Object join(Socket socket) {
    socket.join("red");
    socket.data().put("name", "Ada");
    return true;
  }

  private static Object alone(Socket socket) {
    socket.emit("alone", 7);
    return true;
  }

  private static Object who(Socket socket) {
    return socket.id() + socket.rooms().contains("red") + socket.data().text("name");
  }

  private void emit(Target target, boolean isVolatile, String event, Object... arguments) {
    History history = host.namespaces.history("/");
    var _ =
        history.emit(
            "/",
            target,
            new Emission(isVolatile, true, null),
            Encoder.data(event, ValueCodec.HOST, arguments),
            number -> number);
  }

  private static Matcher connected(String packet) {
    Matcher connected = CONNECTED.matcher(packet);
    assertThat(connected.matches()).as(packet).isTrue();
    return connected;
  }

  private static Matcher event(String packet) {
    Matcher event = EVENT.matcher(packet);
    assertThat(event.matches()).as(packet).isTrue();
    return event;
  }

  private void vanish(Client client) throws InterruptedException {
    client.close();
    assertThat(left.take()).isEqualTo("transport close");
  }

  private static String claim(String pid, String offset) {
    return "40{\"pid\":\"" + pid + "\",\"offset\":\"" + offset + "\"}";
  }

  @Test
  void aClientThatComesBackHasItsIdRoomsDataAndWhatItMissed() throws Exception {
    Client client = host.client().send("40");
    Matcher first = connected(client.next());
    assertThat(client.send("421[\"join\"]").next()).isEqualTo("431[true]");
    emit(Target.EVERYONE, false, "news", 1);
    Matcher seen = event(client.next());
    assertThat(seen.group(1)).isEqualTo("\"news\",1");
    vanish(client);

    emit(Target.EVERYONE, false, "news", 2);
    emit(Target.EVERYONE.to("blue"), false, "not for it", 3);
    emit(Target.EVERYONE.to("red"), false, "news", 4);
    emit(Target.EVERYONE.except("red"), false, "not for it", 5);
    emit(Target.EVERYONE.to(first.group(1)), false, "news", 6);

    Client back = host.client().send(claim(first.group(2), seen.group(2)));
    assertThat(connected(back.next()).group()).isEqualTo(first.group());
    assertThat(event(back.next()).group(1)).isEqualTo("\"news\",2");
    assertThat(event(back.next()).group(1)).isEqualTo("\"news\",4");
    assertThat(event(back.next()).group(1)).isEqualTo("\"news\",6");
    assertThat(back.send("422[\"who\"]").next())
        .isEqualTo("432[\"" + first.group(1) + "trueAda\"]");
    assertThat(middlewareRuns).hasValue(1);
    assertThat(recovered).containsExactly(false, true);
    assertThat(host.meters.counter("dormouse.sockets.returned", "outcome", "recovered").count())
        .isEqualTo(1);
  }

  @Test
  void aClientThatHasSeenNothingYetMissesNothing() throws Exception {
    emit(Target.EVERYONE, false, "before", 0);
    Client client = host.client().send("40");
    Matcher first = connected(client.next());
    vanish(client);
    emit(Target.EVERYONE, false, "news", 1);
    Client back = host.client().send("40{\"pid\":\"" + first.group(2) + "\"}");
    assertThat(connected(back.next()).group()).isEqualTo(first.group());
    assertThat(event(back.next()).group(1)).isEqualTo("\"news\",1");
  }

  @Test
  void whatWasForOneSocketAloneIsRememberedToo() throws Exception {
    Client client = host.client().send("40");
    Matcher first = connected(client.next());
    assertThat(event(client.send("42[\"alone\"]").next()).group(1)).isEqualTo("\"alone\",7");
    vanish(client);
    Client back = host.client().send("40{\"pid\":\"" + first.group(2) + "\"}");
    assertThat(connected(back.next()).group()).isEqualTo(first.group());
    assertThat(event(back.next()).group(1)).isEqualTo("\"alone\",7");
  }

  @Test
  void aClientIsBackBeforeAnybodySawItGo() throws Exception {
    Client client = host.client().send("40");
    Matcher first = connected(client.next());
    Client back = host.client().send("40{\"pid\":\"" + first.group(2) + "\"}");
    assertThat(connected(back.next()).group()).isEqualTo(first.group());
    assertThat(left.take()).isEqualTo("transport close");
    emit(Target.EVERYONE.to(first.group(1)), false, "news", 1);
    assertThat(event(back.next()).group(1)).isEqualTo("\"news\",1");
    assertThat(host.namespaces.sockets("/")).hasSize(1);
  }

  @Test
  void whoSaysSomethingElseIsNew() throws Exception {
    Client client = host.client().send("40");
    Matcher first = connected(client.next());
    emit(Target.EVERYONE, false, "news", 1);
    String offset = event(client.next()).group(2);
    vanish(client);
    for (String claim :
        List.of(
            claim("someone-else", offset),
            claim("", ""),
            "40{\"pid\":7,\"offset\":[]}",
            "40{\"pid\":null}",
            "40{\"pid\":\"" + "p".repeat(1_000) + "\"}")) {
      Client other = host.client().send(claim);
      assertThat(connected(other.next()).group(2)).as(claim).isNotEqualTo(first.group(2));
    }
    Client back = host.client().send(claim(first.group(2), offset));
    assertThat(connected(back.next()).group()).isEqualTo(first.group());
  }

  @Test
  void aPidIsGoodForOneReturn() throws Exception {
    Client client = host.client().send("40");
    Matcher first = connected(client.next());
    vanish(client);
    Client refused = host.client().send(claim(first.group(2), "junk!"));
    assertThat(connected(refused.next()).group(2)).isNotEqualTo(first.group(2));
    Client late = host.client().send(claim(first.group(2), ""));
    assertThat(connected(late.next()).group(2)).isNotEqualTo(first.group(2));
  }

  @Test
  void whoLeavesForGoodDoesNotComeBack() throws Exception {
    Client client = host.client().send("40");
    Matcher first = connected(client.next());
    client.send("41");
    assertThat(left.take()).isEqualTo("client namespace disconnect");
    Client back = host.client().send(claim(first.group(2), ""));
    assertThat(connected(back.next()).group(2)).isNotEqualTo(first.group(2));
  }

  @Test
  void whatWasPressedOutIsNotPassedOverInSilence() throws Exception {
    host.close();
    host = host(new RecoverySettings(true, Duration.ofMinutes(2), 3, 1_000_000));
    Client client = host.client().send("40");
    Matcher first = connected(client.next());
    emit(Target.EVERYONE, false, "news", 0);
    String offset = event(client.next()).group(2);
    vanish(client);
    for (int i = 1; i <= 3; i++) {
      emit(Target.EVERYONE, false, "news", i);
    }
    Client back = host.client().send(claim(first.group(2), offset));
    assertThat(connected(back.next()).group()).isEqualTo(first.group());
    vanish(back);
    for (int i = 4; i <= 7; i++) {
      emit(Target.EVERYONE, false, "news", i);
    }
    Client late = host.client().send(claim(first.group(2), offset));
    assertThat(connected(late.next()).group(2)).isNotEqualTo(first.group(2));
    assertThat(host.meters.counter("dormouse.sockets.returned", "outcome", "missed").count())
        .isEqualTo(1);
  }

  @Test
  void aVolatileEventDoesNotMoveAClientOnAndIsNotMissed() throws Exception {
    Client client = host.client().send("40");
    Matcher first = connected(client.next());
    emit(Target.EVERYONE, false, "news", 1);
    String offset = event(client.next()).group(2);
    emit(Target.EVERYONE, true, "weather", "rain");
    Matcher weather = event(client.next());
    assertThat(weather.group(1)).isEqualTo("\"weather\",\"rain\"");
    assertThat(weather.group(2)).isEqualTo(offset);
    emit(Target.EVERYONE, true, "temperature", 7);
    assertThat(client.next()).isEqualTo("42[\"temperature\",7]");
    vanish(client);
    emit(Target.EVERYONE, true, "weather", "sun");
    emit(Target.EVERYONE, false, "news", 2);
    Client back = host.client().send(claim(first.group(2), offset));
    assertThat(connected(back.next()).group()).isEqualTo(first.group());
    assertThat(event(back.next()).group(1)).isEqualTo("\"news\",2");
  }

  @Test
  void eventsOfAnotherHostComeOnceAndAGapIsKnown() throws Exception {
    Client client = host.client().send("40");
    Matcher first = connected(client.next());
    for (long number : new long[] {1, 2, 2, 1, 5}) {
      deliverOfOther(number);
    }
    String offset = event(client.next()).group(2);
    assertThat(event(client.next()).group(1)).isEqualTo("\"news\",2");
    assertThat(event(client.next()).group(1)).isEqualTo("\"news\",5");
    vanish(client);
    Client back = host.client().send(claim(first.group(2), offset));
    assertThat(connected(back.next()).group(2))
        .as("3 and 4 never were here")
        .isNotEqualTo(first.group(2));
  }

  @Test
  void aGapIsKnownStillWhenWhatWasBeforeItIsPressedOut() throws Exception {
    host.close();
    host = host(new RecoverySettings(true, Duration.ofMinutes(2), 3, 1_000_000));
    Client client = host.client().send("40");
    Matcher first = connected(client.next());
    for (long number : new long[] {1, 2, 6, 7}) {
      deliverOfOther(number);
    }
    assertThat(event(client.next()).group(1)).isEqualTo("\"news\",1");
    String offset = event(client.next()).group(2);
    vanish(client);
    Client back = host.client().send(claim(first.group(2), offset));
    assertThat(connected(back.next()).group(2))
        .as("3, 4 and 5 never were here, and 1 was pressed out")
        .isNotEqualTo(first.group(2));
  }

  private void deliverOfOther(long number) {
    int _ =
        host.namespaces
            .local()
            .deliver(
                "other",
                number,
                null,
                "/",
                Target.EVERYONE,
                Emission.PLAIN,
                Encoder.data("news", ValueCodec.HOST, number));
  }

  @Test
  void whatTwoHostsHaveAdoptedComesOnce() throws Exception {
    Client client = host.client().send("40");
    Matcher first = connected(client.next());
    for (int n = 1; n <= 2; n++) {
      int _ = host.namespaces.local().deliverForeign("/", Target.EVERYONE, Emission.PLAIN, tick());
    }
    // Three, since one that has not come here may have been missed.
    for (long number = 1; number <= 3; number++) {
      adopt("first", number, tick());
    }
    adopt("second", 1, tick());
    adopt("second", 2, Encoder.data("end", ValueCodec.HOST));
    for (int n = 1; n <= 3; n++) {
      assertThat(event(client.next()).group(1)).isEqualTo("\"tick\"");
    }
    Matcher end = event(client.next());
    assertThat(end.group()).isEqualTo("42[\"end\",\"first:3.second:2\"]");
    vanish(client);
    Client back = host.client().send(claim(first.group(2), "first:1"));
    assertThat(connected(back.next()).group(2)).isEqualTo(first.group(2));
    for (String missed : List.of("tick", "tick", "end")) {
      assertThat(event(back.next()).group(1)).isEqualTo("\"" + missed + "\"");
    }
  }

  private static EventData tick() {
    return Encoder.data("tick", ValueCodec.HOST);
  }

  private void adopt(String origin, long number, EventData event) {
    int _ =
        host.namespaces
            .local()
            .deliver(
                origin,
                number,
                Foreign.of("/", Target.EVERYONE, Emission.PLAIN, event).digest(),
                "/",
                Target.EVERYONE,
                Emission.PLAIN,
                event);
  }

  @Test
  void whatOthersEmittedBeforeIsThereForWhoComesBack() throws Exception {
    deliverOfOther(4);
    Client client = host.client().send("40");
    Matcher first = connected(client.next());
    vanish(client);
    host.namespaces
        .local()
        .recall(
            List.of(
                past("dead", 1),
                past("other", 1),
                past("gap", 1),
                past("dead", 2),
                past("other", 3),
                past("gap", 3),
                past("other", 4)));
    deliverOfOther(5);
    Client back = host.client().send(claim(first.group(2), "dead:1.gap:2.other:2"));
    assertThat(connected(back.next()).group(2)).isEqualTo(first.group(2));
    for (String missed : List.of("\"dead\",2", "\"other\",3", "\"gap\",3")) {
      assertThat(event(back.next()).group(1)).isEqualTo(missed);
    }
    assertThat(event(back.next()).group()).isEqualTo("42[\"news\",4,\"dead:2.gap:3.other:4\"]");
    assertThat(event(back.next()).group()).isEqualTo("42[\"news\",5,\"dead:2.gap:3.other:5\"]");
    vanish(back);
    Client lost = host.client().send(claim(first.group(2), "dead:1.gap:1.other:2"));
    assertThat(connected(lost.next()).group(2))
        .as("what one host said between 1 and 3 never was here")
        .isNotEqualTo(first.group(2));
  }

  @Test
  void whoHasSeenMoreThanThisHostGetsNothingTwice() throws Exception {
    deliverOfOther(1);
    Client client = host.client().send("40");
    Matcher first = connected(client.next());
    vanish(client);
    Client back = host.client().send(claim(first.group(2), "other:3"));
    assertThat(connected(back.next()).group(2)).isEqualTo(first.group(2));
    Client fresh = host.client().send("40");
    assertThat(connected(fresh.next()).group(2)).isNotEqualTo(first.group(2));
    for (long number = 2; number <= 5; number++) {
      deliverOfOther(number);
    }
    for (long number = 4; number <= 5; number++) {
      assertThat(event(back.next()).group(1)).isEqualTo("\"news\"," + number);
    }
    assertThat(event(fresh.next()).group(1)).isEqualTo("\"news\",2");
  }

  private static PastEvent past(String origin, long number) {
    return new PastEvent(
        origin,
        number,
        "/",
        Target.EVERYONE,
        Emission.PLAIN,
        Encoder.data(origin, ValueCodec.HOST, number),
        System.currentTimeMillis());
  }

  @Test
  void withoutRecoveryNothingIsAdded() {
    host.close();
    host = host(new RecoverySettings(false, Duration.ofMinutes(2), 3, 1_000_000));
    Client client = host.client().send("40");
    assertThat(client.next()).matches("40\\{\"sid\":\"[^\"]+\"}");
    assertThat(client.send("42[\"alone\"]").next()).isEqualTo("42[\"alone\",7]");
  }
}
