package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dormouse.host.plugin.StateStore;
import io.dormouse.host.plugin.StateUnreachable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two hosts that share the state of a plugin. */
class RedisStateTest {
  private final RedisProcess redis = RedisProcess.start();
  private final RedisClients clients = new RedisClients(RedisSettings.of(redis.url()));
  private final RedisClients others = new RedisClients(RedisSettings.of(redis.url()));
  private final StateStore here = store(clients, "chat");
  private final StateStore there = store(others, "chat");

  private static StateStore store(RedisClients clients, String plugin) {
    return new RedisState(new RedisCalls(clients::commands), "test", plugin, 200);
  }

  @AfterEach
  void stop() {
    clients.shutdown();
    others.shutdown();
    redis.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void whatOneHostWritesTheOtherReads() {
    here.put("größe", bytes("\"ü\""));
    here.put("gone", bytes("1"));
    there.put("gone", null);
    store(clients, "echo").put("other", bytes("1"));

    assertThat(there.get("größe")).isEqualTo(bytes("\"ü\""));
    assertThat(there.get("gone")).isNull();
    assertThat(there.keys("")).containsExactly("größe");
    assertThat(there.keys("x")).isEmpty();
    here.clear();
    assertThat(there.keys("")).isEmpty();
    assertThat(store(others, "echo").keys("")).containsExactly("other");
  }

  @Test
  void replacesOnlyWhatWasSeen() {
    assertThat(here.replace("a", bytes("0"), bytes("1"))).isFalse();
    assertThat(here.replace("a", null, bytes("1"))).isTrue();
    assertThat(there.replace("a", null, bytes("2"))).isFalse();
    assertThat(there.replace("a", bytes("1"), bytes("2"))).isTrue();
    assertThat(here.replace("a", bytes("1"), null)).isFalse();
    assertThat(here.replace("a", bytes("2"), null)).isTrue();
    assertThat(redis.cli("EXISTS", "test:dormouse:state:chat")).isEqualTo("0");
  }

  @Test
  void losesNoUpdateOfTwoHosts() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (StateStore store : List.of(here, there, here, there)) {
      threads.add(Thread.startVirtualThread(() -> count(store, 100)));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(here.get("count")).isEqualTo(bytes("400"));
  }

  private static void count(StateStore store, int times) {
    for (int done = 0; done < times; ) {
      byte[] seen = store.get("count");
      int next = seen == null ? 1 : Integer.parseInt(new String(seen, UTF_8)) + 1;
      done += store.replace("count", seen, bytes("" + next)) ? 1 : 0;
    }
  }

  @Test
  void refusesToGrowPastTheLimitOfAllHosts() {
    here.put("a", bytes("x".repeat(150)));

    assertThatThrownBy(() -> there.put("b", bytes("x".repeat(100))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "State of plugin 'chat' is full: it would have 252 bytes with key 'b',"
                + " dormouse.plugins.state-limit allows 200");
    there.put("a", bytes("x"));
    there.put("b", bytes("x".repeat(100)));
    assertThat(here.keys("")).containsExactly("a", "b");
  }

  @Test
  void bringsBackWhatAMigrationChangedButNotWhatAnotherHostDid() {
    here.put("changed", bytes("1"));
    here.put("removed", bytes("1"));
    here.put("theirs", bytes("1"));
    try (StateStore.Snapshot snapshot = here.snapshot()) {
      here.put("changed", bytes("2"));
      here.put("removed", null);
      here.put("added", bytes("2"));
      here.put("theirs", bytes("2"));
      there.put("theirs", bytes("3"));
      there.put("new", bytes("3"));

      snapshot.restore();
    }

    assertThat(there.get("changed")).isEqualTo(bytes("1"));
    assertThat(there.get("removed")).isEqualTo(bytes("1"));
    assertThat(there.get("theirs")).isEqualTo(bytes("3"));
    assertThat(there.keys("")).containsExactly("changed", "new", "removed", "theirs");
  }

  @Test
  void saysSoSoonWhileRedisIsAwayAndGoesOnWhenItComes() {
    here.put("a", bytes("1"));
    redis.kill9();

    assertAway();
    Instant second = Instant.now();
    assertAway();
    assertThat(Duration.between(second, Instant.now())).isLessThan(Duration.ofMillis(400));

    redis.restart();
    await().ignoreExceptions().until(() -> here.keys("").isEmpty());
    here.put("a", bytes("2"));
    assertThat(here.get("a")).isEqualTo(bytes("2"));
  }

  @Test
  void waitsForASilentRedisOnlyOnce() {
    here.put("a", bytes("1"));
    redis.pause();
    try {
      Instant begun = Instant.now();
      for (int i = 0; i < 20; i++) {
        assertAway();
      }
      assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(4));
    } finally {
      redis.resume();
    }
    await().ignoreExceptions().until(() -> here.get("a") != null);
  }

  private void assertAway() {
    assertThatThrownBy(() -> here.get("a"))
        .isInstanceOf(StateUnreachable.class)
        .hasMessageStartingWith("State of plugin 'chat' cannot be reached: ")
        .hasMessageEndingWith("; try again later [PLUGIN_STATE_UNREACHABLE]");
  }

  @Test
  void namesNoMoreThanTheKindOfAnAnswer() {
    redis.cli("SET", "test:dormouse:state:chat", "no hash");

    assertThatThrownBy(() -> here.get("a"))
        .hasMessageContaining("cannot be reached: Redis answered WRONGTYPE; try again");
  }
}
