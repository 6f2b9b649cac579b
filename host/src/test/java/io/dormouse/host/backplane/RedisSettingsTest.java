package io.dormouse.host.backplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisSettingsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "redis://h, redis://h:6379, 0,,",
    "redis://h:1, redis://h:1, 0,,",
    "REDISS://h/, rediss://h:6379, 0,,",
    "redis://h/3, redis://h:6379, 3,,",
    "redis://:p@h:1/15, redis://h:1, 15,, p",
    "redis://u@h, redis://h:6379, 0, u,",
    "redis://u:p@h, redis://h:6379, 0, u, p",
    "redis://u%40x:a+b%2F%3ac:d@h, redis://h:6379, 0, u@x, a+b/:c:d",
    "redis://[::1]:7, redis://[::1]:7, 0,,"
  })
  void readsAUrl(
      String url, String location, int database, @Nullable String user, @Nullable String password)
      throws RedisAddress.Malformed {
    RedisAddress address = RedisSettings.of(url).address();
    assertThat(address.location()).isEqualTo(location);
    assertThat(address.database()).isEqualTo(database);
    assertThat(address.user()).isEqualTo(user);
    assertThat(address.password()).isEqualTo(password);
    assertThat(RedisSettings.of(url).problems()).isEmpty();
    assertThat(RedisSettings.of(url).toString()).contains(location);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "redis:/x | 'redis:/x' has no host",
        "localhost:6379 | 'localhost:6379' is not a redis:// or rediss:// URL",
        "//h | '//h' is not a redis:// or rediss:// URL",
        "http://h | 'http://h' is not a redis:// or rediss:// URL",
        "redis://my_redis | 'redis://my_redis' has no host name",
        "redis://h/x | 'redis://h/x' must end with the number of a database",
        "redis://h/0/1 | must end with the number of a database",
        "redis://:hunter2@my_redis:1 | '***@my_redis:1' has no host name",
        "redis://:hun/ter2@h | '***@h' has no host name",
        "redis://:hun?ter2@h | '***@h' ",
        "redis://:hun#ter2@h | '***@h' ",
        "redis://:hun ter2@h | '***@h' is not a URL",
        "redis://:hun%ter2@h | '***@h' is not a URL",
        "redis://:h@hunter2@h | '***@h' ",
        "redis://:hunter2 | has no host name",
        "redis://h?password=hunter2 | must end after the database",
      })
  void refusesWhatIsNoUrlOfRedisWithoutShowingAPassword(String url, String problem) {
    RedisSettings settings = RedisSettings.of(url);
    assertThat(settings.problems())
        .singleElement()
        .asString()
        .startsWith("dormouse.backplane.redis.url ")
        .contains(problem)
        .doesNotContain("hunter2", "hun", "ter2");
    assertThat(settings.toString()).doesNotContain("hunter2", "hun", "ter2");
  }

  @Test
  void withoutAUrlThereIsNoRedis() {
    assertThat(RedisSettings.of("").isConfigured()).isFalse();
    assertThat(RedisSettings.of("").problems()).isEmpty();
    assertThat(RedisSettings.of("redis://h").isConfigured()).isTrue();
  }

  @Test
  void takesUserAndPasswordFromTheirKeysFirst() throws RedisAddress.Malformed {
    RedisSettings settings =
        settings("redis://a:b@h", RedisSettings.Mode.SINGLE, List.of(), null, null);
    assertThat(settings.address().user()).isEqualTo("user");
    assertThat(settings.address().password()).isEqualTo("hunter2");
    assertThat(settings.toString()).doesNotContain("hunter2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"h", "h:x", "redis://h:1", "u:hunter2@h:1", "a_b:1", "h:1/2 ?"})
  void refusesANodeThatIsNotHostAndPort(String node) {
    assertThat(
            settings("redis://h", RedisSettings.Mode.CLUSTER, List.of(node), null, null).problems())
        .singleElement()
        .asString()
        .startsWith("dormouse.backplane.redis.nodes must each be host:port, was '")
        .doesNotContain("hunter2");
  }

  @Test
  void reportsWhatDoesNotGoTogether() throws Exception {
    Path store = Files.createFile(folder.resolve("store"));
    assertThat(
            settings("redis://h/1", RedisSettings.Mode.CLUSTER, List.of("h:1"), "m", store)
                .problems())
        .containsExactly(
            "dormouse.backplane.redis.sentinel-master and mode sentinel go together; only one is"
                + " set",
            "dormouse.backplane.redis.url must not choose a database: a cluster has only number 0",
            "dormouse.backplane.redis.trust-store is for rediss:// only");
    assertThat(
            settings("", RedisSettings.Mode.SENTINEL, List.of(), null, folder.resolve("none"))
                .problems())
        .containsExactly(
            "dormouse.backplane.redis.url is missing, which names the first of the nodes",
            "dormouse.backplane.redis.sentinel-master and mode sentinel go together; only one is"
                + " set",
            "dormouse.backplane.redis.trust-store '"
                + folder.resolve("none")
                + "' is not a file that can be read");
    assertThat(
            settings("rediss://h/1", RedisSettings.Mode.SENTINEL, List.of("h:1"), "m", store)
                .problems())
        .isEmpty();
  }

  private static RedisSettings settings(
      String url,
      RedisSettings.Mode mode,
      List<String> nodes,
      @Nullable String master,
      @Nullable Path trustStore) {
    return new RedisSettings(
        url,
        mode,
        nodes,
        "user",
        "hunter2",
        master,
        null,
        trustStore,
        null,
        true,
        Duration.ofSeconds(2));
  }
}
