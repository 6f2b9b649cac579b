package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sessions of the first host whose requests come to the second one. */
class ForwardingIT {
  private static final String UNKNOWN = "{\"code\":1,\"message\":\"Session ID unknown\"}";
  private static final Pattern INTERNAL = Pattern.compile("reach this one at 127.0.0.1:(\\d+)");
  private static final String HANDSHAKE = "/socket.io/?EIO=4&transport=websocket&sid=";

  private static Redis redis;
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    redis = Redis.start();
    cluster = new Cluster(redis, 2);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** A session of a host, by way of another. */
  private static Polling stray(DormouseProcess owner, DormouseProcess other) throws IOException {
    return Polling.open(owner).by(other);
  }

  private static Polling joined(DormouseProcess owner, DormouseProcess other) throws IOException {
    Polling stray = stray(owner, other);
    assertThat(stray.post("40/cluster,").text()).isEqualTo("ok");
    assertThat(stray.packet()).startsWith("40/cluster,");
    return stray;
  }

  private static HttpAnswer poll(int port, String target, String... headers) throws IOException {
    return Polling.exchange(port, "GET", target, headers);
  }

  private static int internalPort(DormouseProcess host) {
    Matcher port = INTERNAL.matcher(host.log());
    assertThat(port.find()).isTrue();
    return Integer.parseInt(port.group(1));
  }

  @Test
  void aPollIsAnsweredAsByItsOwnHost() throws IOException {
    Polling stray = joined(cluster.host(0), cluster.host(1));
    assertThat(stray.post("42/cluster,7[\"number\",1]").text()).isEqualTo("ok");
    assertThat(stray.packet()).isEqualTo("43/cluster,7[0]");
    assertThat(stray.post("42/cluster,8[\"number\",2]").text()).isEqualTo("ok");
    HttpAnswer answer = stray.get();
    assertThat(answer.text()).contains("43/cluster,8[1]");
    assertThat(answer.headers())
        .containsEntry("content-type", "text/plain; charset=UTF-8")
        .containsEntry("cache-control", "no-store")
        .doesNotContainKeys("access-control-allow-origin", "dormouse-host");
  }

  @Test
  void pagesOfOtherOriginsAreJudgedWhereTheyAsk() throws IOException {
    Polling stray = joined(cluster.host(0), cluster.host(1));
    HttpAnswer refused = stray.get("Origin: http://evil.example");
    assertThat(refused.status()).isEqualTo(403);
    stray.post("42/cluster,1[\"number\",1]");
    // Its own, by the name that the client knows, which is not that of the owner.
    HttpAnswer answer = stray.get("Origin: " + cluster.host(1).url());
    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void largeAnswersAreCompressedForThoseWhoTakeIt() throws IOException {
    Polling stray = joined(cluster.host(0), cluster.host(1));
    stray.post("42/cluster,[\"say\",[],\"" + "z".repeat(200_000) + "\"]");
    HttpAnswer answer = stray.get("Accept-Encoding: gzip");
    assertThat(answer.headers())
        .containsEntry("content-encoding", "gzip")
        .containsEntry("vary", "Accept-Encoding");
    assertThat(answer.body().length).isLessThan(2_000);
  }

  @Test
  void largeBodiesPassBothWays() throws IOException {
    Polling stray = joined(cluster.host(0), cluster.host(1));
    String text = "ü".repeat(450_000);
    String event = "42/cluster,1[\"say\",[],\"" + text + "\"]";
    assertThat(stray.post(event).text()).isEqualTo("ok");
    assertThat(stray.packet()).isEqualTo("42/cluster,[\"said\",\"" + text + "\"]");
    try (RawSocket socket = new RawSocket(cluster.host(1).port())) {
      socket.request("POST", stray.target(), "Transfer-Encoding: chunked");
      socket.write("10\r\n42/cluster,2[\"sa\r\n10\r\ny\",[],\"chunked\"]\r\n0\r\n\r\n");
      assertThat(socket.answer().text()).isEqualTo("ok");
    }
    assertThat(stray.packet()).isEqualTo("43/cluster,1[]");
    assertThat(stray.packet()).isEqualTo("42/cluster,[\"said\",\"chunked\"]");
  }

  @Test
  void aBodyThatIsTooLongIsRefusedAndTheSessionStays() throws IOException {
    Polling stray = joined(cluster.host(0), cluster.host(1));
    String longer = "Content-Length: 1000001";
    try (RawSocket socket = new RawSocket(cluster.host(1).port())) {
      assertThat(socket.request("POST", stray.target(), longer).answer().status()).isEqualTo(413);
    }
    try (RawSocket socket = new RawSocket(cluster.host(1).port())) {
      socket.request("POST", stray.target(), "Transfer-Encoding: chunked");
      String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
      for (int i = 0; i < 16; i++) {
        socket.write(chunk);
      }
      assertThat(socket.answer().status()).isEqualTo(413);
    }
    await().until(() -> stray.post("42/cluster,1[\"number\",5]").text().equals("ok"));
    assertThat(stray.packet()).startsWith("43/cluster,1");
  }

  @Test
  void anUpgradeIsATunnelThatEndsWithEitherEnd() throws Exception {
    Admin admin = new Admin(cluster.host(1));
    Polling stray = joined(cluster.host(0), cluster.host(1));
    RawWebSocket tunnel = upgraded(stray, cluster.host(1));
    String text = "a".repeat(200_000);
    tunnel.send("42/cluster,1[\"say\",[],\"" + text + "\"]");
    assertThat(tunnel.text()).isEqualTo("42/cluster,[\"said\",\"" + text + "\"]");
    assertThat(tunnel.text()).isEqualTo("43/cluster,1[]");
    assertThat(admin.metric("dormouse_forwarded_tunnels")).isEqualTo(1);

    tunnel.frame(RawWebSocket.FIN | RawWebSocket.CLOSE, new byte[] {3, (byte) 0xe8});
    assertThat(tunnel.closeCode()).isEqualTo(1000);
    tunnel.close();
    await().until(() -> admin.metric("dormouse_forwarded_tunnels") == 0);
    stray.assertGone();
  }

  @Test
  void aClientThatVanishesFromItsTunnelIsGone() throws Exception {
    Admin admin = new Admin(cluster.host(1));
    Polling stray = joined(cluster.host(0), cluster.host(1));
    RawWebSocket tunnel = upgraded(stray, cluster.host(1));
    tunnel.send("42/cluster,1[\"number\",1]");
    assertThat(tunnel.text()).isEqualTo("43/cluster,1[0]");
    tunnel.close();
    await().until(() -> admin.metric("dormouse_forwarded_tunnels") == 0);
    await().until(() -> stray.get().text().equals(UNKNOWN));
  }

  @Test
  void anOwnerThatDiesTakesItsRequestsWithItAndNothingElse() throws Exception {
    try (Cluster dying = new Cluster(Redis.start(), 2)) {
      DormouseProcess owner = dying.host(0);
      DormouseProcess other = dying.host(1);
      Polling waiting = joined(owner, other);
      Polling upgraded = joined(owner, other);
      RawWebSocket tunnel = upgraded(upgraded, other);
      try (RawSocket poll = waiting.getThatWaits()) {
        Admin admin = new Admin(other);
        await().until(() -> admin.metric("dormouse_forwarded_polls") == 1);
        owner.kill();
        HttpAnswer answer = poll.answer();
        assertThat(answer.text()).isEqualTo(UNKNOWN);
        assertThat(answer.status()).isEqualTo(400);
      }
      assertThat(end(tunnel)).isInstanceOfAny(EOFException.class, SocketException.class);
      assertThat(waiting.post("42/cluster,[\"number\",1]").text()).isEqualTo(UNKNOWN);
      waiting.assertGone();
      Polling fresh = Polling.join(other, "/cluster");
      assertThat(fresh.post("42/cluster,1[\"number\",1]").text()).isEqualTo("ok");
      assertThat(fresh.packet()).isEqualTo("43/cluster,1[0]");
    }
  }

  /** A session that goes on by a WebSocket through a host. */
  private static RawWebSocket upgraded(Polling session, DormouseProcess through)
      throws IOException {
    RawWebSocket tunnel =
        RawWebSocket.shakeHands(new RawSocket(through.port()), HANDSHAKE + session.sid());
    tunnel.send("2probe");
    assertThat(tunnel.text()).isEqualTo("3probe");
    tunnel.send("5");
    return tunnel;
  }

  private static Exception end(RawWebSocket tunnel) {
    try {
      while (true) {
        tunnel.frame();
      }
    } catch (IOException ended) {
      return ended;
    }
  }

  @Test
  void aHostThatStopsLetsGoOfWhatGoesThroughIt() throws Exception {
    try (Cluster stopping = new Cluster(Redis.start(), 2)) {
      DormouseProcess owner = stopping.host(0);
      DormouseProcess between = stopping.host(1);
      Polling waiting = joined(owner, between);
      Polling upgraded = joined(owner, between);
      RawWebSocket tunnel = upgraded(upgraded, between);
      tunnel.send("42/cluster,1[\"number\",1]");
      assertThat(tunnel.text()).isEqualTo("43/cluster,1[0]");
      try (RawSocket poll = waiting.getThatWaits()) {
        Admin admin = new Admin(between);
        await().until(() -> admin.metric("dormouse_forwarded_polls") == 1);
        Thread.startVirtualThread(between::stop);
        assertThat(poll.answer().status()).isEqualTo(200);
      }
      assertThat(tunnel.closeCode()).isEqualTo(1001);
      tunnel.frame(RawWebSocket.FIN | RawWebSocket.CLOSE, new byte[] {3, (byte) 0xe9});
      await().until(() -> !between.isAlive());
      Polling same = waiting.by(owner);
      assertThat(same.post("42/cluster,2[\"number\",1]").text()).isEqualTo("ok");
      assertThat(same.packet()).isEqualTo("43/cluster,2[0]");
    }
  }

  @Test
  void onlyHostsReachTheInternalListener() throws Exception {
    Polling session = Polling.open(cluster.host(0));
    int port = internalPort(cluster.host(0));
    String target = session.target();
    String secret = redis.cli("GET", "socket.io:dormouse:secret");
    Instant now = Instant.now();

    assertThat(poll(port, target).status()).isEqualTo(401);
    assertThat(poll(port, target, pass("made up by somebody", target, now)).status())
        .isEqualTo(401);
    assertThat(poll(port, target, pass(secret, target, now.minusSeconds(100))).status())
        .isEqualTo(401);
    assertThat(poll(port, target, pass(secret, target, now.plusSeconds(100))).status())
        .isEqualTo(401);
    assertThat(poll(port, target, pass(secret, target + "x", now)).status()).isEqualTo(401);
    assertThat(poll(port, "/", pass("made up by somebody", "/?", now)).status()).isEqualTo(401);
    assertThat(poll(port, "/socket.io/socket.io.js").status()).isEqualTo(401);
    String upgrade = HANDSHAKE + session.sid();
    try (RawSocket socket = new RawSocket(port)) {
      socket.request("GET", upgrade, RawWebSocket.HANDSHAKE);
      assertThat(socket.answer().status()).isEqualTo(401);
    }

    // What a host signs is let in, to sessions that are there and to nothing else.
    assertThat(poll(port, "/", pass(secret, "/?", now)).status()).isEqualTo(404);
    String opening = Polling.ENDPOINT;
    assertThat(poll(port, opening, pass(secret, opening, now)).status()).isEqualTo(400);
    String invented = opening + "&sid=" + session.sid().substring(0, 13) + "A".repeat(20);
    assertThat(poll(port, invented, pass(secret, invented, now)).text()).isEqualTo(UNKNOWN);
    session.post("40/cluster,");
    assertThat(poll(port, target, pass(secret, target, now)).status()).isEqualTo(200);
  }

  private static String pass(String secret, String target, Instant time) throws Exception {
    String said = time.toEpochMilli() + ";0;127.0.0.1;";
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] hmac = mac.doFinal(("GET\n" + target + "\n" + said).getBytes(StandardCharsets.UTF_8));
    return "Dormouse-Forward: "
        + said
        + ";"
        + Base64.getUrlEncoder().withoutPadding().encodeToString(hmac);
  }

  @Test
  void anIdThatNamesNoOtherHostIsUnknownAndNothingIsAsked() throws Exception {
    Admin admin = new Admin(cluster.host(1));
    String own = Polling.open(cluster.host(1)).sid();
    String theirs = Polling.open(cluster.host(0)).sid();
    double before = admin.metric("dormouse_forwarded_requests_total");
    String random = theirs.substring(13);
    for (String sid :
        List.of(
            "aaaaaaaaaaaa." + random,
            own.substring(0, 13) + random,
            "127.0.0.1:" + internalPort(cluster.host(0)) + "." + random,
            theirs.substring(0, 13) + "../../metrics",
            theirs.substring(0, 13) + "..%2F..%2Fmetrics%3F",
            theirs + "&x=1&sid=y".replace("&", "%26"),
            theirs.substring(0, 12) + "%00" + random,
            theirs + "%0d%0aHost:%20evil",
            "." + random,
            theirs.substring(0, 13),
            theirs + "A")) {
      HttpAnswer answer = poll(cluster.host(1).port(), Polling.ENDPOINT + "&sid=" + sid);
      assertThat(answer.text()).as(sid).isEqualTo(UNKNOWN);
      try (RawSocket socket = new RawSocket(cluster.host(1).port())) {
        socket.request("GET", HANDSHAKE + sid, RawWebSocket.HANDSHAKE);
        assertThat(socket.answer().text()).as(sid).isEqualTo(UNKNOWN);
      }
    }
    assertThat(admin.metric("dormouse_forwarded_requests_total")).isEqualTo(before);
  }

  @Test
  void whatOnlyHostsMayAskIsNothingToClients() throws Exception {
    try (Cluster own = new Cluster(Redis.start(), 2)) {
      Polling stray = joined(own.host(0), own.host(1));
      Admin admin = new Admin(own.host(1));
      try (RawSocket waiting = stray.getThatWaits()) {
        await().until(() -> admin.metric("dormouse_forwarded_polls") == 1);
        HttpAnswer answer = poll(own.host(1).port(), stray.target() + "&release=1");
        // As any second poll.
        assertThat(answer.text()).contains("\"code\":3");
        assertThat(waiting.answer().text()).isEqualTo("1");
      }
    }
  }
}
