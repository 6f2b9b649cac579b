package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Web pages of other origins: one rule for polling, preflight and WebSocket. */
@ExtendWith(SharedHost.class)
class CrossOriginIT {
  private static final String FRIEND = "http://friend.example";

  private final DormouseProcess host;

  CrossOriginIT(DormouseProcess host) {
    this.host = host;
  }

  private HttpAnswer poll(String origin) throws IOException {
    return Polling.exchange(host.port(), "GET", Polling.ENDPOINT, "Origin: " + origin);
  }

  private HttpAnswer shakeHands(String origin) throws IOException {
    return Polling.exchange(
        host.port(),
        "GET",
        RawWebSocket.ENDPOINT,
        Stream.concat(Stream.of(RawWebSocket.HANDSHAKE), Stream.of("Origin: " + origin))
            .toArray(String[]::new));
  }

  @Test
  void aFriendsPageMayConnect() throws IOException {
    HttpAnswer answer = poll(FRIEND);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("access-control-allow-origin")).isEqualTo(FRIEND);
    assertThat(answer.header("access-control-allow-credentials")).isEqualTo("true");
    assertThat(answer.header("vary")).contains("Origin");
    assertThat(shakeHands(FRIEND).status()).isEqualTo(101);
  }

  @Test
  void aFriendsPageMayReadARefusal() throws IOException {
    HttpAnswer answer =
        Polling.exchange(host.port(), "GET", Polling.ENDPOINT + "&sid=nobody", "Origin: " + FRIEND);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("access-control-allow-origin")).isEqualTo(FRIEND);
  }

  @Test
  void aFriendsPreflightIsAnswered() throws IOException {
    HttpAnswer answer =
        Polling.exchange(
            host.port(),
            "OPTIONS",
            Polling.ENDPOINT,
            "Origin: " + FRIEND,
            "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: content-type,x-test");
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header("access-control-allow-origin")).isEqualTo(FRIEND);
    assertThat(answer.header("access-control-allow-credentials")).isEqualTo("true");
    assertThat(answer.header("access-control-allow-methods")).contains("GET", "POST");
    assertThat(answer.header("access-control-allow-headers")).isEqualTo("content-type,x-test");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://foe.example",
        "https://friend.example",
        "http://friend.example:8080",
        "http://friend.example.foe.example",
        "http://127.0.0.1",
        "null",
        "garbage"
      })
  void anyOtherPageIsRefused(String origin) throws IOException {
    HttpAnswer answer = poll(origin);
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text()).startsWith("{\"code\":4,");
    assertThat(answer.header("access-control-allow-origin")).isNull();
    assertThat(shakeHands(origin).status()).isEqualTo(403);
    HttpAnswer preflight =
        Polling.exchange(
            host.port(),
            "OPTIONS",
            Polling.ENDPOINT,
            "Origin: " + origin,
            "Access-Control-Request-Method: POST");
    assertThat(preflight.header("access-control-allow-origin")).isNull();
  }

  @Test
  void theHostsOwnPagesMayConnect() throws IOException {
    assertThat(poll("http://127.0.0.1:" + host.port()).status()).isEqualTo(200);
    assertThat(shakeHands("http://127.0.0.1:" + host.port()).status()).isEqualTo(101);
  }

  @Test
  void whoeverSendsNoOriginIsNoPage() throws IOException {
    HttpAnswer answer = Polling.exchange(host.port(), "GET", Polling.ENDPOINT);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("access-control-allow-origin")).isNull();
  }

  @Test
  void aForeignPageCannotUseASessionOfSomebodyElse() throws IOException {
    Polling session = Polling.open(host);
    assertThat(session.get("Origin: http://foe.example").status()).isEqualTo(403);
    assertThat(session.post("40").text()).isEqualTo("ok");
    assertThat(session.packet()).startsWith("40{");
  }
}
