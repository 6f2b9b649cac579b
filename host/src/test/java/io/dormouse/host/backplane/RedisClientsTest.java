package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;

class RedisClientsTest {
  private static final byte[] VALUE = {0, (byte) 0xff, (byte) 0xc3, 0x28};

  @TempDir private Path folder;

  @Test
  void writesBytesAsTheyAreIntoTheDatabaseOfTheUrl() {
    try (RedisProcess redis = RedisProcess.start()) {
      using(
          RedisSettings.of(redis.url() + "/3"),
          client -> {
            client.getBucket("name").set(VALUE);
            assertThat(client.<byte[]>getBucket("name").get()).isEqualTo(VALUE);
          });
      assertThat(redis.cli("-n", "3", "STRLEN", "name")).isEqualTo("4");
    }
  }

  @Test
  void logsInAsAUserOfTheAccessList() {
    try (RedisProcess redis = RedisProcess.start()) {
      redis.cli("ACL", "SETUSER", "mouse", "on", ">a+b@c", "~*", "&*", "+@all");
      redis.cli("ACL", "SETUSER", "default", "off");
      using(
          RedisSettings.of("redis://mouse:a+b%40c@127.0.0.1:" + redis.port()),
          client -> client.getBucket("name").set(VALUE));
      using(
          RedisSettings.of("redis://mouse:wrong@127.0.0.1:" + redis.port()),
          client ->
              assertThatThrownBy(() -> client.getBucket("name").set(VALUE))
                  .isInstanceOf(RedisException.class)
                  .hasMessageNotContaining("wrong"));
    }
  }

  @Test
  void asksASentinelForTheMaster() throws Exception {
    try (RedisProcess redis = RedisProcess.start();
        RedisProcess sentinel = sentinelOf(redis)) {
      Awaitility.await().until(() -> sentinel.cli("SENTINEL", "masters").contains("mymaster"));
      RedisSettings settings =
          settings(sentinel.url(), RedisSettings.Mode.SENTINEL, "mymaster", null);
      using(settings, client -> client.getBucket("name").set(VALUE));
      assertThat(redis.cli("STRLEN", "name")).isEqualTo("4");
    }
  }

  private RedisProcess sentinelOf(RedisProcess redis) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("sentinel.conf"),
            "sentinel monitor mymaster 127.0.0.1 " + redis.port() + " 1\n");
    return RedisProcess.startSentinel(file);
  }

  @Test
  void findsTheNodesOfACluster() {
    try (RedisProcess redis =
        RedisProcess.start("--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1")) {
      redis.cli("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
      Awaitility.await().until(() -> redis.cli("CLUSTER", "INFO").contains("cluster_state:ok"));
      using(
          settings(redis.url(), RedisSettings.Mode.CLUSTER, null, null),
          client -> client.getBucket("name").set(VALUE));
      assertThat(redis.cli("STRLEN", "name")).isEqualTo("4");
    }
  }

  @Test
  void speaksTlsWithAServerWhoseCertificateItTrusts() throws Exception {
    Path store = folder.resolve("server.p12");
    run(
        "keytool -genkeypair -alias r -keyalg EC -dname CN=localhost -ext san=ip:127.0.0.1"
            + " -storepass changeit -keystore "
            + store);
    Path certificate = folder.resolve("cert.pem");
    run(
        "openssl pkcs12 -in %s -passin pass:changeit -nokeys -out %s"
            .formatted(store, certificate));
    Path key = folder.resolve("key.pem");
    run(
        "openssl pkcs12 -in %s -passin pass:changeit -nodes -nocerts -out %s"
            .formatted(store, key));
    Path trusted = folder.resolve("trusted.p12");
    run(
        "keytool -importcert -noprompt -alias r -storepass changeit -file %s -keystore %s"
            .formatted(certificate, trusted));
    int tls = RedisProcess.freePort();
    try (RedisProcess redis =
        RedisProcess.start(
            "--tls-port",
            "" + tls,
            "--tls-cert-file",
            certificate.toString(),
            "--tls-key-file",
            key.toString(),
            "--tls-auth-clients",
            "no")) {
      String url = "rediss://127.0.0.1:" + tls;
      using(
          settings(url, RedisSettings.Mode.SINGLE, null, trusted),
          client -> client.getBucket("name").set(VALUE));
      assertThat(redis.cli("STRLEN", "name")).isEqualTo("4");
      using(
          RedisSettings.of(url),
          client ->
              assertThatThrownBy(() -> client.getBucket("name").set(VALUE))
                  .isInstanceOf(RedisException.class));
    }
  }

  @Test
  void isMadeWithoutRedisAndFindsItWhenItComes() {
    try (RedisProcess redis = RedisProcess.start()) {
      redis.kill9();
      using(
          RedisSettings.of(redis.url()),
          client -> {
            assertThatThrownBy(() -> client.getBucket("name").set(VALUE))
                .isInstanceOf(RedisException.class);
            redis.restart();
            client.getBucket("name").set(VALUE);
          });
    }
  }

  private static void using(
      RedisSettings settings, java.util.function.Consumer<RedissonClient> action) {
    assertThat(settings.problems()).isEmpty();
    RedisClients clients = new RedisClients(settings);
    try {
      action.accept(clients.publishing());
      assertThat(clients.publishing()).isSameAs(clients.publishing());
      assertThat(clients.location()).doesNotContain("mouse", "wrong");
    } finally {
      clients.shutdown();
    }
    assertThatThrownBy(clients::commands).isInstanceOf(IllegalStateException.class);
  }

  private static RedisSettings settings(
      String url, RedisSettings.Mode mode, String master, Path trustStore) {
    return new RedisSettings(
        url,
        mode,
        List.of(),
        null,
        null,
        master,
        null,
        trustStore,
        trustStore == null ? null : "changeit",
        true,
        Duration.ofSeconds(20));
  }

  private static void run(String command) throws Exception {
    String home = System.getProperty("java.home");
    Process process =
        new ProcessBuilder(command.replaceFirst("^keytool", home + "/bin/keytool").split(" "))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
