package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that open no session, answered in the reference server's words. */
@ExtendWith(SharedHost.class)
class RefusedRequestsIT {
  private final DormouseProcess host;

  RefusedRequestsIT(DormouseProcess host) {
    this.host = host;
  }

  @ParameterizedTest
  @CsvSource({
    "GET, EIO=4&transport=carrier-pigeon, 400, 0, Transport unknown",
    "GET, EIO=4, 400, 0, Transport unknown",
    "GET, EIO=4&transport=polling&sid=nobody, 400, 1, Session ID unknown",
    "GET, EIO=4&transport=websocket&sid=nobody, 400, 1, Session ID unknown",
    "POST, EIO=4&transport=polling&sid=nobody, 400, 1, Session ID unknown",
    "POST, EIO=4&transport=polling, 400, 2, Bad handshake method",
    "PUT, EIO=4&transport=polling, 400, 2, Bad handshake method",
    "GET, EIO=4&transport=websocket, 400, 3, Bad request",
    "GET, EIO=3&transport=polling, 400, 5, Unsupported protocol version",
    "GET, transport=polling, 400, 5, Unsupported protocol version",
    "GET, EIO=abc&transport=polling, 400, 5, Unsupported protocol version",
  })
  void aRefusalSaysWhy(String method, String query, int status, int code, String message)
      throws IOException {
    for (String path : new String[] {"/socket.io/", "/socket.io"}) {
      HttpAnswer answer =
          Polling.exchange(host.port(), method, path + "?" + query, "Content-Length: 0");
      assertThat(answer.text())
          .isEqualTo("{\"code\":" + code + ",\"message\":\"" + message + "\"}");
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.header("content-type")).startsWith("application/json");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "EIO=4&transport=websocket&sid=nobody, Session ID unknown",
    "EIO=3&transport=websocket, Unsupported protocol version",
    "transport=websocket, Unsupported protocol version",
    "EIO=4&transport=pigeon, Transport unknown",
    "EIO=4, Transport unknown",
  })
  void aRefusedHandshakeSaysWhy(String query, String message) throws IOException {
    HttpAnswer answer =
        Polling.exchange(host.port(), "GET", "/socket.io/?" + query, RawWebSocket.HANDSHAKE);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains(message);
  }

  @Test
  void theTransportOfASessionIsNotGuessed() throws IOException {
    String badRequest = "{\"code\":3,\"message\":\"Bad request\"}";
    Polling polling = Polling.open(host);
    String target = "/socket.io/?EIO=4&transport=websocket&sid=" + polling.sid();
    assertThat(Polling.exchange(host.port(), "GET", target).text()).isEqualTo(badRequest);

    try (RawSocket socket = new RawSocket(host.port());
        RawWebSocket opened = RawWebSocket.shakeHands(socket, RawWebSocket.ENDPOINT)) {
      String sid = opened.text().replaceFirst("(?s).*\"sid\":\"([^\"]+).*", "$1");
      String poll = Polling.ENDPOINT + "&sid=" + sid;
      assertThat(Polling.exchange(host.port(), "GET", poll).text()).isEqualTo(badRequest);
    }
  }

  @Test
  void aRefusalLeavesTheConnectionUsable() throws IOException {
    try (RawSocket socket = new RawSocket(host.port())) {
      assertThat(socket.request("GET", Polling.ENDPOINT + "&sid=nobody").answer().status())
          .isEqualTo(400);
      assertThat(socket.request("GET", Polling.ENDPOINT).answer().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sec-WebSocket-Key", "Sec-WebSocket-Version"})
  void aHandshakeWithoutKeyOrVersionIsRefused(String missing) throws IOException {
    String[] headers =
        Stream.of(RawWebSocket.HANDSHAKE)
            .filter(header -> !header.startsWith(missing))
            .toArray(String[]::new);
    assertThat(Polling.exchange(host.port(), "GET", RawWebSocket.ENDPOINT, headers).status())
        .isBetween(400, 499);
  }

  @ParameterizedTest
  @CsvSource({"websocket, Upgrade", "WebSocket, upgrade", "websocket, 'keep-alive, Upgrade'"})
  void aHandshakeMayBeSpelledInItsWays(String upgrade, String connection) throws IOException {
    try (RawSocket socket = new RawSocket(host.port())) {
      socket.request(
          "GET",
          RawWebSocket.ENDPOINT,
          "Connection: " + connection,
          "Upgrade: " + upgrade,
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
      HttpAnswer answer = socket.answer();
      assertThat(answer.status()).isEqualTo(101);
      // The key and its answer are those of RFC 6455, section 1.3.
      assertThat(answer.header("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
      assertThat(answer.header("sec-websocket-extensions")).isNull();
      assertThat(new RawWebSocket(socket).text()).startsWith("0{");
    }
  }
}
