package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dormouse.api.Namespace;
import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;
import io.dormouse.host.namespace.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SleepTest {
  private RuntimeFixture host =
      new RuntimeFixture(ReplaceSettings.defaults(), SleepSettings.defaults());
  private final List<String> life = new ArrayList<>();
  private final AtomicInteger failWakes = new AtomicInteger();

  @AfterEach
  void stop() {
    host.close();
  }

  /** Remembers its life, and answers. */
  private final class Living implements Plugin {
    @Override
    public void start(PluginContext context) {
      life("start");
      Namespace chat = context.namespace("/chat");
      chat.onConnect((socket, handshake) -> socket.join("room"));
      chat.onWithAck("n", Integer.class, (socket, n) -> n);
    }

    @Override
    public void probe() {
      life("probe");
    }

    @Override
    public void onHibernate() {
      life("hibernate");
    }

    @Override
    public void onWake() {
      life("wake");
      if (failWakes.getAndDecrement() > 0) {
        throw new IllegalStateException("cannot wake");
      }
    }

    @Override
    public void stop() {
      life("stop");
    }
  }

  private void life(String what) {
    synchronized (life) {
      life.add(what);
    }
  }

  private List<String> life() {
    synchronized (life) {
      return List.copyOf(life);
    }
  }

  private void sleeping() {
    host.runtime.startFrom("chat", "1", Living::new, Map.of());
  }

  private PluginStatus chat() {
    return host.runtime.plugin("chat").orElseThrow();
  }

  @Test
  void sleepsWhileItsSocketsAndRoomsStayAndOthersReachThem() {
    sleeping();
    RawClient client = host.connect("/chat");

    assertThat(host.runtime.hibernate("chat").state()).isEqualTo(PluginState.HIBERNATED);

    await().until(() -> life().contains("stop"));
    assertThat(life()).containsExactly("start", "probe", "hibernate", "stop");
    host.namespaces.emit("/chat", Target.EVERYONE.to("room"), Duration.ZERO, "news", 1);
    assertThat(client.next()).isEqualTo("42/chat,[\"news\",1]");
    assertThat(chat().state()).isEqualTo(PluginState.HIBERNATED);
    assertThat(chat().sockets()).isEqualTo(1);
    assertThatThrownBy(() -> host.runtime.hibernate("chat")).isInstanceOf(NothingToDo.class);
  }

  @Test
  void manyEventsAtOnceWakeItOnceAndKeepTheirOrder() throws InterruptedException {
    sleeping();
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      clients.add(host.connect("/chat"));
    }
    host.runtime.hibernate("chat");

    List<Thread> senders = new ArrayList<>();
    for (RawClient client : clients) {
      senders.add(
          Thread.startVirtualThread(
              () -> {
                for (int n = 0; n < 10; n++) {
                  client.say(n + "[\"n\"," + n + "]");
                }
              }));
    }
    for (Thread sender : senders) {
      sender.join();
    }

    for (RawClient client : clients) {
      for (int n = 0; n < 10; n++) {
        assertThat(client.next()).isEqualTo("43/chat," + n + "[" + n + "]");
      }
    }
    assertThat(chat().wakes()).isEqualTo(1);
    assertThat(chat().state()).isEqualTo(PluginState.ACTIVE);
    assertThat(life()).filteredOn("wake"::equals).hasSize(1);
  }

  @Test
  void aConnectWakesIt() {
    sleeping();
    host.runtime.hibernate("chat");

    assertThat(host.connect("/chat").ask("[\"n\",1]")).isEqualTo("[1]");
    assertThat(chat().wakes()).isEqualTo(1);
  }

  @Test
  void aWakeThatFailsIsAnsweredAndAfterThreeItIsGivenUp() {
    sleeping();
    RawClient client = host.connect("/chat");
    host.runtime.hibernate("chat");
    failWakes.set(1);
    assertThat(client.ask("[\"n\",1]")).contains("\"unavailable\"");
    assertThat(chat().state()).isEqualTo(PluginState.HIBERNATED);
    assertThat(chat().lastError()).contains("cannot wake");
    assertThat(client.ask("[\"n\",2]")).isEqualTo("[2]");

    host.runtime.hibernate("chat");
    failWakes.set(3);
    for (int i = 0; i < 3; i++) {
      assertThat(client.ask("[\"n\",1]")).contains("\"unavailable\"");
    }

    await().until(() -> chat().state() == PluginState.QUARANTINED);
    assertThat(client.ask("[\"n\",1]")).contains("\"unavailable\"");
    host.runtime.reload("chat");
    assertThat(client.ask("[\"n\",3]")).isEqualTo("[3]");
  }

  @Test
  void aDisconnectWakesItOnlyToTellADisconnectHandler() throws InterruptedException {
    var told = new LinkedBlockingQueue<String>();
    host.runtime.startFrom(
        "chat",
        "1",
        () ->
            context -> {
              context.namespace("/chat").onDisconnect((socket, reason) -> told.add(socket.id()));
              context.namespace("/silent");
            },
        Map.of());
    RawClient silent = host.connect("/silent");
    RawClient one = host.connect("/chat");
    RawClient two = host.connect("/chat");
    host.runtime.hibernate("chat");

    silent.close();
    await().until(() -> chat().sockets() == 2);
    assertThat(chat().state()).isEqualTo(PluginState.HIBERNATED);
    one.close();
    two.close();

    assertThat(told.poll(10, TimeUnit.SECONDS)).isNotNull();
    assertThat(told.poll(10, TimeUnit.SECONDS)).isNotNull();
    assertThat(chat().wakes()).isEqualTo(1);
  }

  @Test
  void aTaskKeepsItsTimeAndWakesItWhenDue() throws InterruptedException {
    host.close();
    host =
        new RuntimeFixture(
            ReplaceSettings.defaults(), new SleepSettings(Duration.ofMillis(1), Duration.ZERO));
    var runs = new CountDownLatch(2);
    host.runtime.startFrom(
        "chat",
        "1",
        () ->
            context -> {
              context.namespace("/chat");
              context.every("tidy", Duration.ofSeconds(2), runs::countDown);
            },
        Map.of());

    await().until(() -> chat().state() == PluginState.HIBERNATED);

    assertThat(runs.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(chat().wakes()).isPositive();
  }

  @Test
  void aTaskIsDueInTheNextVersionWhenItWasInTheFormer() throws InterruptedException {
    var runs = new CountDownLatch(1);
    host.serve(
        "1",
        context -> {
          context.namespace("/chat");
          context.after("soon", Duration.ofMillis(300), () -> {});
        });

    host.serve(
        "2",
        context -> {
          context.namespace("/chat");
          context.after("soon", Duration.ofHours(1), runs::countDown);
        });

    assertThat(runs.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aTaskThatTheNextVersionDoesNotHaveWakesNobody() {
    host.close();
    host =
        new RuntimeFixture(
            ReplaceSettings.defaults(), new SleepSettings(Duration.ofMillis(1), Duration.ZERO));
    host.serve("1", context -> context.after("soon", Duration.ofMillis(500), () -> {}));
    host.serve("2", context -> context.namespace("/chat"));
    host.runtime.rollback("chat");
    host.serve("3", context -> context.namespace("/chat"));
    host.runtime.hibernate("chat");

    await()
        .during(Duration.ofSeconds(2))
        .until(() -> chat().state() == PluginState.HIBERNATED && chat().wakes() == 0);
  }

  @Test
  void aReplacementWhileItSleepsNeedsNoWake() {
    sleeping();
    RawClient client = host.connect("/chat");
    host.runtime.hibernate("chat");

    host.serve(
        "2",
        context -> context.namespace("/chat").onWithAck("n", Integer.class, (socket, n) -> n * 10));

    assertThat(client.ask("[\"n\",1]")).isEqualTo("[10]");
    assertThat(chat().wakes()).isZero();
  }

  @Test
  void whoIsWokenAgainSoonStaysAwakeLonger() {
    var drowsiness = new Drowsiness(Duration.ofMinutes(1), Duration.ofSeconds(10));
    Instant now = Instant.now();
    Instant later = now.plusSeconds(600);
    assertThat(drowsiness.maySleep(later, Duration.ofSeconds(59), Instant.MAX)).isFalse();
    assertThat(drowsiness.maySleep(later, Duration.ofSeconds(60), Instant.MAX)).isTrue();
    assertThat(drowsiness.maySleep(now, Duration.ofSeconds(60), Instant.MAX)).isFalse();
    assertThat(drowsiness.maySleep(later, Duration.ofSeconds(60), later.plusSeconds(9))).isFalse();

    drowsiness.slept(later);
    drowsiness.woken(later.plusSeconds(5));
    later = later.plusSeconds(600);
    assertThat(drowsiness.maySleep(later, Duration.ofSeconds(119), Instant.MAX)).isFalse();
    assertThat(drowsiness.maySleep(later, Duration.ofSeconds(120), Instant.MAX)).isTrue();

    drowsiness.slept(later);
    drowsiness.woken(later.plusSeconds(61));
    later = later.plusSeconds(600);
    assertThat(drowsiness.maySleep(later, Duration.ofSeconds(60), Instant.MAX)).isTrue();
  }
}
