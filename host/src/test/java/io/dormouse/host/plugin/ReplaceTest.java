package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dormouse.api.EventError;
import io.dormouse.api.Namespace;
import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;
import io.dormouse.api.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplaceTest {
  private RuntimeFixture host =
      new RuntimeFixture(ReplaceSettings.defaults(), SleepSettings.defaults());

  @AfterEach
  void stop() {
    host.close();
  }

  private void with(ReplaceSettings replace) {
    host.close();
    host = new RuntimeFixture(replace, SleepSettings.defaults());
  }

  private static ReplaceSettings watchedFor(Duration window) {
    return new ReplaceSettings(Duration.ofSeconds(10), window, 20, Duration.ofMinutes(1), false);
  }

  /** Tells its version. */
  private static Plugin telling(String version) {
    return context ->
        context
            .namespace("/chat")
            .onWithAck("version", String.class, (socket, text) -> version + text);
  }

  private static Plugin failing(String version) {
    return context ->
        context
            .namespace("/chat")
            .onWithAck(
                "version",
                String.class,
                (socket, text) -> {
                  if (text.equals("answer")) {
                    throw new EventError("no", "An answer, not a failure");
                  }
                  throw new IllegalStateException(version + " fails");
                });
  }

  @Test
  void socketsRoomsAndDataLiveOn() {
    Plugin first =
        context -> {
          Namespace chat = context.namespace("/chat");
          chat.onConnect(
              (socket, handshake) -> {
                socket.join("room");
                socket.data().put("name", "ada");
              });
          chat.on("all", String.class, (socket, text) -> chat.emit("said", text));
        };
    Plugin second =
        context -> {
          Namespace chat = context.namespace("/chat");
          chat.onWithAck("name", String.class, (socket, text) -> socket.data().text("name"));
          chat.on("room", String.class, (socket, text) -> chat.to("room").emit("said", text));
        };
    host.serve("1", first);
    RawClient client = host.connect("/chat");

    PluginStatus status = host.serve("2", second);

    assertThat(client.ask("[\"name\",\"\"]")).isEqualTo("[\"ada\"]");
    client.say("[\"room\",\"hi\"]");
    assertThat(client.next()).isEqualTo("42/chat,[\"said\",\"hi\"]");
    assertThat(status.version()).isEqualTo("2");
    assertThat(status.sockets()).isEqualTo(1);
    await()
        .untilAsserted(
            () ->
                assertThat(host.runtime.plugin("chat").orElseThrow().generations())
                    .extracting(GenerationStatus::state)
                    .containsExactly(GenerationState.CURRENT, GenerationState.RETIRED));
  }

  @Test
  void eachEventIsHandledOnceInOrderWhileVersionsCome() throws InterruptedException {
    List<Integer> handled = new ArrayList<>();
    Plugin recording =
        context ->
            context
                .namespace("/chat")
                .onWithAck(
                    "n",
                    Integer.class,
                    (socket, n) -> {
                      synchronized (handled) {
                        handled.add(n);
                      }
                      return n;
                    });
    host.serve("0", recording);
    RawClient client = host.connect("/chat");
    int events = 3_000;
    var done = new AtomicBoolean();
    Thread replacing =
        Thread.startVirtualThread(
            () -> {
              for (int i = 1; !done.get(); i++) {
                host.serve(Integer.toString(i), recording);
              }
            });
    try {
      for (int i = 0; i < events; i++) {
        client.say("[\"n\"," + i + "]");
      }
      assertThat(client.ask("[\"n\"," + events + "]")).isEqualTo("[" + events + "]");
    } finally {
      done.set(true);
      replacing.join();
    }

    assertThat(handled).hasSize(events + 1).isSorted();
    assertThat(host.runtime.plugin("chat").orElseThrow().generations()).hasSizeGreaterThan(2);
  }

  @Test
  void theFormerVersionEndsWhatItHasBegun() throws InterruptedException {
    var began = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var stopped = new CountDownLatch(1);
    Plugin slow =
        new Plugin() {
          @Override
          public void start(PluginContext context) {
            context
                .namespace("/chat")
                .onWithAck(
                    "version",
                    String.class,
                    (socket, text) -> {
                      began.countDown();
                      go.await();
                      String answer = socket.emitWithAck(String.class, "are you there");
                      return "1" + text + answer;
                    });
          }

          @Override
          public void stop() {
            stopped.countDown();
          }
        };
    host.serve("1", slow);
    RawClient early = host.connect("/chat");
    early.say("7[\"version\",\"a\"]");
    began.await();

    host.serve("2", telling("2"));

    assertThat(host.connect("/chat").ask("[\"version\",\"b\"]")).isEqualTo("[\"2b\"]");
    assertThat(stopped.getCount()).isEqualTo(1);
    go.countDown();
    assertThat(early.next()).isEqualTo("42/chat,0[\"are you there\"]");
    early.answer("0[\"yes\"]");
    assertThat(early.next()).isEqualTo("43/chat,7[\"1ayes\"]");
    assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(early.ask("[\"version\",\"c\"]")).isEqualTo("[\"2c\"]");
  }

  @Test
  void whatTheFormerVersionDoesNotEndIsInterruptedAtTheDeadline() throws InterruptedException {
    with(
        new ReplaceSettings(
            Duration.ofMillis(50), Duration.ofSeconds(30), 20, Duration.ofMinutes(1), false));
    var began = new CountDownLatch(1);
    Plugin stuck =
        context ->
            context
                .namespace("/chat")
                .on(
                    "wait",
                    String.class,
                    (socket, text) -> {
                      began.countDown();
                      new CountDownLatch(1).await();
                    });
    host.serve("1", stuck);
    RawClient client = host.connect("/chat");
    client.say("3[\"wait\",\"\"]");
    began.await();

    host.serve("2", telling("2"));

    assertThat(client.next()).startsWith("43/chat,3[{\"error\":{\"code\":\"timeout\"");
    assertThat(client.ask("[\"version\",\"\"]")).isEqualTo("[\"2\"]");
  }

  @Test
  void whatDoesNotStartChangesNothing() {
    Plugin noProbe =
        new Plugin() {
          @Override
          public void start(PluginContext context) {
            context.namespace("/chat");
            context.namespace("/more");
          }

          @Override
          public void probe() {
            throw new IllegalStateException("no database");
          }
        };
    host.serve("1", telling("1"));
    RawClient client = host.connect("/chat");

    assertThatThrownBy(() -> host.serve("2", noProbe)).hasMessageContaining("no database");
    assertThatThrownBy(() -> host.serve("3", context -> context.namespace("bad")))
        .isInstanceOf(PluginRefused.class);

    assertThat(client.ask("[\"version\",\"\"]")).isEqualTo("[\"1\"]");
    PluginStatus status = host.runtime.plugin("chat").orElseThrow();
    assertThat(status.state()).isEqualTo(PluginState.ACTIVE);
    assertThat(status.version()).isEqualTo("1");
    assertThat(status.lastError()).contains("Plugin 'chat' 3 did not start");
    assertThat(status.generations())
        .filteredOn(generation -> generation.reason() != null)
        .extracting(GenerationStatus::version)
        .containsExactly("3", "2");
  }

  @Test
  void opensAndClosesNamespacesWhereTheVersionsDiffer() {
    var gone = new LinkedBlockingQueue<String>();
    Plugin two =
        context -> {
          context.namespace("/chat").onWithAck("v", String.class, (socket, text) -> 1);
          context.namespace("/old").onDisconnect((socket, reason) -> gone.add(reason.toString()));
          context.namespaces("/child-{name}");
        };
    Plugin three =
        context -> {
          context.namespace("/chat").onWithAck("v", String.class, (socket, text) -> 2);
          context.namespace("/new");
          context.namespaces("/child-{other}");
        };
    host.serve("1", two);
    RawClient kept = host.connect("/chat");
    RawClient removed = host.connect("/old");
    RawClient child = host.connect("/child-a");

    host.serve("2", three);

    assertThat(removed.next()).isEqualTo("41/old,");
    assertThat(child.next()).isEqualTo("41/child-a,");
    assertThat(gone).containsExactly("server namespace disconnect");
    assertThat(kept.ask("[\"v\",\"\"]")).isEqualTo("[2]");
    host.connect("/new");
    host.connect("/child-b");
  }

  @Test
  void anotherPluginsNamespaceIsNotTaken() {
    host.runtime.startFrom("other", "1", () -> context -> context.namespace("/other"), Map.of());
    host.serve("1", telling("1"));

    assertThatThrownBy(
            () ->
                host.serve(
                    "2",
                    context -> {
                      context.namespace("/chat");
                      context.namespace("/other");
                    }))
        .hasMessageContaining("already served by plugin 'other'");
    assertThat(host.connect("/chat").ask("[\"version\",\"\"]")).isEqualTo("[\"1\"]");
  }

  /** Counts in state and in each socket's data; the second version counts tenfold. */
  private static final class Migrating implements Plugin {
    private final AtomicReference<PluginContext> context = new AtomicReference<>();
    private final boolean works;
    volatile String previous = "";

    Migrating(boolean works) {
      this.works = works;
    }

    @Override
    public void start(PluginContext given) {
      context.set(given);
      given
          .namespace("/chat")
          .onWithAck(
              "count",
              String.class,
              (socket, text) -> given.state().get("count", Integer.class) + text + seen(socket));
    }

    private static String seen(Socket socket) {
      return socket.data().text("seen");
    }

    @Override
    public void onReplace(String previousVersion) {
      previous = previousVersion;
      PluginContext own = context.get();
      own.state().update("count", Integer.class, count -> count * 10);
      own.of("/chat").fetchSockets().forEach(socket -> socket.data().put("seen", "migrated"));
      if (!works) {
        throw new IllegalStateException("half-way");
      }
    }
  }

  private static Plugin counting(CountDownLatch began, CountDownLatch go) {
    return context -> {
      context.state().put("count", 1);
      Namespace chat = context.namespace("/chat");
      chat.onConnect((socket, handshake) -> socket.data().put("seen", "first"));
      chat.onWithAck(
          "count",
          String.class,
          (socket, text) -> {
            began.countDown();
            go.await();
            return context.state().get("count", Integer.class) + text;
          });
    };
  }

  @Test
  void aMigrationIsAloneAndEventsWaitForIt() throws InterruptedException {
    var began = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    host.serve("1", counting(began, go));
    RawClient client = host.connect("/chat");
    client.say("1[\"count\",\"a\"]");
    began.await();
    var migrating = new Migrating(true);
    Thread replacing = Thread.startVirtualThread(() -> host.serve("2", migrating));
    await().until(() -> "replace".equals(host.runtime.plugin("chat").orElseThrow().operation()));
    client.say("2[\"count\",\"b\"]");
    assertThat(migrating.previous).isEmpty();

    go.countDown();

    assertThat(client.next()).isEqualTo("43/chat,1[\"1a\"]");
    assertThat(client.next()).isIn("43/chat,2[\"1b\"]", "43/chat,2[\"10bmigrated\"]");
    replacing.join();
    assertThat(migrating.previous).isEqualTo("1");
    assertThat(client.ask("[\"count\",\"c\"]")).isEqualTo("[\"10cmigrated\"]");
  }

  @Test
  void aMigrationMayGiveUpANamespace() {
    host.serve(
        "1",
        context -> {
          context.namespace("/old").onDisconnect((socket, reason) -> {});
          context.state().put("count", 1);
        });
    RawClient client = host.connect("/old");

    PluginStatus status = host.serve("2", new Migrating(true));

    assertThat(client.next()).isEqualTo("41/old,");
    assertThat(status.namespaces()).containsExactly("/chat");
    await().until(() -> host.runtime.plugin("chat").orElseThrow().sockets() == 0);
  }

  @Test
  void aMigrationThatFailsIsUndone() {
    var free = new CountDownLatch(0);
    host.serve("1", counting(free, free));
    RawClient client = host.connect("/chat");

    assertThatThrownBy(() -> host.serve("2", new Migrating(false)))
        .hasMessageContaining("onReplace threw IllegalStateException 'half-way'");

    assertThat(client.ask("[\"count\",\"\"]")).isEqualTo("[\"1\"]");
    host.serve("3", new Migrating(true));
    assertThat(client.ask("[\"count\",\"\"]")).isEqualTo("[\"10migrated\"]");
  }

  @Test
  void aVersionWhoseHandlersFailIsRolledBackByItself() {
    var seen = new ConcurrentHashMap<PluginEvent.Type, String>();
    host.serve("1", telling("1"));
    host.runtime.addListener(event -> seen.put(event.type(), event.version()));
    RawClient client = host.connect("/chat");
    host.serve("2", failing("2"));
    for (int i = 0; i < 20; i++) {
      assertThat(client.ask("[\"version\",\"answer\"]")).contains("\"no\"");
    }
    assertThat(host.runtime.plugin("chat").orElseThrow().version()).isEqualTo("2");

    for (int i = 0; i < 5; i++) {
      client.say("[\"version\",\"x\"]");
    }

    await().until(() -> client.ask("[\"version\",\"\"]").equals("[\"1\"]"));
    await().until(() -> seen.containsKey(PluginEvent.Type.ROLLED_BACK));
    PluginStatus status = host.runtime.plugin("chat").orElseThrow();
    assertThat(status.version()).isEqualTo("1");
    await()
        .untilAsserted(
            () ->
                assertThat(host.runtime.plugin("chat").orElseThrow().lastError())
                    .matches("Plugin 'chat' 2 is rolled back to 1: 5 of 2\\d calls .* failed"));
  }

  @Test
  void aProbeThatFailsSoonAfterRollsBack() {
    with(watchedFor(Duration.ofMillis(100)));
    var probes = new LinkedBlockingQueue<Integer>(List.of(1));
    Plugin second =
        new Plugin() {
          @Override
          public void start(PluginContext context) throws Exception {
            telling("2").start(context);
          }

          @Override
          public void probe() {
            if (probes.poll() == null) {
              throw new IllegalStateException("not any more");
            }
          }
        };
    host.serve("1", telling("1"));
    host.serve("2", second);
    RawClient client = host.connect("/chat");

    await().until(() -> client.ask("[\"version\",\"\"]").equals("[\"1\"]"));
    await()
        .until(
            () ->
                String.valueOf(host.runtime.plugin("chat").orElseThrow().lastError())
                    .contains("not any more"));
  }

  @Test
  void rollbackByHandGoesBackAndForth() {
    host.serve("1", telling("1"));
    assertThatThrownBy(() -> host.runtime.rollback("chat")).isInstanceOf(NothingToDo.class);
    host.serve("2", telling("2"));
    RawClient client = host.connect("/chat");

    assertThat(host.runtime.rollback("chat").version()).isEqualTo("1");
    assertThat(client.ask("[\"version\",\"\"]")).isEqualTo("[\"1\"]");
    assertThat(host.runtime.rollback("chat").version()).isEqualTo("2");
    assertThat(client.ask("[\"version\",\"\"]")).isEqualTo("[\"2\"]");
  }

  @Test
  void disabledIsAnsweredWithAnErrorAndSocketsStay() {
    host.serve("1", telling("1"));
    RawClient client = host.connect("/chat");

    assertThat(host.runtime.disable("chat").state()).isEqualTo(PluginState.DISABLED);
    assertThat(client.ask("[\"version\",\"\"]")).contains("\"unavailable\"");
    assertThat(host.runtime.enable("chat").state()).isEqualTo(PluginState.ACTIVE);
    assertThat(client.ask("[\"version\",\"\"]")).isEqualTo("[\"1\"]");
  }

  @Test
  void removingDisconnectsItsSockets() {
    host.serve("1", telling("1"));
    RawClient client = host.connect("/chat");

    host.runtime.remove("chat");

    assertThat(client.next()).isEqualTo("41/chat,");
    assertThat(host.runtime.plugin("chat")).isEmpty();
    assertThatThrownBy(() -> host.runtime.reload("chat")).isInstanceOf(UnknownPlugin.class);
  }

  @Test
  void oneOperationAtATime() throws Exception {
    var inside = new CyclicBarrier(2);
    host.serve("1", telling("1"));
    Thread replacing =
        Thread.startVirtualThread(
            () ->
                host.serve(
                    "2",
                    context -> {
                      context.namespace("/chat");
                      inside.await();
                      inside.await();
                    }));
    inside.await();

    assertThatThrownBy(() -> host.runtime.rollback("chat"))
        .isInstanceOf(OperationInProgress.class)
        .hasMessageContaining("replace");

    inside.await();
    replacing.join();
    assertThat(host.runtime.rollback("chat").version()).isEqualTo("1");
  }

  @Test
  void whatIsLeftOfARetiredVersionCannotEmit() throws InterruptedException {
    var kept = new AtomicReference<Namespace>();
    Plugin first =
        context -> {
          kept.set(context.namespace("/chat"));
        };
    host.serve("1", first);
    host.serve("2", telling("2"));
    await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> kept.get().emit("late"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("was retired"));
  }
}
