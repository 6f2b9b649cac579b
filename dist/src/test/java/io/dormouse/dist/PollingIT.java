package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP long-polling, request by request. */
@ExtendWith(SharedHost.class)
class PollingIT {
  private final DormouseProcess host;

  PollingIT(DormouseProcess host) {
    this.host = host;
  }

  @Test
  void theHandshakeHasTheseFieldsAndNoOthers() throws IOException {
    HttpAnswer answer = Polling.exchange(host.port(), "GET", Polling.ENDPOINT);
    assertThat(answer.text())
        .matches(
            "0\\{\"sid\":\"[\\w-]{20}\",\"upgrades\":\\[\"websocket\"],\"pingInterval\":500,"
                + "\"pingTimeout\":2000,\"maxPayload\":2000000}");
    assertThat(answer.header("content-type")).isEqualTo("text/plain; charset=UTF-8");
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
  }

  @Test
  void severalPacketsTravelInOneRequest() throws IOException {
    Polling session = Polling.join(host, "/");
    assertThat(session.packet()).isEqualTo("42[\"auth\",{}]");
    assertThat(
            session
                .post(
                    "42[\"message\",1]"
                        + Polling.SEPARATOR
                        + "42[\"message\",\"☃\"]"
                        + Polling.SEPARATOR
                        + "3")
                .text())
        .isEqualTo("ok");
    assertThat(session.packet()).isEqualTo("42[\"message-back\",1]");
    assertThat(session.packet()).isEqualTo("42[\"message-back\",\"☃\"]");
  }

  @Test
  void binaryTravelsAsBase64() throws IOException {
    Polling session = Polling.join(host, "/features");
    String placeholder = "{\"_placeholder\":true,\"num\":0}";
    session.post("451-/features,7[\"echo\"," + placeholder + "]" + Polling.SEPARATOR + "bAQID");
    assertThat(session.packet()).isEqualTo("461-/features,7[" + placeholder + "]");
    assertThat(session.packet()).isEqualTo("bAQID");
  }

  @Test
  void aWaitingPollIsAnsweredWhenSomethingHappens() throws IOException {
    Polling session = Polling.join(host, "/features");
    try (RawSocket poll = session.getLater()) {
      session.post("42/features,1[\"echo\",\"now\"]");
      assertThat(poll.answer().text()).isEqualTo("43/features,1[\"now\"]");
    }
  }

  @Test
  void heartbeatsArePackets() throws IOException {
    Polling session = Polling.open(host);
    session.post("40/features,");
    session.packet();
    assertThat(session.get().text()).isEqualTo("2");
    assertThat(session.post("3").text()).isEqualTo("ok");
    assertThat(session.get().text()).isEqualTo("2");
  }

  @Test
  void aPollWithoutPongsEndsTheSession() throws IOException {
    Polling session = Polling.join(host, "/features");
    assertThat(session.get().text()).isEqualTo("2");
    // The next poll waits until the host gives this client up.
    session.get();
    session.assertGone();
  }

  @Test
  void aSecondPollAtATimeEndsTheSession() throws IOException {
    Polling session = Polling.join(host, "/features");
    try (RawSocket first = session.getLater()) {
      session.get();
      first.answer();
      session.assertGone();
    }
  }

  @Test
  void aSecondPostAtATimeEndsTheSession() throws IOException {
    Polling session = Polling.join(host, "/features");
    try (RawSocket first = new RawSocket(host.port())) {
      first.request("POST", session.target(), "Content-Length: 100");
      first.write("42/features,");
      org.awaitility.Awaitility.await()
          .untilAsserted(
              () -> {
                session.post("3");
                session.assertGone();
              });
    }
  }

  @Test
  void aClosePacketEndsTheSessionAndItsPoll() throws IOException {
    Polling session = Polling.join(host, "/features");
    try (RawSocket poll = session.getLater()) {
      assertThat(session.post("1").text()).isEqualTo("ok");
      // The POST may overtake the poll on its own connection; then the session is unknown to it.
      assertThat(poll.answer().status()).isIn(200, 400);
    }
    session.assertGone();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "garbage", "9", "40,\u001e", "\u001e", "b?!", "0{}", "2"})
  void aPostOfSomethingElseEndsTheSession(String body) throws IOException {
    Polling session = Polling.join(host, "/features");
    session.post(body);
    session.assertGone();
  }

  @Test
  void anUnknownMethodIsRefusedAndLeavesTheSession() throws IOException {
    Polling session = Polling.join(host, "/features");
    HttpAnswer answer = Polling.exchange(host.port(), "DELETE", session.target());
    assertThat(answer.status()).isBetween(400, 599);
    session.post("42/features,1[\"echo\"]");
    assertThat(session.packet()).isEqualTo("43/features,1[]");
  }

  @Test
  void largeAnswersAreCompressedForWhoTakesThem() throws IOException {
    Polling session = Polling.join(host, "/features");
    String large = "x".repeat(5000);
    session.post("42/features,1[\"echo\",\"" + large + "\"]");
    HttpAnswer zipped = session.get("Accept-Encoding: gzip, deflate");
    assertThat(zipped.header("content-encoding")).isEqualTo("gzip");
    assertThat(zipped.body().length).isLessThan(1000);
    byte[] body = new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes();
    assertThat(new String(body, StandardCharsets.UTF_8))
        .isEqualTo("43/features,1[\"" + large + "\"]");

    session.post("42/features,2[\"echo\",\"" + large + "\"]");
    assertThat(session.get().header("content-encoding")).isNull();
    session.post("42/features,3[\"echo\",\"small\"]");
    assertThat(session.get("Accept-Encoding: gzip").header("content-encoding")).isNull();
  }

  @Test
  void aPollIsReleasedForAnUpgrade() throws IOException {
    Polling session = Polling.join(host, "/features");
    try (RawSocket poll = session.getLater();
        RawSocket socket = new RawSocket(host.port());
        RawWebSocket probe =
            RawWebSocket.shakeHands(socket, RawWebSocket.ENDPOINT + "&sid=" + session.sid())) {
      probe.send("2probe");
      assertThat(probe.text()).isEqualTo("3probe");
      assertThat(poll.answer().text()).isIn("6", "2");
      probe.send("5");
      probe.send("42/features,1[\"transport\"]");
      assertThat(probe.text()).isEqualTo("43/features,1[\"websocket\"]");
    }
  }

  @Test
  void anUpgradeThatIsGivenUpLeavesTheSessionOnPolling() throws IOException {
    Polling session = Polling.join(host, "/features");
    try (RawSocket socket = new RawSocket(host.port());
        RawWebSocket probe =
            RawWebSocket.shakeHands(socket, RawWebSocket.ENDPOINT + "&sid=" + session.sid())) {
      probe.send("2probe");
      assertThat(probe.text()).isEqualTo("3probe");
      socket.reset();
    }
    session.post("42/features,1[\"transport\"]");
    String packet = session.packet();
    assertThat(packet.equals("6") ? session.packet() : packet)
        .isEqualTo("43/features,1[\"polling\"]");
  }

  @Test
  void anUpgradeThatIsNeverFinishedIsEnded() throws IOException {
    Polling session = Polling.join(host, "/features");
    try (RawSocket socket = new RawSocket(host.port());
        RawWebSocket probe =
            RawWebSocket.shakeHands(socket, RawWebSocket.ENDPOINT + "&sid=" + session.sid())) {
      assertThat(probe.socket().rest()).hasSizeLessThan(10);
    }
  }

  @Test
  void manyWaitingPollsHoldUpNobody() throws IOException {
    List<RawSocket> polls = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        polls.add(Polling.open(host).getLater());
      }
      Polling session = Polling.join(host, "/features");
      session.post("42/features,1[\"echo\",\"through\"]");
      assertThat(session.packet()).isEqualTo("43/features,1[\"through\"]");
    } finally {
      for (RawSocket poll : polls) {
        poll.close();
      }
    }
  }
}
