package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dormouse.host.testing.PluginJars;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing of a replaced version stays in memory because of sockets that have lived through it, and
 * nothing of them is lost.
 */
class UnloadUnderSocketsTest {
  /** Uses all that a plugin may use. */
  private static final String EVERYTHING =
      """
      package chat;
      import io.dormouse.api.*;
      import java.time.Duration;
      import java.util.*;
      import java.util.concurrent.*;
      public class Main implements Plugin {
        record Line(String text, int likes) {}
        enum Mood { GOOD, BAD }
        static class Broken extends RuntimeException {
          final Line line;
          Broken(Line line) { super("of version VERSION"); this.line = line; }
        }
        public record Settings(List<String> rooms) {}

        private final Map<String, Line> seen = new ConcurrentHashMap<>();
        private final ThreadLocal<Line> local = ThreadLocal.withInitial(() -> new Line("local", 0));
        private Namespace chat;
        private Metrics metrics;
        private ExecutorService pool;

        @Override public void start(PluginContext context) {
          context.configuration(Settings.class);
          context.logger().log(System.Logger.Level.INFO, "{0} starts", Mood.GOOD);
          metrics = context.metrics();
          metrics.gauge("lines", () -> { local.get(); return seen.size(); });

          State state = context.state();
          state.put("line", new Line("kept by VERSION", 1));
          state.append("lines", new Line("kept by VERSION", 1), 100);
          state.update("line", Line.class, line -> new Line(line.text(), line.likes() + 1));
          state.list("lines", Line.class);

          chat = context.namespace("/chat");
          chat.use((socket, handshake) -> {
            socket.data().put("line", new Line("data of VERSION", 0));
            socket.data().put("mood", Mood.GOOD);
          });
          chat.useEvents((socket, event, all) -> {
            seen.put(event + socket.id(), new Line(event, all.size()));
            if (event.equals("forbidden")) {
              throw new EventError("forbidden", "VERSION forbids");
            }
          });
          chat.handlers(this);
          chat.on("broken", Line.class, (socket, line) -> { throw new Broken(line); });
          chat.onWithAck("data", Payload.class, (socket, _) -> {
            Line line = socket.data().get("line", Line.class);
            socket.data().put("line", new Line(line.text(), line.likes() + 1));
            return line;
          });
          chat.onWithAck("ask-all", String.class, (socket, question) ->
              chat.timeout(Duration.ofSeconds(20)).emitWithAck(Line.class, "question", new Line(question, 0)));
          Namespace rooms = context.namespaces("/chat-{name}");
          rooms.onConnect((socket, handshake) ->
              socket.data().put("line", new Line(handshake.parameters().get("name"), 0)));
          rooms.onAny((socket, event, all) -> socket.emit("VERSION", socket.data().get("line", Line.class), all.get(0, Line.class)));

          context.every("tick", Duration.ofMillis(1), () -> { local.get(); metrics.count("ticks"); throw new Broken(new Line("t", 1)); });
          context.every("slow", Duration.ofMillis(1), () -> {
            try { new CountDownLatch(1).await(300, TimeUnit.MILLISECONDS); } catch (InterruptedException e) { throw new Broken(new Line("slow", 1)); }
          });
          context.after("never", Duration.ofDays(1), () -> seen.clear());

          pool = Executors.newFixedThreadPool(2, context.threads());
          context.threads().newThread(() -> {
            while (true) { Line line = local.get(); try { Thread.sleep(86_400_000); } catch (InterruptedException e) { throw new Broken(line); } }
          }).start();
        }

        @OnConnect void connect(Socket socket) { socket.join("all"); }

        @On("say") Map<Mood, List<Line>> say(Socket socket, List<Line> lines, Mood mood) throws Exception {
          local.get();
          metrics.count("said");
          metrics.time("saying", Duration.ofMillis(1));
          pool.submit(() -> socket.namespace().to("all").emit("said", "VERSION", lines.getFirst(), local.get())).get();
          return Map.of(mood, lines);
        }

        @On("ask-me") Line askMe(Socket socket, String question) {
          return socket.timeout(Duration.ofSeconds(20)).emitWithAck(Line.class, "question", new Line(question, 1));
        }

        @OnDisconnecting void leaving(Socket socket) { seen.put(socket.id(), new Line("left", 0)); }

        @Override public void stop() { throw new Broken(new Line("stopped", 1)); }
      }
      """;

  @TempDir private Path folder;
  @TempDir private Path state;
  private RuntimeFixture host;

  @BeforeEach
  void start() {
    host = new RuntimeFixture(folder, state, Duration.ofSeconds(20));
  }

  @AfterEach
  void stop() {
    host.close();
  }

  private void deploy(String version) throws IOException {
    SortedMap<String, byte[]> classes =
        PluginJars.compile(Map.of("chat.Main", EVERYTHING.replace("VERSION", version)));
    Path jar = PluginJars.plugin(folder.resolve("chat.jar"), "chat", version, "chat.Main", classes);
    try (InputStream in = Files.newInputStream(jar)) {
      host.runtime.deploy(host.runtime.stage(in, "chat.jar"), false);
    }
  }

  /** All that a client can do, with a version that is said. */
  private static void use(RawClient client, String version) {
    client.say("[\"say\",[{\"text\":\"hi\",\"likes\":1}],\"GOOD\"]");
    String line = "{\"text\":\"hi\",\"likes\":1},{\"text\":\"local\",\"likes\":0}";
    assertThat(client.next()).isEqualTo("42/chat,[\"said\",\"" + version + "\"," + line + "]");
    assertThat(client.ask("[\"say\",[{\"text\":\"hi\"}],\"WORSE\"]")).contains("bad_payload");
    assertThat(client.ask("[\"broken\",{\"text\":\"hi\",\"likes\":1}]")).contains("failed");
    assertThat(client.ask("[\"forbidden\",1]")).contains(version + " forbids");
    client.say("2[\"ask-all\",\"how?\"]");
    String asked = client.next();
    client.answer(ackId(asked) + "[{\"text\":\"well\",\"likes\":3}]");
    assertThat(client.next())
        .isEqualTo("43/chat,2[{\"values\":[{\"text\":\"well\",\"likes\":3}],\"missing\":0}]");
  }

  /** Of an event that asks for an ack. */
  private static String ackId(String event) {
    assertThat(event).matches("42/chat,\\d+\\[\"question\".*");
    return event.substring("42/chat,".length(), event.indexOf('['));
  }

  @Test
  void theClassesOfAReplacedVersionLeaveWhileItsSocketsStay() throws IOException {
    deploy("1");
    RawClient client = host.connect("/chat");
    RawClient red = host.connect("/chat-red");
    use(client, "1");
    red.say("[\"any\",{\"text\":\"x\",\"likes\":0}]");
    assertThat(red.next()).contains("[\"1\",{\"text\":\"red\",\"likes\":0}");
    assertThat(client.ask("[\"data\"]")).isEqualTo("[{\"text\":\"data of 1\",\"likes\":0}]");
    client.say("7[\"ask-me\",\"still there?\"]");
    String pending = client.next();

    deploy("2");
    client.answer(ackId(pending) + "[{\"text\":\"yes\",\"likes\":5}]");

    assertThat(client.next()).isEqualTo("43/chat,7[{\"text\":\"yes\",\"likes\":5}]");
    assertCollected();
    assertThat(client.ask("[\"data\"]")).isEqualTo("[{\"text\":\"data of 1\",\"likes\":1}]");
    use(client, "2");
    red.say("[\"any\",{\"text\":\"x\",\"likes\":0}]");
    assertThat(red.next()).contains("[\"2\",{\"text\":\"red\",\"likes\":0}");
    assertThat(host.registry.get("dormouse.plugin.said").counter().count()).isEqualTo(2);
    assertThat(host.runtime.plugin("chat").orElseThrow().sockets()).isEqualTo(2);
  }

  private void assertCollected() {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              host.runtime.checkLeaks();
              List<GenerationStatus> all = host.runtime.plugin("chat").orElseThrow().generations();
              GenerationStatus first = all.getLast();
              assertThat(first.version()).isEqualTo("1");
              assertThat(first.leakCauses()).isEmpty();
              assertThat(first.state()).isEqualTo(GenerationState.COLLECTED);
            });
  }
}
