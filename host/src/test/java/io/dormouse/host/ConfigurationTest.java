package io.dormouse.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dormouse.host.engine.EngineSettings;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
  private static ConfigurationKeys keys;

  @TempDir private Path folder;

  private final Map<String, String> options = new HashMap<>();
  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();
  private @Nullable Path file;

  @BeforeAll
  static void readKeys() {
    try (ApplicationContext context =
        HostContext.open(new ConfigurationSources(Map.of(), Map.of(), Map.of(), null))) {
      keys = HostContext.keys(context);
    }
  }

  @AfterAll
  static void forgetKeys() {
    keys = null;
  }

  @Test
  void takesTheHigherSource() throws IOException {
    assertThat(port()).isEqualTo(5000);
    yaml("dormouse: {server: {port: 1}}");
    assertThat(port()).isEqualTo(1);
    environment.put("PORT", "2");
    assertThat(port()).isEqualTo(2);
    environment.put("DORMOUSE_SERVER_PORT", "3");
    assertThat(port()).isEqualTo(3);
    properties.put("dormouse.server.port", "4");
    assertThat(port()).isEqualTo(4);
    options.put("--port", "5");
    assertThat(port()).isEqualTo(5);
  }

  @Test
  void eachOptionSetsAKeyThatThereIs() {
    assertThat(Configuration.OPTIONS.values()).allMatch(name -> keys.named(name) != null);
  }

  @Test
  void emptyVariablesSetNothing() {
    environment.putAll(Map.of("PORT", "", "DORMOUSE_SERVER_PORT", "", "REDIS_URL", ""));
    assertThat(port()).isEqualTo(5000);
    assertThat(read().warnings()).isEmpty();
  }

  @Test
  void readsNestedAndDottedKeysOfAFile() throws IOException {
    yaml(
        """
        dormouse.server.bind: 127.0.0.1
        dormouse:
          engine:
            ping-interval: 3s
          engine.max-payload: 7
          server:
            trusted-proxies: [10.0.0.0/8, 192.168.1.1]
            port:
        """);
    Configuration configuration = read();
    assertThat(configuration.problems()).isEmpty();
    assertThat(configuration.values())
        .containsEntry("dormouse.server.bind", "127.0.0.1")
        .containsEntry("dormouse.engine.ping-interval", Duration.ofSeconds(3))
        .containsEntry("dormouse.engine.max-payload", 7)
        .containsEntry("dormouse.server.trusted-proxies", List.of("10.0.0.0/8", "192.168.1.1"))
        .containsEntry("dormouse.server.port", 5000);
  }

  @Test
  void refusesUnknownKeysWithTheNearest() throws IOException {
    yaml("dormouse: {server: {prot: 1}, nonsense: {at-all: 2}}\nserver.port: 3");
    properties.put("dormouse.server.bnd", "x");
    properties.put("dormouse.home", "/opt/dormouse");
    properties.put("other.thing", "x");
    assertThat(read().problems())
        .containsExactly(
            "'dormouse.server.prot' (file "
                + file
                + ") is not a key, the nearest is 'dormouse.server.port'",
            "'dormouse.nonsense.at-all' (file " + file + ") is not a key",
            "'server.port' (file " + file + ") is not a key",
            "'dormouse.server.bnd' (system property dormouse.server.bnd) is not a key, the nearest"
                + " is 'dormouse.server.bind'");
  }

  @Test
  void warnsOfUnknownVariables() {
    environment.put("DORMOUSE_SERVER_PROT", "1");
    environment.put("DORMOUSE_WHATEVER_ELSE", "1");
    Configuration configuration = read();
    assertThat(configuration.problems()).isEmpty();
    assertThat(configuration.warnings())
        .containsExactly(
            "Environment variable 'DORMOUSE_SERVER_PROT' sets nothing; the nearest that does is"
                + " 'DORMOUSE_SERVER_PORT'. [CONFIG_IGNORED]",
            "Environment variable 'DORMOUSE_WHATEVER_ELSE' sets nothing. [CONFIG_IGNORED]");
  }

  @Test
  void ignoresTheLaunchersVariables() {
    environment.put("DORMOUSE_JAVA_OPTS", "-Xmx1g");
    environment.put("DORMOUSE_ADMIN_URL", "http://127.0.0.1:9090");
    environment.put("DORMOUSE_ADMIN_TOKEN", "secret");
    assertThat(read().warnings()).isEmpty();
  }

  @Test
  void ignoresWhatKubernetesSetsForServices() {
    environment.put("DORMOUSE_PORT", "tcp://10.0.0.1:5000");
    environment.put("DORMOUSE_PORT_5000_TCP", "tcp://10.0.0.1:5000");
    environment.put("DORMOUSE_PORT_5000_TCP_ADDR", "10.0.0.1");
    environment.put("DORMOUSE_PORT_5000_TCP_PROTO", "tcp");
    environment.put("DORMOUSE_SERVICE_HOST", "10.0.0.1");
    environment.put("DORMOUSE_SERVICE_PORT", "5000");
    environment.put("DORMOUSE_SERVICE_PORT_HTTP", "5000");
    environment.put("DORMOUSE_ADMIN_SERVICE_HOST", "10.0.0.2");
    environment.put("DORMOUSE_ADMIN_PORT", "tcp://10.0.0.2:9090");
    Configuration configuration = read();
    assertThat(configuration.problems()).isEmpty();
    assertThat(configuration.warnings()).isEmpty();
    assertThat(configuration.values()).containsEntry("dormouse.admin.port", 9090);
    environment.put("DORMOUSE_ADMIN_PORT", "9091");
    assertThat(read().values()).containsEntry("dormouse.admin.port", 9091);
  }

  @Test
  void readsTokensByTheirName() throws IOException {
    yaml("dormouse: {admin: {tokens: {ci: {value: abc, scopes: [read, deploy]}}}}");
    environment.put("DORMOUSE_ADMIN_TOKENS_NIGHT_SHIFT_FILE", "/run/secrets/night");
    environment.put("DORMOUSE_ADMIN_TOKENS_NIGHT_SHIFT_SCOPES", "drain");
    properties.put("dormouse.admin.tokens.ci.scopes", "read");
    properties.put("dormouse.admin.tokens", "x");
    Configuration configuration = read();
    assertThat(configuration.tokens())
        .isEqualTo(
            Map.of(
                "ci", Map.of("value", "abc", "scopes", "read"),
                "night-shift", Map.of("file", "/run/secrets/night", "scopes", "drain")));
    assertThat(configuration.problems())
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("'dormouse.admin.tokens' (system property dormouse.admin.tokens) is not a key");
    assertThat(configuration.warnings()).isEmpty();
  }

  @Test
  void readsHooksByTheirName() throws IOException {
    yaml("dormouse: {hooks: {ops: {url: http://a, types: [plugin.*]}}}");
    environment.put("DORMOUSE_HOOKS_NIGHT_SHIFT_URL", "http://b");
    Configuration configuration = read();
    assertThat(configuration.hooks())
        .isEqualTo(
            Map.of(
                "ops", Map.of("url", "http://a", "types", List.of("plugin.*")),
                "night-shift", Map.of("url", "http://b")));
    assertThat(configuration.problems()).isEmpty();
    assertThat(configuration.warnings()).isEmpty();
  }

  @Test
  void takesTheUrlOfRedisFromTheHigherSource() throws IOException {
    yaml("dormouse: {backplane: {redis: {url: redis://a}}}");
    environment.put("REDIS_URL", "redis://b");
    assertThat(read().values()).containsEntry("dormouse.backplane.redis.url", "redis://b");
    environment.put("DORMOUSE_BACKPLANE_REDIS_URL", "redis://c");
    assertThat(read().values()).containsEntry("dormouse.backplane.redis.url", "redis://c");
    options.put("--redis", "redis://d");
    assertThat(read().values()).containsEntry("dormouse.backplane.redis.url", "redis://d");
  }

  @Test
  void neverShowsThePasswordOfAUrl() throws IOException {
    yaml("dormouse: {backplane: {redis: {url: ['redis://:hunter2@a']}}}");
    assertThat(read().problems())
        .singleElement()
        .asString()
        .startsWith("dormouse.backplane.redis.url (file ")
        .doesNotContain("hunter2");
    options.put("--redis", "redis://:hunter2@under_score");
    assertThatThrownBy(this::open)
        .isInstanceOf(ConfigurationInvalid.class)
        .hasMessageContaining("dormouse.backplane.redis.url '***@under_score' has no host name")
        .hasMessageContaining("(option --redis)")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void namesTheSourceOfAValueThatDoesNotFit() throws IOException {
    yaml("dormouse: {engine: {ping-interval: soon}}");
    environment.put("DORMOUSE_PLUGINS_STATE_LIMIT", "lots");
    options.put("--port", "web");
    assertThat(read().problems())
        .containsExactly(
            "dormouse.engine.ping-interval 'soon' (file "
                + file
                + ") is not a duration such as 500ms, 25s, 2m or 1h",
            "dormouse.plugins.state-limit 'lots' (environment variable"
                + " DORMOUSE_PLUGINS_STATE_LIMIT) is not a size such as 65536, 64KB or 1MB",
            "dormouse.server.port 'web' (option --port) is not a whole number");
  }

  @Test
  void neverShowsAPassword() throws IOException {
    yaml("dormouse: {server: {tls: {password: [hunter2]}}}");
    assertThat(read().problems())
        .singleElement()
        .asString()
        .startsWith("dormouse.server.tls.password (file ")
        .doesNotContain("hunter2");
  }

  @Test
  void reportsAllProblemsAtOnce() throws IOException {
    yaml("dormouse: {engine: {ping-interval: 0s}, serve: {}, nothing: 1}");
    options.put("--port", "70000");
    environment.put("DORMOUSE_LOG_LEVEL", "loud");
    assertThatThrownBy(this::open)
        .isInstanceOf(ConfigurationInvalid.class)
        .hasMessage(
            "4 configuration problems: 'dormouse.nothing' (file "
                + file
                + ") is not a key; dormouse.log.level 'loud' (environment variable"
                + " DORMOUSE_LOG_LEVEL) is not one of error, warn, info, debug, trace;"
                + " dormouse.server.port must be between 0 and 65535, was 70000 (option --port);"
                + " dormouse.engine.ping-interval must be positive, was PT0S (file "
                + file
                + "). [CONFIG_INVALID]");
  }

  @Test
  void bindsWhatIsConfigured() throws IOException {
    yaml("dormouse: {engine: {cors-origins: [\"https://a.example\"], ping-timeout: 300ms}}");
    options.put("--port", "0");
    try (ApplicationContext context = open()) {
      EngineSettings engine = context.getBean(EngineSettings.class);
      assertThat(engine.corsOrigins()).containsExactly("https://a.example");
      assertThat(engine.pingTimeout()).isEqualTo(Duration.ofMillis(300));
      assertThat(context.getBean(ServerSettings.class).port()).isZero();
      assertThat(context.getBean(TlsSettings.class).enabled()).isFalse();
    }
  }

  @Test
  void takesAValueAsItIsWritten() throws IOException {
    Path store = Files.createFile(folder.resolve("store"));
    yaml(
        "dormouse: {server: {tls: {keystore: %s, password: '${HOME}$${x'}}}"
            .formatted(store.toAbsolutePath()));
    try (ApplicationContext context = open()) {
      assertThat(context.getBean(TlsSettings.class).password()).isEqualTo("${HOME}$${x");
    }
  }

  @Test
  void takesThePluginsOfTheDistribution() throws IOException {
    properties.put("dormouse.home", folder.toString());
    assertThat(read().values()).doesNotContainKey("dormouse.plugins.folder");
    Path plugins = Files.createDirectory(folder.resolve("plugins"));
    assertThat(read().values()).containsEntry("dormouse.plugins.folder", plugins);
  }

  @Test
  void givesAPluginItsOwnKeys() throws IOException {
    yaml(
        """
        dormouse:
          plugin:
            chat:
              history: 50
              rooms: [a, b]
              nested: {key: true}
            other: {x: 1}
          plugin.chat.max-names: 7
        """);
    environment.put("DORMOUSE_PLUGIN_CHAT_HISTORY", "60");
    environment.put("DORMOUSE_PLUGIN_MY_OTHER_LINE_LIMIT", "5");
    properties.put("dormouse.plugin.chat.max-names", "8");
    Configuration configuration = read();
    assertThat(configuration.problems()).isEmpty();
    assertThat(configuration.ofPlugin("chat"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "history", "60", "rooms", List.of("a", "b"), "nested.key", true, "max-names", "8"));
    assertThat(configuration.ofPlugin("my-other")).isEqualTo(Map.of("line-limit", "5"));
    assertThat(configuration.ofPlugin("none")).isEmpty();
  }

  private Configuration read() {
    return Configuration.read(keys, sources());
  }

  private Object port() {
    Configuration configuration = read();
    assertThat(configuration.problems()).isEmpty();
    return configuration.values().get("dormouse.server.port");
  }

  private ApplicationContext open() {
    return HostContext.open(sources());
  }

  private ConfigurationSources sources() {
    return new ConfigurationSources(options, properties, environment, file);
  }

  private void yaml(String text) throws IOException {
    file = Files.writeString(folder.resolve("test.yaml"), text);
  }
}
