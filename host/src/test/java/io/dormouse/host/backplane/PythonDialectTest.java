package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dormouse.host.engine.EngineServer;
import io.dormouse.host.engine.EngineSettings;
import io.dormouse.host.engine.InMemoryClient;
import io.dormouse.host.engine.SessionRequest;
import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.namespace.RecoverySettings;
import io.dormouse.host.namespace.SocketSettings;
import io.dormouse.host.namespace.Target;
import io.dormouse.host.protocol.EventData;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients of a host, and messages as Python's processes publish them on a real Redis. */
class PythonDialectTest {
  private final RedisProcess redis = RedisProcess.start();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RedisClients clients = new RedisClients(RedisSettings.of(redis.url()));
  private final Namespaces namespaces =
      new Namespaces(SocketSettings.defaults(), RecoverySettings.defaults(), registry);
  private final PythonDialect dialect =
      new PythonDialect(
          settings(),
          clients,
          namespaces.local(),
          "abc",
          new BackplaneMeters(registry),
          (_, _, _) -> {});

  static BackplaneSettings settings() {
    return new BackplaneSettings(
        "socket.io",
        List.of("node", "python"),
        List.of("socketio", "flask-socketio"),
        false,
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        1 << 20,
        Duration.ofSeconds(30),
        1 << 20,
        1 << 20,
        true);
  }

  @BeforeEach
  void start() {
    QuietPlugin.serve(namespaces, "/", "/chat");
    dialect.start();
    awaitSubscribed();
  }

  private void awaitSubscribed() {
    await()
        .until(
            () ->
                redis
                    .cli("PUBSUB", "NUMSUB", "socketio", "flask-socketio")
                    .equals("socketio\n1\nflask-socketio\n1"));
  }

  @AfterEach
  void stop() {
    dialect.stop();
    clients.shutdown();
    namespaces.stop();
    redis.close();
  }

  /** A client that keeps what it gets, without keepalives. */
  private final class Client {
    final BlockingQueue<String> packets = new LinkedBlockingQueue<>();
    final InMemoryClient connection;
    final String sid;

    Client() {
      var engine =
          new EngineServer(
              EngineSettings.defaults(), namespaces, (peer, secure, headers) -> null, registry);
      var request =
          new SessionRequest(
              Map.of(),
              Map.of("EIO", "4"),
              "127.0.0.1",
              false,
              false,
              "/socket.io/",
              Instant.now());
      connection = InMemoryClient.connect(engine, request, packets::add, () -> {});
      next();
      connection.send("40");
      sid = next().replaceAll("^40\\{\"sid\":\"(.*)\"}$", "$1");
    }

    String next() {
      return polled(packets);
    }
  }

  private static String polled(BlockingQueue<String> queue) {
    try {
      return Objects.requireNonNull(queue.poll(10, TimeUnit.SECONDS), "nothing came");
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private void publish(String json) {
    publish("flask-socketio", json.replace('\'', '"').getBytes(UTF_8));
  }

  private void publish(String channel, byte[] payload) {
    clients.commands().getTopic(channel).publish(payload);
  }

  private void emit(String text, String rest) {
    publish(
        "{'method':'emit','event':'news','data':['"
            + text
            + "'],'binary':false,'namespace':'/','host_id':'h'"
            + rest
            + "}");
  }

  @Test
  void emitsReachEveryoneRoomsAndSocketsButTheSkipped() {
    Client ada = new Client();
    Client bob = new Client();
    emit("all", "");
    emit("ada", ",'room':'" + ada.sid + "'");
    emit("not ada", ",'skip_sid':['" + ada.sid + "']");
    publish("{'method':'enter_room','sid':'" + bob.sid + "','room':42,'namespace':'/'}");
    emit("room", ",'room':[42,'other']");
    publish("{'method':'leave_room','sid':'" + bob.sid + "','room':42,'namespace':'/'}");
    emit("left", ",'room':42");
    emit("end", "");
    for (String text : List.of("all", "ada", "end")) {
      assertThat(ada.next()).isEqualTo("42[\"news\",\"" + text + "\"]");
    }
    for (String text : List.of("all", "not ada", "room", "end")) {
      assertThat(bob.next()).isEqualTo("42[\"news\",\"" + text + "\"]");
    }
  }

  @Test
  void roomsAreClosedAndSocketsDisconnected() {
    Client ada = new Client();
    Client bob = new Client();
    for (Client client : List.of(ada, bob)) {
      publish("{'method':'enter_room','sid':'" + client.sid + "','room':'r','namespace':'/'}");
    }
    publish("{'method':'close_room','room':'r','namespace':'/'}");
    emit("closed", ",'room':'r'");
    publish("{'method':'disconnect','sid':'" + ada.sid + "','namespace':'/'}");
    emit("end", "");
    assertThat(ada.next()).isEqualTo("41");
    assertThat(bob.next()).isEqualTo("42[\"news\",\"end\"]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "py-5.7.2-emit-tuple    | 42[\"news\",\"a\",2]",
        "py-5.16.3-emit-tuple   | 42[\"news\",\"a\",2]",
        "py-5.14.3-emit-binary  | 451-[\"bin\",{\"_placeholder\":true,\"num\":0}]",
        "py-5.7.2-emit-binary   | 451-[\"bin\",{\"_placeholder\":true,\"num\":0}]",
      })
  void picklesAndJsonReachClients(String sample, String packet) throws Exception {
    Client ada = new Client();
    URL file = Objects.requireNonNull(getClass().getResource("wire/" + sample + ".txt"));
    publish("socketio", HexFormat.of().parseHex(Files.readAllLines(Path.of(file.toURI())).get(2)));
    assertThat(ada.next()).isEqualTo(packet);
    if (packet.startsWith("45")) {
      assertThat(ada.next()).isEqualTo("bAAEC/w==");
    }
  }

  @Test
  void aClientsAckGoesToWhoAsked() {
    BlockingQueue<String> heard = listen("flask-socketio");
    Client ada = new Client();
    emit("who", ",'room':'" + ada.sid + "','callback':['" + ada.sid + "','/',7]");
    polled(heard);
    String packet = ada.next();
    assertThat(packet).matches("42\\d+\\[\"news\",\"who\"]");
    String id = packet.replaceAll("42(\\d+).*", "$1");
    ada.connection.send("43" + id + "[\"ada\",{\"b\":2}]");
    assertThat(polled(heard))
        .isEqualTo(
            "{\"method\":\"callback\",\"host_id\":\"h\",\"sid\":\""
                + ada.sid
                + "\",\"namespace\":\"/\",\"id\":7,\"args\":[\"ada\",{\"b\":2}]}");
  }

  @Test
  void broadcastsArePublishedOnEachChannelAndNotHeardAgain() {
    BlockingQueue<String> flask = listen("flask-socketio");
    BlockingQueue<String> plain = listen("socketio");
    Client ada = new Client();
    for (int i = 0; i < 500; i++) {
      dialect.broadcast(
          "/", Target.EVERYONE, new EventData(("[\"n\"," + i + "]").getBytes(UTF_8), List.of()));
    }
    for (int i = 0; i < 500; i++) {
      assertThat(polled(flask)).contains("\"data\":" + i + ",");
      assertThat(polled(plain)).contains("\"data\":" + i + ",");
    }
    emit("end", "");
    assertThat(ada.next()).isEqualTo("42[\"news\",\"end\"]");
  }

  @Test
  void socketsAreMovedAndDisconnectedByTheirIds() {
    BlockingQueue<String> heard = listen("flask-socketio");
    Target target = new Target(Set.of("abc"), Set.of());
    Target red = new Target(Set.of("red"), Set.of());
    dialect.join("/", target, List.of("red"));
    dialect.leave("/chat", target, List.of("red"));
    dialect.leave("/", red, List.of("red"));
    dialect.leave("/", red.except("abc"), List.of("red"));
    dialect.disconnect("/", target.except("abc"));
    dialect.disconnect("/", Target.EVERYONE);
    dialect.disconnect("/", target);
    for (String expected :
        List.of(
            "'enter_room','sid':'abc','room':'red','namespace':'/'",
            "'leave_room','sid':'abc','room':'red','namespace':'/chat'",
            "'close_room','room':'red','namespace':'/'",
            "'disconnect','sid':'abc','namespace':'/'")) {
      assertThat(polled(heard))
          .isEqualTo(("{'method':" + expected + ",'host_id':'dormouse-abc'}").replace('\'', '"'));
    }
  }

  @Test
  void refusalsAreCountedAndHarmNothing() {
    Client ada = new Client();
    publish("hello");
    publish("socketio", new byte[] {(byte) 0x80, 4, 'c', 'o', 's', '\n', 'x', '\n', '.'});
    publish("flask-socketio", new byte[0]);
    emit("end", "");
    assertThat(ada.next()).isEqualTo("42[\"news\",\"end\"]");
    await().until(() -> refused("MALFORMED") == 2 && refused("NOT_DATA") == 1);
  }

  private double refused(String reason) {
    var counter = registry.find("dormouse.backplane.refused").tag("reason", reason).counter();
    return counter == null ? 0 : counter.count();
  }

  @Test
  void whatIsBroadcastWhileRedisIsAwayIsPublishedWhenItComes() {
    Client ada = new Client();
    redis.kill9();
    dialect.broadcast(
        "/", Target.EVERYONE, new EventData("[\"late\",1]".getBytes(UTF_8), List.of()));
    redis.restart();
    awaitSubscribed();
    emit("again", "");
    assertThat(ada.next()).isEqualTo("42[\"news\",\"again\"]");
    await().until(() -> registry.get("dormouse.backplane.published").counter().count() == 2);
  }

  private BlockingQueue<String> listen(String channel) {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    clients
        .commands()
        .getTopic(channel)
        .addListener(byte[].class, (name, payload) -> heard.add(new String(payload, UTF_8)));
    return heard;
  }
}
