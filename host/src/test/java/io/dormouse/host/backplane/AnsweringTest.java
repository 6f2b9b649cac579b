package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.engine.EngineServer;
import io.dormouse.host.engine.EngineSettings;
import io.dormouse.host.engine.InMemoryClient;
import io.dormouse.host.engine.SessionRequest;
import io.dormouse.host.namespace.Emission;
import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.namespace.RecoverySettings;
import io.dormouse.host.namespace.SocketSettings;
import io.dormouse.host.namespace.Target;
import io.dormouse.host.protocol.EventData;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
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

/** What is read of broadcasts; one that is read and is broken is counted as refused. */
class AnsweringTest {
  private static final byte[] BROKEN = {(byte) 0x93, 1};
  private static final byte[] BROKEN_WITH_MARKS = {(byte) 0x94, 1};

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final BackplaneMeters meters = new BackplaneMeters(registry);
  private final Namespaces namespaces =
      new Namespaces(SocketSettings.defaults(), RecoverySettings.defaults(), registry);
  private final Hosts hosts = new Hosts(Duration.ofSeconds(5));

  /** It never starts, so that what is published stays in it. */
  private final Link link =
      new Link(
          LinkPeer.settings(),
          new RedisClients(RedisSettings.of("redis://127.0.0.1:1")),
          Duration.ofMinutes(5),
          meters,
          _ -> {});

  private final Answering answering =
      new Answering(
          link,
          new Channels(LinkPeer.KEY),
          new NodeReader(),
          namespaces.local(),
          new Questions(hosts),
          hosts,
          Set.of("/"),
          meters,
          null,
          _ -> false);

  @BeforeEach
  void serve() {
    QuietPlugin.serve(namespaces, "/");
  }

  @AfterEach
  void stop() {
    namespaces.stop();
  }

  private boolean reads(String channel, byte[] payload) {
    double before = refused();
    answering.received(new Incoming(LinkPeer.KEY + channel, null, payload));
    return refused() > before;
  }

  private double refused() {
    return registry.find("dormouse.backplane.refused").counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  private String connect() throws InterruptedException {
    BlockingQueue<String> packets = new LinkedBlockingQueue<>();
    var engine =
        new EngineServer(EngineSettings.defaults(), namespaces, (_, _, _) -> null, registry);
    var request =
        new SessionRequest(
            Map.of(), Map.of("EIO", "4"), "127.0.0.1", false, false, "/socket.io/", Instant.now());
    InMemoryClient client = InMemoryClient.connect(engine, request, packets::add, () -> {});
    client.send("40");
    String joined = "";
    while (!joined.startsWith("40")) {
      joined = Objects.requireNonNull(packets.poll(10, TimeUnit.SECONDS), "nothing came");
    }
    return joined.replaceAll("^40\\{\"sid\":\"(.*)\"}$", "$1");
  }

  @Test
  void leavesUnreadWhatIsForNobodyHere() throws Exception {
    assertThat(reads("#/#", BROKEN)).as("for all, and nobody is there").isFalse();
    assertThat(reads("#/#room#", BROKEN)).as("for a room, and nobody is there").isFalse();
    String id = connect();
    assertThat(reads("#/#", BROKEN)).as("for all").isTrue();
    assertThat(reads("#/#room#", BROKEN)).as("for a room that nobody is in").isFalse();
    assertThat(reads("#/#" + id + "#", BROKEN)).as("for a socket").isTrue();
    assertThat(reads("#/other#", BROKEN)).as("for another namespace").isFalse();
  }

  @Test
  void readsWhatIsForNobodyHereWhenAReceiptIsWanted() {
    assertThat(reads("#/#", BROKEN_WITH_MARKS)).isTrue();
    Options options = Options.of(Target.EVERYONE, Emission.PLAIN);
    EventData event = new EventData("[\"news\"]".getBytes(UTF_8), List.of());
    assertThat(reads("#/#", broadcast(event, options, Marks.NONE))).isFalse();
    assertThat(answered()).isFalse();
    assertThat(reads("#/#", broadcast(event, options, Marks.of("r1", 0)))).isFalse();
    assertThat(answered()).isTrue();
  }

  private static byte[] broadcast(EventData event, Options options, Marks marks) {
    return NodeWriter.broadcast("/", event, options, marks).apply("dm-abcdefghijkl-1");
  }

  private boolean answered() {
    return registry.get("dormouse.backplane.held.bytes").gauge().value() > 0;
  }
}
