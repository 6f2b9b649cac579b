package io.dormouse.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.api.Metrics;
import io.dormouse.api.Namespace;
import io.dormouse.api.Payload;
import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;
import io.dormouse.api.Task;
import io.dormouse.test.TestClient;
import io.dormouse.test.TestHost;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ContextExample {
  // @start region="context"
  static final class Teams implements Plugin { // @replace regex="static" replacement="public"
    record Settings(String greeting, int maxMembers) {} // dormouse.plugin.teams.max-members: 20

    @Override
    public void start(PluginContext context) {
      Settings settings = context.configuration(Settings.class);
      Namespace teams = context.namespaces("/team-{name}");
      teams.onConnect(
          (socket, handshake) -> {
            String team = handshake.parameters().get("name");
            socket.emit("greeting", settings.greeting() + ", " + team);
            context.of("/lobby").emit("playing", team); // a namespace of another plugin
          });
      context.logger().log(Level.INFO, "Teams have at most {0} members", settings.maxMembers());
    }
  }

  // @end

  @Test
  void aContextGivesWhatAPluginNeeds() {
    Plugin lobby = context -> context.namespace("/lobby");
    try (TestHost host =
        TestHost.of(() -> lobby).with(Teams::new, Map.of("greeting", "Go", "max-members", 20))) {
      TestClient ada = host.connect("/lobby");
      TestClient bob = host.connect("/team-red");
      assertThat(bob.next("greeting")).isEqualTo("Go, red");
      assertThat(ada.next("playing")).isEqualTo("red");
    }
  }

  @Test
  void aTaskRunsUntilItIsCancelled() {
    AtomicInteger frame = new AtomicInteger();
    Plugin plugin =
        context -> {
          Namespace game = context.namespace("/game");
          // @start region="task"
          Task frames =
              context.every(
                  "frames",
                  Duration.ofMillis(50),
                  () -> game.asVolatile().emit("frame", frame.incrementAndGet()));
          context.after(
              "end",
              Duration.ofMillis(300),
              () -> {
                frames.cancel();
                game.emit("over");
              });
          // @end
          game.on(
              "wait",
              Payload.class,
              (socket, _) ->
                  context.after("waited", Duration.ofMillis(200), () -> game.emit("waited")));
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      TestClient ada = host.connect("/game");
      assertThat(ada.next("frame")).isNotEqualTo(ada.next("frame"));
      ada.next("over");
      int before = ada.pending("frame");
      ada.emit("wait");
      ada.next("waited");
      assertThat(ada.pending("frame")).as("but for one under way").isBetween(before, before + 1);
    }
  }

  @Test
  void aTaskMayRunOnceForAllHosts() {
    Plugin plugin =
        context -> {
          Namespace shop = context.namespace("/shop");
          // @start region="once"
          context
              .every("prices", Duration.ofMillis(200), () -> shop.emit("prices", Map.of("tea", 4)))
              .once(); // however many hosts there are
          // @end
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      TestClient ada = host.connect("/shop");
      assertThat(ada.next("prices")).isEqualTo(ada.next("prices"));
    }
  }

  @Test
  void workGoesOnWhenTheHandlerHasAnswered() {
    Plugin plugin =
        context -> {
          Namespace library = context.namespace("/library");
          // @start region="threads"
          ExecutorService indexing = Executors.newFixedThreadPool(2, context.threads());
          library.on(
              "add",
              String.class,
              (socket, book) ->
                  indexing.execute(() -> socket.emit("indexed", book.split(" ").length)));
          // @end
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      TestClient ada = host.connect("/library");
      ada.emit("add", "all of it");
      assertThat(ada.next("indexed")).isEqualTo(3);
    }
  }

  @Test
  void aPluginCountsAndMeasures() {
    Plugin plugin =
        context -> {
          Namespace chat = context.namespace("/chat");
          Set<String> people = ConcurrentHashMap.newKeySet();
          // @start region="metrics"
          Metrics metrics = context.metrics();
          metrics.gauge("people", people::size); // dormouse_plugin_people{plugin="chat"}
          chat.onWithAck(
              "say",
              String.class,
              (socket, text) -> {
                Instant begun = Instant.now();
                people.add(socket.id());
                chat.emit("line", text);
                metrics.count("lines-said"); // dormouse_plugin_lines_said_total{plugin="chat"}
                metrics.time("saying", Duration.between(begun, Instant.now()));
                return people.size();
              });
          // @end
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      assertThat(host.connect("/chat").emitWithAck("say", "hi")).isEqualTo(1);
      assertThat(host.connect("/chat").emitWithAck("say", "ho")).isEqualTo(2);
    }
  }
}
