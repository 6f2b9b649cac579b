package io.dormouse.host.hook;

import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** An endpoint on loopback and hooks that call it. */
final class HookFixture implements AutoCloseable {
  static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  static final String OTHER_SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  static final Duration LONG = Duration.ofMinutes(1);

  private static final ObjectMapper JSON = new ObjectMapper();

  final WireMockServer server =
      new WireMockServer(
          wireMockConfig().bindAddress("127.0.0.1").dynamicPort().dynamicHttpsPort());

  final MeterRegistry registry = new SimpleMeterRegistry();
  HookQueue.Limits limits =
      new HookQueue.Limits(100, 100, 8, Duration.ofMillis(2), Duration.ofMillis(10));
  HookClient.Lookup lookup = InetAddress::getAllByName;

  private final Map<String, Map<String, Object>> configured = new HashMap<>();
  private @Nullable Hooks hooks;

  HookFixture() {
    server.start();
  }

  /** Configures a hook; keys and values in pairs, beside a URL, a secret and {@code private}. */
  HookFixture hook(String name, Object... settings) {
    Map<String, Object> keys = new HashMap<>();
    keys.put("url", "http://127.0.0.1:" + server.port() + "/" + name);
    keys.put("secrets", SECRET);
    keys.put("private", "true");
    for (int i = 0; i < settings.length; i += 2) {
      keys.put(settings[i].toString(), settings[i + 1]);
    }
    configured.put(name, keys);
    return this;
  }

  Hooks hooks() {
    if (hooks == null) {
      List<String> problems = new ArrayList<>();
      List<HookSettings> settings =
          HookSettings.of(configured, value -> (Duration) value, problems);
      assertThat(problems).isEmpty();
      hooks = new Hooks(settings, "pod 1:5000", registry, limits, lookup);
    }
    return hooks;
  }

  void tell(HookEvent.Type type, String subject, Object number) {
    hooks().tell(event(type, subject, number));
  }

  static HookEvent event(HookEvent.Type type, String subject, Object number) {
    return new HookEvent(type, subject, Instant.now(), Map.of("number", number));
  }

  /** The calls of a hook, in the order in which they came, when there are so many. */
  List<LoggedRequest> calls(String hook, int count) {
    await().until(() -> calls(hook).size() >= count);
    List<LoggedRequest> calls = calls(hook);
    assertThat(calls).hasSize(count);
    return calls;
  }

  List<LoggedRequest> calls(String hook) {
    return server.findAll(postRequestedFor(urlEqualTo("/" + hook)));
  }

  /** The first dead letter of a hook, when there is one. */
  DeadLetter dead(String hook) {
    await().until(() -> !letters(hook).isEmpty());
    return letters(hook).getFirst();
  }

  List<DeadLetter> letters(String hook) {
    List<DeadLetter> letters = hooks().deadLetters(hook);
    assertThat(letters).isNotNull();
    return letters;
  }

  HookStatus status() {
    return hooks().statuses().getFirst();
  }

  static JsonNode json(LoggedRequest call) {
    try {
      return JSON.readTree(call.getBody());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static int number(LoggedRequest call) {
    return json(call).path("data").path("number").asInt();
  }

  /** What a receiver computes, by the specification's text. */
  static String signature(LoggedRequest call, String secret) {
    try {
      byte[] key = Base64.getDecoder().decode(secret.split("_", 2)[1]);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "any"));
      String head = call.getHeader("webhook-id") + "." + call.getHeader("webhook-timestamp") + ".";
      String signed = head + new String(call.getBody(), UTF_8);
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    if (hooks != null) {
      hooks.stop(System.nanoTime());
    }
    server.stop();
  }
}
