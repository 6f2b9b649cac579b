package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP as impolite clients and odd proxies speak it. */
@ExtendWith(SharedHost.class)
class HttpTrapsIT {
  private static final int TOO_LARGE = 2_000_001;
  private static final String SMUGGLED =
      "GET " + Polling.ENDPOINT + " HTTP/1.1\r\nHost: smuggled\r\n\r\n";

  private final DormouseProcess host;

  HttpTrapsIT(DormouseProcess host) {
    this.host = host;
  }

  @Test
  void tooLargeABodyIsRefusedBeforeItComes() throws IOException {
    Polling session = Polling.join(host, "/features");
    try (RawSocket socket = new RawSocket(host.port())) {
      socket.request("POST", session.target(), "Content-Length: " + TOO_LARGE);
      socket.write(SMUGGLED);
      assertThat(socket.answer().status()).isEqualTo(413);
      assertThat(text(socket.rest())).as("nothing is answered after it").isEmpty();
    }
    assertStillThere(session);
  }

  @Test
  void tooLargeAChunkedBodyIsRefusedAndItsRestIsNoRequest() throws IOException {
    Polling session = Polling.join(host, "/features");
    try (RawSocket socket = new RawSocket(host.port())) {
      socket.request("POST", session.target(), "Transfer-Encoding: chunked");
      String chunk = Integer.toHexString(50_000) + "\r\n" + "x".repeat(50_000) + "\r\n";
      socket.write(chunk.repeat(TOO_LARGE / 50_000 + 1));
      assertThat(socket.answer().status()).isEqualTo(413);
      writeIfOpen(socket, SMUGGLED + "\r\n0\r\n\r\n");
      assertThat(text(socket.rest())).as("nothing is answered after it").isEmpty();
    }
    assertStillThere(session);
  }

  private static void writeIfOpen(RawSocket socket, String text) {
    try {
      socket.write(text);
    } catch (IOException closed) {
      // Closed already, which is as good.
    }
  }

  private static void assertStillThere(Polling session) throws IOException {
    session.post("42/features,1[\"echo\"]");
    assertThat(session.packet()).isEqualTo("43/features,1[]");
  }

  @Test
  void connectionCloseCloses() throws IOException {
    try (RawSocket socket = new RawSocket(host.port())) {
      socket.request("GET", Polling.ENDPOINT, "Connection: close");
      assertThat(socket.answer().status()).isEqualTo(200);
      assertThat(socket.rest()).isEmpty();
    }
  }

  @Test
  void aConnectionServesOneRequestAfterTheOther() throws IOException {
    try (RawSocket socket = new RawSocket(host.port())) {
      socket.request("GET", Polling.ENDPOINT).request("GET", Polling.ENDPOINT);
      String first = socket.answer().text();
      String second = socket.answer().text();
      assertThat(first).startsWith("0{").isNotEqualTo(second);
      assertThat(second).startsWith("0{");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "G",
        "GET " + Polling.ENDPOINT + " HTTP/1.1\r\n",
        "GET " + Polling.ENDPOINT + " HTTP/1.1\r\nHost: x\r\nX-Half: ",
        "POST " + Polling.ENDPOINT + " HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n42",
      })
  void halfARequestIsNotWaitedForForever(String half) throws IOException {
    try (RawSocket socket = new RawSocket(host.port())) {
      socket.write(half);
      // An answer or none: the connection ends within the request timeout.
      assertThat(text(socket.rest())).doesNotContain("200 OK");
    }
  }

  @Test
  void halfABodyOfASessionIsNotWaitedForForever() throws IOException {
    Polling session = Polling.open(host);
    try (RawSocket socket = new RawSocket(host.port())) {
      socket.request("POST", session.target(), "Content-Length: 100").write("40");
      assertThat(text(socket.rest())).doesNotContain("200 OK");
    }
  }

  @Test
  void queriesMayHoldWhatClientsPutThere() throws IOException {
    String target = Polling.ENDPOINT + "&list={a|b}&text=%7B%C3%BC%7D";
    assertThat(Polling.exchange(host.port(), "GET", target).status()).isEqualTo(200);
    String token = "t".repeat(6000);
    assertThat(Polling.exchange(host.port(), "GET", Polling.ENDPOINT + "&jwt=" + token).status())
        .isEqualTo(200);
  }

  @Test
  void hugeHeadersAreRefused() throws IOException {
    try (RawSocket socket = new RawSocket(host.port())) {
      socket.request("GET", Polling.ENDPOINT, "X-Huge: " + "x".repeat(200_000));
      assertThat(socket.answer().status()).isBetween(400, 499);
      socket.rest();
    }
  }

  @Test
  void garbageIsNoRequest() throws IOException {
    try (RawSocket socket = new RawSocket(host.port())) {
      socket.write(new byte[] {0x16, 0x03, 0x01, 0x02, 0, 1, 0, 1, '\r', '\n', '\r', '\n'});
      assertThat(text(socket.rest())).doesNotContain("200 OK");
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
