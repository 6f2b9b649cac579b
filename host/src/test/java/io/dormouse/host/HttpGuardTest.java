package io.dormouse.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpGuardTest {
  private static final int MAX_PAYLOAD = 100;
  private static final String NEXT = "GET /next HTTP/1.1\r\nHost: h\r\n\r\n";

  private static CountDownLatch polls;
  private static Listeners patient;
  private static Listeners hasty;

  @BeforeAll
  static void start() {
    polls = new CountDownLatch(1);
    patient = listeners(Duration.ofMinutes(1), Duration.ofMinutes(1));
    hasty = listeners(Duration.ofMillis(400), Duration.ofMillis(800));
  }

  @AfterAll
  static void stop() {
    polls.countDown();
    patient.stop();
    hasty.stop();
  }

  private static Listeners listeners(Duration requestTimeout, Duration idleTimeout) {
    Listeners listeners =
        new Listeners(
            new ServerSettings(0, "127.0.0.1", List.of(), requestTimeout, idleTimeout),
            new TlsSettings(null, null, null, null),
            new Listeners.Public(
                HttpGuardTest::routes, Map.of(), UnaryOperator.identity(), MAX_PAYLOAD),
            NoAdmin.SIDE);
    listeners.start();
    return listeners;
  }

  private static void routes(HttpRouting.Builder routing) {
    routing
        .get("/next", (_, response) -> response.send("next"))
        .get("/query", (request, response) -> response.send(request.query().rawValue()))
        .get("/poll", HttpGuardTest::poll)
        .post("/body", (request, response) -> response.send(request.content().as(String.class)))
        .post("/slow", HttpGuardTest::slow)
        .post("/unread", (_, response) -> response.send("unread"));
  }

  private static void poll(ServerRequest request, ServerResponse response)
      throws InterruptedException {
    polls.await();
    response.send("polled");
  }

  /** Answers long after the body has come. */
  private static void slow(ServerRequest request, ServerResponse response)
      throws InterruptedException {
    String body = request.content().as(String.class);
    assertThat(polls.await(1, java.util.concurrent.TimeUnit.SECONDS)).isFalse();
    response.send("slow " + body);
  }

  @Test
  void answersOneRequestAfterTheOther() throws IOException {
    try (RawClient client = client()) {
      client.send("POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc" + NEXT);
      assertThat(client.readUntil("next")).contains("\r\n\r\nabc");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x\r\n", "x\r\nx\r\n"})
  void neverReadsTheRestOfARefusedBodyAsARequest(String start) throws IOException {
    String hidden = start + NEXT + "x".repeat(MAX_PAYLOAD);
    try (RawClient client = client()) {
      client.send(
          "POST /body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
              + Integer.toHexString(hidden.length())
              + "\r\n"
              + hidden
              + "\r\n0\r\n\r\n");
      assertThat(client.readToEnd()).startsWith("HTTP/1.1 413 ").doesNotContain("next");
    }
  }

  @Test
  void closesAfterALengthThatIsTooMuch() throws IOException {
    try (RawClient client = client()) {
      client.send("POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 101\r\n\r\n" + NEXT);
      assertThat(client.readToEnd()).startsWith("HTTP/1.1 413 ").doesNotContain("next");
    }
  }

  @Test
  void skipsABodyThatNobodyReads() throws IOException {
    try (RawClient client = client()) {
      client.send("POST /unread HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nGET" + NEXT);
      assertThat(client.readUntil("\r\n\r\nnext")).contains("\r\n\r\nunread");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked\r\nContent-Length: 3",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: Chunked",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Content-Length: 3\r\nContent-Length: 4",
        "Content-Length: 3, 3",
        "Content-Length: -3",
        "Content-Length: +3",
        "Content-Length: 0x3",
        "Content-Length: 9999999999999999999",
        "Content-Length:"
      })
  void refusesALengthThatTwoServersMayReadDifferently(String headers) throws IOException {
    try (RawClient client = client()) {
      client.send("POST /body HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n\r\n0\r\n\r\n" + NEXT);
      assertThat(client.readToEnd()).startsWith("HTTP/1.1 400 ").doesNotContain("next");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"zz\r\n", "-1\r\n", "3\r\nabcdef\r\n", "0\r\nTrailer: x\r\n\r\n"})
  void closesAfterBrokenChunks(String chunks) throws IOException {
    try (RawClient client = client()) {
      client.send(
          "POST /body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + NEXT);
      assertThat(client.readToEnd()).startsWith("HTTP/1.1 400 ").doesNotContain("next");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /next", "GET /nothing", "POST /unread"})
  void closesWhenTheRequestSaysSo(String request) throws IOException {
    try (RawClient client = client()) {
      client.send(request + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      assertThat(client.readToEnd())
          .startsWith("HTTP/1.1 ")
          .containsIgnoringCase("connection: close");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /next HTTP/1.1\r\nHost: h\r\nX-Half",
        "GET /next HTTP/1.1\r\n",
        "POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab",
        "POST /unread HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab",
        "POST /body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "POST /body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      })
  void closesWhatIsNeverSentToItsEnd(String half) throws IOException {
    try (RawClient client = hastyClient().send(half)) {
      assertThat(client.readToEnd()).doesNotContain("next");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET /ne", NEXT})
  void closesAConnectionThatDoesNothing(String start) throws IOException {
    try (RawClient client = hastyClient().send(start)) {
      client.readToEnd();
    }
  }

  @Test
  void waitsForAHandlerThatTakesLongerThanARequestMay() throws IOException {
    try (RawClient client = hastyClient()) {
      client.send("POST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc");
      assertThat(client.readUntil("slow")).endsWith("slow abc");
    }
  }

  @Test
  void answersWhileManyRequestsWait() throws IOException {
    RawClient[] waiting = new RawClient[200];
    try {
      for (int i = 0; i < waiting.length; i++) {
        waiting[i] = hastyClient().send("GET /poll HTTP/1.1\r\nHost: h\r\n\r\n");
      }
      try (RawClient client = hastyClient().send(NEXT)) {
        client.readUntil("next");
      }
      assertThat(waiting[0].staysOpen(Duration.ofSeconds(1))).isTrue();
    } finally {
      for (RawClient client : waiting) {
        if (client != null) {
          client.close();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=|{}", "t=%7B%22a%22%3A1%7D", "token=\"<>^`\\"})
  void takesAQueryAsClientsSendIt(String query) throws IOException {
    try (RawClient client = client()) {
      client.send("GET /query?" + query + " HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.readUntil(query)).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void takesALongTokenInTheQuery() throws IOException {
    try (RawClient client = client()) {
      client.send("GET /query?t=" + "x".repeat(8000) + " HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.readUntil("\r\n\r\nt=x")).startsWith("HTTP/1.1 200 ");
    }
  }

  private static RawClient client() throws IOException {
    return new RawClient(patient.port());
  }

  private static RawClient hastyClient() throws IOException {
    return new RawClient(hasty.port());
  }
}
