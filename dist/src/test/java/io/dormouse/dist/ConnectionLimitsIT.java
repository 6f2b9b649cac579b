package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Past a limit of connections a client is told so, on either transport, and gets in later. */
class ConnectionLimitsIT {
  private static final String POLLING = "/socket.io/?EIO=4&transport=polling";

  private static DormouseProcess host(String limit) {
    return SharedHost.start("dormouse:\n  engine:\n    " + limit + ": 2\n");
  }

  @Test
  void connectionsOfOneAddressAreLimited() throws IOException {
    try (DormouseProcess host = host("max-connections-per-address")) {
      refuses(host, 429, "Too many connections from this address");
      try (RawSocket elsewhere = new RawSocket(host.port(), "127.0.0.2", 0)) {
        RawWebSocket welcome = RawWebSocket.shakeHands(elsewhere, RawWebSocket.ENDPOINT);
        assertThat(welcome.text()).startsWith("0{");
      }
    }
  }

  @Test
  void connectionsInAllAreLimited() throws IOException {
    try (DormouseProcess host = host("max-connections")) {
      refuses(host, 503, "Too many connections");
    }
  }

  private static void refuses(DormouseProcess host, int status, String message) throws IOException {
    try (RawWebSocket first = RawWebSocket.open(host);
        RawWebSocket second = RawWebSocket.open(host)) {
      try (RawSocket third = new RawSocket(host.port())) {
        HttpAnswer answer = third.request("GET", POLLING).answer();
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).isEqualTo("{\"code\":4,\"message\":\"" + message + "\"}");
      }
      try (RawSocket third = new RawSocket(host.port())) {
        third.request("GET", RawWebSocket.ENDPOINT, RawWebSocket.HANDSHAKE);
        assertThat(third.answer().status()).isEqualTo(status);
      }
      second.close();
      await()
          .until(
              () -> {
                try (RawSocket third = new RawSocket(host.port())) {
                  third.request("GET", RawWebSocket.ENDPOINT, RawWebSocket.HANDSHAKE);
                  return third.answer().status() == 101;
                }
              });
      first.send("40/features,");
      assertThat(first.text()).startsWith("40/features,");
    }
  }
}
