package io.dormouse.host.namespace;

import static io.dormouse.host.namespace.NamespaceFixture.handlers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dormouse.api.ConnectionRefused;
import io.dormouse.api.EventError;
import io.dormouse.host.namespace.NamespaceFixture.Client;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespacesTest {
  private final NamespaceFixture host = new NamespaceFixture(NamespaceFixture.strict());

  @AfterEach
  void stop() {
    host.close();
  }

  @Test
  void answersAnUnknownNamespaceAsNodeDoes() {
    assertThat(host.client().send("40/random,").next())
        .isEqualTo("44/random,{\"message\":\"Invalid namespace\"}");
  }

  @Test
  void whatTheConnectHandlerEmitsFollowsTheConnectAnswer() {
    host.open(
        "/", handlers().connect((socket, handshake) -> socket.emit("auth", handshake.auth())));
    Client client = host.client().send("40{\"token\":1}");
    assertThat(client.next()).startsWith("40{\"sid\":\"");
    assertThat(client.next()).isEqualTo("42[\"auth\",{\"token\":1}]");
  }

  @Test
  void middlewareRunsInOrderAndRefuses() {
    StringBuilder order = new StringBuilder();
    host.open(
        "/",
        handlers()
            .use((socket, handshake) -> order.append('a'))
            .use(
                (socket, handshake) -> {
                  order.append('b');
                  throw new ConnectionRefused("no", Map.of("code", 7));
                })
            .use((socket, handshake) -> order.append('c'))
            .connect((socket, handshake) -> order.append('d')));
    assertThat(host.client().send("40").next())
        .isEqualTo("44{\"message\":\"no\",\"data\":{\"code\":7}}");
    assertThat(order).hasToString("ab");
  }

  @Test
  void aConnectHandlerThatFailsRefusesWithAFixedText() {
    host.open(
        "/",
        handlers()
            .connect(
                (socket, handshake) -> {
                  socket.emit("never seen");
                  throw new IllegalStateException("secret");
                }));
    Client client = host.client().send("40");
    assertThat(client.next()).isEqualTo("44{\"message\":\"The server could not let you in.\"}");
    assertThat(client.send("40").next()).startsWith("44");
  }

  @ParameterizedTest
  @ValueSource(strings = {"42[\"x\"]", "41", "431[]", "42/other,[\"x\"]", "4x", "42[]", "42{}"})
  void aPacketThatIsNoneOrForNoJoinedNamespaceClosesTheSession(String packet)
      throws InterruptedException {
    host.open("/", handlers());
    assertThat(host.client().send(packet).awaitClosed()).isTrue();
    assertThat(host.client().join()).isNotNull();
  }

  @Test
  void aSecondConnectClosesTheSession() throws InterruptedException {
    host.open("/", handlers());
    assertThat(host.client().join().send("40").awaitClosed()).isTrue();
  }

  @Test
  void answersWithValuesErrorsAndNothing() {
    host.open(
        "/",
        handlers()
            .on("value", (socket, arguments) -> arguments.get(0, int.class) + 1)
            .on("void", (socket, arguments) -> Handlers.NO_VALUE)
            .on("null", (socket, arguments) -> null)
            .on(
                "error",
                (socket, arguments) -> {
                  throw new EventError("bad", "Not so.");
                })
            .on(
                "failure",
                (socket, arguments) -> {
                  throw new StackOverflowError();
                })
            .on("several", (socket, arguments) -> arguments)
            .on("unwritable", (socket, arguments) -> new Object()));
    Client client = host.client().join();
    assertThat(client.send("420[\"several\",1,\"2\"]").next()).isEqualTo("430[1,\"2\"]");
    assertThat(client.send("421[\"value\",1]").next()).isEqualTo("431[2]");
    assertThat(client.send("422[\"void\"]").next()).isEqualTo("432[]");
    assertThat(client.send("423[\"null\"]").next()).isEqualTo("433[null]");
    assertThat(client.send("424[\"error\"]").next())
        .isEqualTo("434[{\"error\":{\"code\":\"bad\",\"message\":\"Not so.\"}}]");
    assertThat(client.send("425[\"failure\"]").next()).contains("\"code\":\"failed\"");
    assertThat(client.send("426[\"unwritable\"]").next()).contains("\"code\":\"failed\"");
    assertThat(client.send("427[\"value\",\"x\"]").next()).contains("\"code\":\"bad_payload\"");
    client.send("428[\"unknown\"]");
    assertThat(client.send("429[\"void\"]").next()).isEqualTo("439[]");
  }

  @Test
  void eventMiddlewareSeesEachEventAndAnswersInTheHandlersPlace() {
    host.open(
        "/",
        handlers()
            .useEvents(
                (socket, event, arguments) -> {
                  if (event.equals("secret")) {
                    throw new EventError("forbidden", "No.");
                  }
                })
            .any((socket, event, arguments) -> socket.emit("any", event, arguments.size())));
    Client client = host.client().join();
    assertThat(client.send("421[\"secret\"]").next()).contains("forbidden");
    assertThat(client.send("42[\"other\",1,2]").next()).isEqualTo("42[\"any\",\"other\",2]");
  }

  @Test
  void roomsAreThereWhileDisconnectingAndGoneAfterwards() throws InterruptedException {
    BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
    host.open(
        "/",
        handlers()
            .connect((socket, handshake) -> socket.join("room"))
            .disconnecting((socket, reason) -> seen.add(socket.rooms().contains("room")))
            .disconnect((socket, reason) -> seen.add(Set.of(reason.toString(), socket.rooms()))));
    host.client().join().send("41");
    assertThat(seen.poll(5, TimeUnit.SECONDS)).isEqualTo(true);
    assertThat(seen.poll(5, TimeUnit.SECONDS))
        .isEqualTo(Set.of("client namespace disconnect", Set.of()));
    host.client().join().close();
    assertThat(seen.poll(5, TimeUnit.SECONDS)).isEqualTo(true);
    assertThat(seen.poll(5, TimeUnit.SECONDS)).isEqualTo(Set.of("transport close", Set.of()));
  }

  @Test
  void whatCameBeforeTheClientWentIsHandledBeforeItsDisconnect() throws InterruptedException {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    CountDownLatch gone = new CountDownLatch(1);
    host.open(
        "/",
        handlers()
            .on(
                "event",
                (socket, arguments) -> {
                  gone.await();
                  seen.add(arguments.get(0, String.class));
                  return Handlers.NO_VALUE;
                })
            .disconnect((socket, reason) -> seen.add(reason.toString())));
    Client client = host.client().join();
    client.send("42[\"event\",\"1\"]").send("42[\"event\",\"2\"]").close();
    gone.countDown();
    assertThat(List.of(take(seen), take(seen), take(seen)))
        .containsExactly("1", "2", "transport close");
  }

  private static String take(BlockingQueue<String> queue) throws InterruptedException {
    return String.valueOf(queue.poll(5, TimeUnit.SECONDS));
  }

  @Test
  void aHandlerPastItsDeadlineIsInterruptedAndTheNextEventHandled() {
    AtomicBoolean interrupted = new AtomicBoolean();
    host.open(
        "/",
        handlers()
            .on(
                "hang",
                (socket, arguments) -> {
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException expected) {
                    interrupted.set(true);
                  }
                  return "too late";
                })
            .on("ok", (socket, arguments) -> interrupted.get()));
    Client client = host.client().join().send("421[\"hang\"]").send("422[\"ok\"]");
    assertThat(client.next()).startsWith("431[{\"error\":{\"code\":\"timeout\"");
    assertThat(client.next()).isEqualTo("432[true]");
  }

  @Test
  void aHandlerThatSpinsOnEveryCoreIsGivenUpAndItsPluginQuarantined() {
    AtomicBoolean stop = new AtomicBoolean();
    host.open(
        "/",
        handlers()
            .on(
                "spin",
                (socket, arguments) -> {
                  while (!stop.get()) {
                    Thread.onSpinWait();
                  }
                  return "never";
                }));
    host.serve(Map.of("/other", handlers().on("ok", (socket, arguments) -> 1).of("other")));
    Client other = host.client().send("40/other,");
    assertThat(other.next()).startsWith("40/other,");
    try {
      List<Client> spinners =
          java.util.stream.IntStream.range(0, Runtime.getRuntime().availableProcessors() + 1)
              .mapToObj(i -> host.client().join())
              .toList();
      spinners.forEach(client -> client.send("421[\"spin\"]"));
      assertThat(other.send("42/other,1[\"ok\"]").next()).isEqualTo("43/other,1[1]");
      // The last one may get its turn when the plugin is quarantined already.
      spinners.forEach(
          client ->
              assertThat(client.next())
                  .containsAnyOf("\"code\":\"timeout\"", "\"code\":\"unavailable\""));
      Client late = spinners.getFirst();
      org.awaitility.Awaitility.await()
          .until(() -> late.send("422[\"spin\"]").next().contains("\"code\":\"unavailable\""));
    } finally {
      stop.set(true);
    }
  }

  @Test
  void eventsBeyondTheRateAreAnsweredWithAnError() {
    host.open("/", handlers().on("x", (socket, arguments) -> Handlers.NO_VALUE));
    Client client = host.client().join();
    boolean limited = false;
    for (int i = 0; i < 200 && !limited; i++) {
      limited = client.send("42" + i + "[\"x\"]").next().contains("\"code\":\"rate_limited\"");
    }
    assertThat(limited).isTrue();
    assertThat(host.meters.counter("dormouse.events.refused", "code", "EVENT_RATE").count())
        .isPositive();
  }

  @Test
  void aFullInboxStopsTheReaderUntilThereIsRoom() throws InterruptedException {
    CountDownLatch go = new CountDownLatch(1);
    host.open(
        "/",
        handlers()
            .on(
                "slow",
                (socket, arguments) -> {
                  go.await();
                  return arguments.get(0, int.class);
                }));
    Client client = host.client().join();
    Thread reader =
        Thread.startVirtualThread(
            () -> {
              for (int i = 0; i < 10; i++) {
                client.send("42" + i + "[\"slow\"," + i + "]");
              }
            });
    org.awaitility.Awaitility.await().until(() -> reader.getState() == Thread.State.WAITING);
    go.countDown();
    for (int i = 0; i < 10; i++) {
      assertThat(client.next()).isEqualTo("43" + i + "[" + i + "]");
    }
    reader.join();
  }

  @Test
  void aClientThatLeavesEndsTheWaitForItsAck() throws InterruptedException {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    host.open(
        "/",
        handlers()
            .on(
                "ask",
                (socket, arguments) -> {
                  try {
                    seen.add(socket.emitWithAck(String.class, "question"));
                  } catch (io.dormouse.api.AckTimeout gone) {
                    seen.add("gone");
                  }
                  return Handlers.NO_VALUE;
                }));
    Client client = host.client().join().send("42[\"ask\"]");
    assertThat(client.next()).isEqualTo("420[\"question\"]");
    client.close();
    assertThat(take(seen)).isEqualTo("gone");
  }

  @Test
  void childrenOfAPatternComeAndGoAndAreCapped() {
    host.open(
        "/tenant-{name}",
        handlers()
            .connect(
                (socket, handshake) ->
                    socket.emit("hello", handshake.parameters(), socket.namespace().name())));
    Client client = host.client().send("40/tenant-a,");
    assertThat(client.next()).startsWith("40/tenant-a,");
    assertThat(client.next()).isEqualTo("42/tenant-a,[\"hello\",{\"name\":\"a\"},\"/tenant-a\"]");
    assertThat(host.client().send("40/tenant-b,").next()).startsWith("40/tenant-b,");
    assertThat(host.client().send("40/tenant-c,").next()).contains("Invalid namespace");
    client.send("41/tenant-a,");
    org.awaitility.Awaitility.await()
        .until(() -> host.client().send("40/tenant-c,").next().startsWith("40/tenant-c,"));
  }

  @Test
  void aDisconnectHandlerThatDoesNotEndKeepsNobodyIn() {
    AtomicBoolean stop = new AtomicBoolean();
    host.open(
        "/tenant-{name}",
        handlers()
            .disconnecting(
                (socket, reason) -> {
                  while (!stop.get()) {
                    Thread.onSpinWait();
                  }
                }));
    try {
      Client first = host.client().send("40/tenant-a,");
      assertThat(first.next()).startsWith("40/tenant-a,");
      assertThat(host.client().send("40/tenant-b,").next()).startsWith("40/tenant-b,");
      first.send("41/tenant-a,");
      // There is room for one more child again, though its plugin serves nobody any more.
      org.awaitility.Awaitility.await()
          .until(() -> host.client().send("40/tenant-c,").next().contains("not available"));
    } finally {
      stop.set(true);
    }
  }

  @Test
  void anExactNameWinsOverAPatternAndOverlapsAreRefused() {
    host.serve(
        Map.of(
            "/a-{x}",
            handlers().of("one"),
            "/a-b",
            handlers().any((s, e, a) -> s.emit("exact")).of("one")));
    assertThat(host.client().send("40/a-b,").next()).startsWith("40/a-b,");
    assertThatThrownBy(() -> host.serve(Map.of("/a-{y}", handlers().of("two"))))
        .isInstanceOf(NamespaceTaken.class)
        .hasMessageContaining("'one'");
    assertThatThrownBy(
            () -> host.serve(Map.of("/new", handlers().of("two"), "/a-b", handlers().of("two"))))
        .isInstanceOf(NamespaceTaken.class);
    assertThat(host.client().send("40/new,").next()).contains("Invalid namespace");
  }

  @Test
  void aHandlerOfAVersionThatWasReplacedQuarantinesNobody() throws InterruptedException {
    var began = new java.util.concurrent.CountDownLatch(1);
    var stop = new java.util.concurrent.atomic.AtomicBoolean();
    host.open(
        "/",
        handlers()
            .on(
                "spin",
                (socket, arguments) -> {
                  began.countDown();
                  while (!stop.get()) {
                    Thread.onSpinWait();
                  }
                  return "never";
                }));
    Client client = host.client().join().send("421[\"spin\"]");
    began.await();
    host.open("/", handlers().on("ok", (socket, arguments) -> 2));
    try {
      assertThat(client.next()).contains("\"code\":\"timeout\"");
      assertThat(client.send("422[\"ok\"]").next()).isEqualTo("432[2]");
      assertThat(host.client().join().send("421[\"ok\"]").next()).isEqualTo("431[2]");
    } finally {
      stop.set(true);
    }
  }

  @Test
  void limitsTheNamespacesOfOneConnection() {
    host.serve(
        Map.of(
            "/1", handlers().of("p"),
            "/2", handlers().of("p"),
            "/3", handlers().of("p"),
            "/4", handlers().of("p")));
    Client client = host.client();
    for (int i = 1; i <= 3; i++) {
      assertThat(client.send("40/" + i + ",").next()).startsWith("40/");
    }
    assertThat(client.send("40/4,").next()).startsWith("44/4,");
  }

  @Test
  void closingAPluginsNamespacesDisconnectsItsSocketsOnly() {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    host.serve(
        Map.of(
            "/", handlers().disconnect((socket, reason) -> seen.add(reason.toString())).of("p")));
    host.serve(Map.of("/other", handlers().on("x", (s, a) -> 1).of("q")));
    Client client = host.client().join();
    assertThat(client.send("40/other,").next()).startsWith("40/other,");
    host.namespaces.close("p");
    assertThat(seen).containsExactly("server namespace disconnect");
    assertThat(client.next()).isEqualTo("41");
    assertThat(client.send("42[\"straggler\"]").send("42/other,1[\"x\"]").next())
        .isEqualTo("43/other,1[1]");
    assertThat(client.send("40").next()).contains("Invalid namespace");
  }

  @Test
  void dataOfASocketIsLimited() {
    host.open(
        "/",
        handlers()
            .on(
                "put",
                (socket, arguments) -> {
                  socket.data().put("key", arguments.get(0));
                  return socket.data().text("key");
                }));
    Client client = host.client().join();
    assertThat(client.send("421[\"put\",\"short\"]").next()).isEqualTo("431[\"short\"]");
    assertThat(client.send("422[\"put\",\"" + "x".repeat(200) + "\"]").next()).contains("failed");
    assertThat(client.send("423[\"put\",null]").next()).isEqualTo("433[null]");
  }
}
