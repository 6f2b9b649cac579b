package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.RuntimeFixture.plugin;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing in the host may keep a class of a plugin that has been stopped. */
class PluginUnloadTest {
  private static final String LOADER = "dormouse.test.loader";

  @TempDir Path folder;

  /** Uses all that a plugin may use, and tells the test its loader by a reference of the JDK's. */
  private static final String EVERYTHING =
      """
      public record Settings(List<String> rooms) {}
      record Line(String text, int likes) {}
      enum Mood { GOOD, BAD }
      @Override public void start(PluginContext context) {
        System.getProperties().put("dormouse.test.loader",
            new java.lang.ref.WeakReference<>(getClass().getClassLoader()));
        Namespace chat = context.namespace("/chat");
        chat.handlers(this);
        chat.use((socket, handshake) -> socket.data().put("line", new Line("first", 0)));
        chat.on("broken", Line.class, (socket, line) -> { throw new Broken(line); });
        context.namespaces("/chat-{name}").onAny((socket, event, all) -> socket.emit("any", all.get(0, Line.class)));
        context.configuration(Settings.class);
        context.state().put("line", new Line("kept", 1));
        context.state().append("lines", new Line("kept", 1), 3);
        context.state().update("line", Line.class, line -> new Line(line.text(), 2));
        context.state().list("lines", Line.class);
        context.logger().log(System.Logger.Level.INFO, "{0} started", Mood.GOOD);
        context.every("tick", java.time.Duration.ofMillis(1), () -> { throw new Broken(new Line("t", 1)); });
        context.every("slow", java.time.Duration.ofMillis(1), () -> {
          try { new java.util.concurrent.CountDownLatch(1).await(); } catch (InterruptedException e) { }
        });
        context.after("never", java.time.Duration.ofDays(1), () -> {});
      }
      static class Broken extends RuntimeException {
        final Line line;
        Broken(Line line) { this.line = line; }
      }
      @OnConnect void connect(Socket socket) { socket.join("all"); socket.data().get("line", Line.class); }
      @On("say") Map<Mood, List<Line>> say(Socket socket, List<Line> lines, Mood mood) {
        socket.namespace().to("all").emit("said", lines.getFirst());
        return Map.of(mood, lines);
      }
      @OnDisconnect void left() {}
      @Override public void stop() { throw new Broken(new Line("stopped", 1)); }
      """;

  @Test
  void freesTheClassesOfAStoppedPlugin() {
    try (var fixture = new RuntimeFixture(folder)) {
      fixture.put("chat", plugin("chat", "Main", EVERYTHING));

      List<WeakReference<?>> loaders = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        loaders.add(startUseStop(fixture));
      }

      assertCollected(loaders);
    }
  }

  /** Its own method, so that no local variable of the caller keeps a loader. */
  private static WeakReference<?> startUseStop(RuntimeFixture fixture) {
    fixture.runtime.start(fixture.folder);
    assertThat(fixture.runtime.plugins().getFirst().lastError()).isNull();
    RawClient client = fixture.connect("/chat");
    client.say("[\"say\",[{\"text\":\"hi\",\"likes\":1}],\"GOOD\"]");
    assertThat(client.next()).contains("said");
    assertThat(client.ask("[\"say\",[{\"text\":\"hi\"}],\"WORSE\"]")).contains("bad_payload");
    assertThat(client.ask("[\"broken\",{\"text\":\"hi\"}]")).contains("failed");
    fixture.runtime.stop();
    assertThat(client.next()).isEqualTo("41/chat,");
    return loader();
  }

  @Test
  void freesTheClassesOfARefusedPlugin() {
    try (var fixture = new RuntimeFixture(folder)) {
      fixture.put(
          "chat",
          plugin(
              "chat",
              "Main",
              EVERYTHING
                  + "@Override public void probe() { throw new Broken(new Line(\"no\", 1)); }"));

      fixture.runtime.start(folder);

      assertThat(fixture.runtime.plugins().getFirst().lastError()).contains("probe threw Broken");
      assertCollected(List.of(loader()));
    }
  }

  private static WeakReference<?> loader() {
    return (WeakReference<?>) System.getProperties().remove(LOADER);
  }

  private static void assertCollected(List<WeakReference<?>> loaders) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              throwElsewhere();
              System.gc();
              assertThat(loaders).allMatch(loader -> loader.get() == null);
            });
  }

  /**
   * The virtual machine itself keeps the exception that a thread caught last, without a reference
   * that a heap dump would show, until that thread catches another one.
   */
  private static void throwElsewhere() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 64; i++) {
        threads.submit(
            () -> {
              throw new IllegalStateException("of the host");
            });
      }
    }
  }
}
