package io.dormouse.host.backplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dormouse.host.plugin.TaskLeases;
import io.dormouse.host.plugin.TaskLeases.Lease;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two hosts with the same task. */
class RedisLeasesTest {
  private final RedisProcess redis = RedisProcess.start();
  private final RedisClients clients = new RedisClients(RedisSettings.of(redis.url()));
  private final RedisCalls calls = new RedisCalls(clients::commands);
  private final TaskLeases here = new RedisLeases(calls, "test", "here");
  private final TaskLeases there = new RedisLeases(calls, "test", "there");

  @AfterEach
  void stop() {
    clients.shutdown();
    redis.close();
  }

  @Test
  void oneHostRunsATaskUntilItsPauseHasPassed() {
    Lease lease = here.take("chat", "tidy");

    assertThat(lease).isNotNull();
    assertThat(there.take("chat", "tidy")).isNull();
    assertThat(here.take("chat", "tidy")).isNull();
    assertThat(there.take("chat", "other")).isNotNull();
    assertThat(there.take("echo", "tidy")).isNotNull();
    lease.end(Duration.ofSeconds(100));
    assertThat(there.take("chat", "tidy")).isNull();
    assertThat(Long.parseLong(redis.cli("PTTL", "test:dormouse:once:chat:tidy")))
        .isBetween(90_000L, 99_000L);
  }

  @Test
  void anotherHostRunsItNextTime() {
    Lease lease = here.take("chat", "tidy");
    assertThat(lease).isNotNull();

    lease.end(Duration.ofMillis(50));

    await().until(() -> there.take("chat", "tidy") != null);
  }

  @Test
  void theTaskOfADeadHostBecomesFree() {
    assertThat(here.take("chat", "tidy")).isNotNull();

    assertThat(Long.parseLong(redis.cli("PTTL", "test:dormouse:once:chat:tidy")))
        .isBetween(1L, 30_000L);
  }

  @Test
  void endsNothingThatAnotherHostHasTaken() {
    Lease late = here.take("chat", "tidy");
    assertThat(late).isNotNull();
    redis.cli("DEL", "test:dormouse:once:chat:tidy");
    assertThat(there.take("chat", "tidy")).isNotNull();

    late.end(Duration.ofMillis(1));

    assertThat(Long.parseLong(redis.cli("PTTL", "test:dormouse:once:chat:tidy")))
        .isGreaterThan(10_000);
  }

  @Test
  void nobodyCanTellWhileRedisIsAway() {
    redis.kill9();

    assertThatThrownBy(() -> here.take("chat", "tidy"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Task 'tidy' of plugin 'chat' runs on no host now: ");
  }
}
