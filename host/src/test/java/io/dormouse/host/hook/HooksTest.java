package io.dormouse.host.hook;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.stubbing.Scenario.STARTED;
import static io.dormouse.host.hook.HookEvent.Type.HOST_DRAINED;
import static io.dormouse.host.hook.HookEvent.Type.HOST_DRAINING;
import static io.dormouse.host.hook.HookEvent.Type.PLUGIN_REPLACED;
import static io.dormouse.host.hook.HookEvent.Type.PLUGIN_ROLLED_BACK;
import static io.dormouse.host.hook.HookEvent.Type.PLUGIN_WOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HooksTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  private final HookFixture fixture = new HookFixture();

  @AfterEach
  void end() {
    fixture.close();
  }

  private void answer(ResponseDefinitionBuilder always) {
    fixture.server.stubFor(any(anyUrl()).willReturn(always));
  }

  private void answer(ResponseDefinitionBuilder first, ResponseDefinitionBuilder later) {
    fixture.server.stubFor(
        any(anyUrl())
            .inScenario("calls")
            .whenScenarioStateIs(STARTED)
            .willReturn(first)
            .willSetStateTo("called"));
    fixture.server.stubFor(
        any(anyUrl()).inScenario("calls").whenScenarioStateIs("called").willReturn(later));
  }

  private double count(String outcome) {
    return fixture
        .registry
        .counter("dormouse.hook.events", "hook", "ops", "outcome", outcome)
        .count();
  }

  @Test
  void sendsACloudEventThatIsSigned() {
    answer(status(204));
    fixture.hook("ops").tell(PLUGIN_ROLLED_BACK, "plugins/chat", 7);
    LoggedRequest call = fixture.calls("ops", 1).getFirst();
    assertThat(call.getHeader("Content-Type")).isEqualTo("application/cloudevents+json");
    JsonNode event = HookFixture.json(call);
    assertThat(event.propertyStream().map(Map.Entry::getKey))
        .containsExactlyInAnyOrder(
            "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data");
    assertThat(event.path("specversion").asText()).isEqualTo("1.0");
    assertThat(event.path("type").asText()).isEqualTo("io.dormouse.plugin.rolled-back");
    assertThat(event.path("source").asText()).isEqualTo("/hosts/pod%201:5000");
    assertThat(event.path("subject").asText()).isEqualTo("plugins/chat");
    assertThat(Instant.parse(event.path("time").asText())).isBefore(Instant.now());
    assertThat(event.path("data").toString()).isEqualTo("{\"number\":7}");
    assertThat(event.path("id").asText())
        .isEqualTo(call.getHeader("webhook-id"))
        .matches("evt_[0-9a-f]{32}");
    assertThat(Instant.ofEpochSecond(Long.parseLong(call.getHeader("webhook-timestamp"))))
        .isBetween(Instant.now().minusSeconds(60), Instant.now());
    assertThat(call.getHeader("webhook-signature"))
        .isEqualTo(HookFixture.signature(call, HookFixture.SECRET));
    await().until(() -> fixture.status().delivered() == 1);
    assertThat(count("delivered")).isEqualTo(1);
    assertThat(fixture.status().endpoint()).isEqualTo("http://127.0.0.1:" + fixture.server.port());
  }

  @Test
  void signsWithBothSecretsWhileOneReplacesTheOther() {
    answer(status(200));
    fixture
        .hook("ops", "secrets", List.of(HookFixture.OTHER_SECRET, HookFixture.SECRET))
        .tell(PLUGIN_WOKEN, "plugins/chat", 1);
    LoggedRequest call = fixture.calls("ops", 1).getFirst();
    assertThat(call.getHeader("webhook-signature").split(" "))
        .containsExactly(
            HookFixture.signature(call, HookFixture.OTHER_SECRET),
            HookFixture.signature(call, HookFixture.SECRET));
  }

  @Test
  void tellsAHookOfItsTypesOnly() {
    answer(status(200));
    fixture.hook("ops", "types", "plugin.*, host.drained").hook("all", "types", "*");
    fixture.tell(PLUGIN_WOKEN, "x", 1);
    fixture.tell(HOST_DRAINING, "x", 2);
    fixture.tell(HOST_DRAINED, "x", 3);
    assertThat(fixture.calls("all", 3)).extracting(HookFixture::number).containsExactly(1, 2, 3);
    assertThat(fixture.calls("ops", 2)).extracting(HookFixture::number).containsExactly(1, 3);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503, 429, 408})
  void triesAgainWithTheSameId(int status) {
    answer(status(status), status(200));
    fixture.hook("ops").tell(PLUGIN_REPLACED, "plugins/chat", 1);
    List<LoggedRequest> calls = fixture.calls("ops", 2);
    assertThat(calls.get(1).getHeader("webhook-id"))
        .isEqualTo(calls.get(0).getHeader("webhook-id"));
    assertThat(calls.get(1).getBody()).isEqualTo(calls.get(0).getBody());
    await().until(() -> fixture.status().delivered() == 1);
    assertThat(fixture.status().failedCalls()).isEqualTo(1);
    assertThat(fixture.status().lastFailure()).isEqualTo("status " + status);
    assertThat(fixture.letters("ops")).isEmpty();
  }

  @Test
  void triesAgainWhenTheConnectionIsReset() {
    answer(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER), status(200));
    fixture.hook("ops").tell(PLUGIN_REPLACED, "plugins/chat", 1);
    await().until(() -> fixture.status().delivered() == 1);
    assertThat(fixture.status().failedCalls()).isEqualTo(1);
  }

  @Test
  void triesAgainWhenTheAnswerIsLate() {
    answer(aResponse().withFixedDelay(60_000), status(200));
    fixture.hook("ops", "timeout", SHORT).tell(PLUGIN_REPLACED, "plugins/chat", 1);
    await().until(() -> fixture.status().delivered() == 1);
    assertThat(fixture.status().lastFailure()).isEqualTo("no answer in time");
  }

  @Test
  void doesNotWaitForTheBodyOfAnAnswer() {
    answer(aResponse().withBody("x".repeat(1_000_000)).withChunkedDribbleDelay(60, 60_000));
    fixture.hook("ops", "timeout", HookFixture.LONG).tell(PLUGIN_REPLACED, "plugins/chat", 1);
    await().until(() -> fixture.status().delivered() == 1);
  }

  @Test
  void givesUpAtTheDeadlineAndSendsAgainWhenAsked() {
    answer(status(500));
    fixture.hook("ops", "deadline", Duration.ofSeconds(2)).tell(PLUGIN_REPLACED, "plugins/chat", 1);
    DeadLetter letter = fixture.dead("ops");
    assertThat(letter.code()).isEqualTo(HookErrorCode.HOOK_FAILED);
    assertThat(letter.reason()).isEqualTo("status 500");
    assertThat(letter.type()).isEqualTo("plugin.replaced");
    assertThat(letter.calls()).isGreaterThan(1);
    assertThat(count("dead")).isEqualTo(1);
    answer(status(200));
    fixture.server.resetRequests();
    assertThat(fixture.hooks().resend("ops", "evt_other")).isZero();
    assertThat(fixture.hooks().resend("none", null)).isZero();
    assertThat(fixture.hooks().resend("ops", letter.id())).isEqualTo(1);
    LoggedRequest call = fixture.calls("ops", 1).getFirst();
    assertThat(call.getHeader("webhook-id")).isEqualTo(letter.id());
    assertThat(call.getHeader("webhook-signature"))
        .isEqualTo(HookFixture.signature(call, HookFixture.SECRET));
    await().until(() -> fixture.status().delivered() == 1);
    assertThat(fixture.letters("ops")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"400,HOOK_REFUSED", "404,HOOK_REFUSED", "409,HOOK_REFUSED", "302,HOOK_REDIRECTED"})
  void doesNotTryAgainWhatCannotWork(int status, HookErrorCode code) {
    answer(status(status).withHeader("Location", "/elsewhere"));
    fixture.hook("ops").tell(PLUGIN_REPLACED, "plugins/chat", 1);
    DeadLetter letter = fixture.dead("ops");
    assertThat(letter.code()).isEqualTo(code);
    assertThat(letter.calls()).isEqualTo(1);
    assertThat(fixture.server.getAllServeEvents()).hasSize(1);
  }

  @Test
  void keepsTheOrderOfASubjectWhileOneIsTriedAgain() {
    answer(status(500), status(200));
    fixture.hook("ops");
    for (int number = 1; number <= 5; number++) {
      fixture.tell(PLUGIN_REPLACED, "plugins/chat", number);
    }
    assertThat(fixture.calls("ops", 6))
        .extracting(HookFixture::number)
        .containsExactly(1, 1, 2, 3, 4, 5);
  }

  @Test
  void aSubjectDoesNotWaitForAnother() {
    answer(aResponse().withFixedDelay(60_000), status(200));
    fixture.hook("ops", "timeout", HookFixture.LONG);
    fixture.tell(PLUGIN_REPLACED, "plugins/chat", 1);
    fixture.calls("ops", 1);
    fixture.tell(PLUGIN_REPLACED, "plugins/news", 2);
    await().until(() -> fixture.status().delivered() == 1);
    assertThat(fixture.status().queued()).isEqualTo(1);
  }

  @Test
  void aHookDoesNotWaitForAnother() {
    fixture.server.stubFor(
        any(urlEqualTo("/hangs")).willReturn(aResponse().withFixedDelay(60_000)));
    fixture.server.stubFor(any(urlEqualTo("/ops")).willReturn(status(200)));
    fixture.hook("hangs", "timeout", HookFixture.LONG).hook("ops");
    fixture.tell(PLUGIN_REPLACED, "plugins/chat", 1);
    assertThat(fixture.calls("ops", 1)).hasSize(1);
  }

  @Test
  void whatHasNoRoomInTheQueueIsADeadLetterAtOnce() {
    answer(aResponse().withFixedDelay(60_000));
    fixture.limits = new HookQueue.Limits(2, 1, 8, SHORT, SHORT);
    fixture.hook("ops", "timeout", HookFixture.LONG);
    for (int number = 1; number <= 4; number++) {
      fixture.tell(PLUGIN_REPLACED, "plugins/chat", number);
    }
    assertThat(fixture.letters("ops"))
        .singleElement()
        .satisfies(letter -> assertThat(letter.code()).isEqualTo(HookErrorCode.HOOK_QUEUE_FULL));
    assertThat(fixture.status().dead()).isEqualTo(2);
    assertThat(fixture.status().queued()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]"})
  void refusesAPrivateAddress(String host) {
    answer(status(200));
    String url = "http://%s:%d/ops".formatted(host, fixture.server.port());
    fixture.hook("ops", "private", "false", "url", url).tell(PLUGIN_REPLACED, "plugins/chat", 1);
    DeadLetter letter = fixture.dead("ops");
    assertThat(letter.code()).isEqualTo(HookErrorCode.HOOK_PRIVATE_ADDRESS);
    assertThat(letter.calls()).isEqualTo(1);
    assertThat(fixture.server.getAllServeEvents()).isEmpty();
  }

  /** A name that is looked up twice may be another address the second time. */
  @Test
  void connectsToTheAddressThatWasChecked() throws Exception {
    answer(status(200));
    InetAddress here = InetAddress.getByAddress("hook.test", new byte[] {127, 0, 0, 1});
    AtomicInteger lookups = new AtomicInteger();
    fixture.lookup =
        host -> {
          assertThat(host).isEqualTo("hook.test");
          lookups.incrementAndGet();
          return new InetAddress[] {here};
        };
    String url = "http://hook.test:%d/a%%20b?key=a%%2Fb%%26c&x=1".formatted(fixture.server.port());
    fixture.hook("ops", "url", url).tell(PLUGIN_REPLACED, "plugins/chat", 1);
    await().until(() -> fixture.status().delivered() == 1);
    assertThat(lookups).hasValue(1);
    LoggedRequest call =
        LoggedRequest.createFrom(fixture.server.getAllServeEvents().getFirst().getRequest());
    assertThat(call.getHeader("Host")).isEqualTo("hook.test:" + fixture.server.port());
    assertThat(call.getUrl().split("[?&]"))
        .containsExactlyInAnyOrder("/a%20b", "key=a%2Fb%26c", "x=1");
  }

  @Test
  void trustsNoCertificateThatNobodyVouchesFor() {
    answer(status(200));
    String url = "https://localhost:%d/ops".formatted(fixture.server.httpsPort());
    fixture.hook("ops", "url", url, "deadline", SHORT).tell(PLUGIN_REPLACED, "plugins/chat", 1);
    assertThat(fixture.dead("ops").code()).isEqualTo(HookErrorCode.HOOK_UNTRUSTED);
    assertThat(fixture.server.getAllServeEvents()).isEmpty();
  }

  @Test
  void aHookMayVeto() throws Exception {
    fixture.server.stubFor(
        any(urlEqualTo("/ops")).willReturn(status(409).withHeader("Retry-After", "120")));
    fixture.server.stubFor(any(urlEqualTo("/other")).willReturn(status(409)));
    fixture.server.stubFor(any(urlEqualTo("/third")).willReturn(status(204)));
    fixture.hook("ops").hook("other").hook("third");
    Verdict verdict =
        fixture.hooks().ask(HookFixture.event(HOST_DRAINING, "host", 1), HookFixture.LONG);
    assertThat(verdict.allowed()).isFalse();
    assertThat(verdict.delay()).isEqualTo(Duration.ofMinutes(2));
    assertThat(verdict.vetoedBy()).containsExactlyInAnyOrder("ops", "other");
    assertThat(fixture.letters("ops")).isEmpty();
  }

  @Test
  void aHookThatAgreesOrDoesNotAnswerAllows() throws Exception {
    fixture.server.stubFor(any(urlEqualTo("/ops")).willReturn(status(200)));
    fixture.hook("ops").hook("slow", "timeout", HookFixture.LONG);
    HookEvent event = HookFixture.event(HOST_DRAINING, "host", 1);
    assertThat(fixture.hooks().ask(event, HookFixture.LONG).allowed()).isTrue();
    fixture.server.stubFor(any(urlEqualTo("/slow")).willReturn(aResponse().withFixedDelay(60_000)));
    assertThat(fixture.hooks().ask(event, SHORT)).isEqualTo(Verdict.ALLOWED);
  }

  @Test
  void aStopDeliversWhatWaits() {
    answer(status(503).withHeader("Retry-After", "600"), status(200));
    fixture.limits = new HookQueue.Limits(10, 10, 8, HookFixture.LONG, HookFixture.LONG);
    fixture.hook("ops").tell(HOST_DRAINING, "host", 1);
    fixture.tell(HOST_DRAINED, "host", 2);
    await().until(() -> fixture.status().failedCalls() == 1);
    fixture.hooks().stop(System.nanoTime() + HookFixture.LONG.toNanos());
    assertThat(fixture.calls("ops", 3)).extracting(HookFixture::number).containsExactly(1, 1, 2);
    assertThat(fixture.status().delivered()).isEqualTo(2);
  }

  @Test
  void aStopDoesNotWaitForAHookThatHangs() {
    answer(aResponse().withFixedDelay(60_000));
    fixture.hook("ops", "timeout", HookFixture.LONG).tell(HOST_DRAINING, "host", 1);
    fixture.tell(HOST_DRAINED, "host", 2);
    fixture.calls("ops", 1);
    fixture.hooks().stop(System.nanoTime() + SHORT.toNanos());
    await().until(() -> fixture.letters("ops").size() == 2);
    assertThat(fixture.letters("ops"))
        .extracting(DeadLetter::code)
        .containsOnly(HookErrorCode.HOOK_STOPPED);
    assertThat(fixture.letters("ops")).extracting(DeadLetter::calls).containsExactly(1, 0);
    fixture.tell(HOST_DRAINED, "host", 3);
    assertThat(fixture.letters("ops").getLast().reason()).isEqualTo("the host has stopped");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "120                           | PT2M",
        "0                             | PT0S",
        "999999999                     | PT24H",
        "Wed, 21 Oct 2015 07:28:00 GMT | PT0S",
        "soon                          |",
        "-5                            |"
      })
  void readsHowLongToWait(String header, Duration wait) {
    assertThat(HookClient.wait(header)).isEqualTo(wait);
  }
}
