package io.dormouse.host.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.admin.EventStreams.Limits;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventStreamsTest {
  private static final String LARGE = "x".repeat(1_000_000);

  private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
  private EventStreams<String> streams;
  private WebServer server;

  private void start(Duration heartbeat, Duration lastWords) {
    streams =
        new EventStreams<>(
            new Limits(10, 2, 5, heartbeat, lastWords), _ -> "E", text -> Map.of("t", text));
    Route route = Route.get("/", null, this::answer).withParameters(EventStreams.FOLLOW);
    server =
        WebServer.builder()
            .port(0)
            .host("127.0.0.1")
            .routing(
                routing ->
                    routing.get(
                        "/",
                        (request, response) ->
                            route.action().answer(Call.of(route, "", request, response))))
            .build()
            .start();
  }

  private void answer(Call call) {
    try {
      streams.answer(call, _ -> true);
      ended.add("by itself");
    } catch (RuntimeException cut) {
      ended.add("cut");
      throw cut;
    }
  }

  @AfterEach
  void stop() {
    streams.stop();
    server.stop();
  }

  private Socket listen(String query) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(8192);
    socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    socket.setSoTimeout(10_000);
    socket
        .getOutputStream()
        .write(
            ("GET /" + query + " HTTP/1.1\r\nHost: h\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String read(Socket socket, String end) throws IOException {
    StringBuilder text = new StringBuilder();
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[65_536];
    while (!text.toString().contains(end)) {
      int count = in.read(buffer);
      if (count < 0) {
        throw new AssertionError("It ended after " + text.length() + " characters");
      }
      text.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
    }
    return text.toString();
  }

  @Test
  void keepsTheLastOnes() throws IOException {
    start(Duration.ofMinutes(1), Duration.ofMinutes(1));
    for (String event : new String[] {"a", "b", "c"}) {
      streams.remember(event);
    }
    try (Socket socket = listen("?follow=false")) {
      assertThat(read(socket, "0\r\n\r\n"))
          .contains("event: E\ndata: {\"t\":\"b\"}\n\n", "{\"t\":\"c\"}")
          .doesNotContain("{\"t\":\"a\"}");
    }
  }

  @Test
  void showsThatItIsThereWhenNothingHappens() throws IOException {
    start(Duration.ofMillis(20), Duration.ofMinutes(1));
    try (Socket socket = listen("")) {
      read(socket, ":\n\n\r\n3\r\n:\n\n");
    }
  }

  @Test
  void dropsASlowListenerWithALastEvent() throws Exception {
    start(Duration.ofMinutes(1), Duration.ofMinutes(1));
    try (Socket socket = listen("")) {
      read(socket, ":\n\n");
      overwhelm();
      assertThat(read(socket, "event: dropped")).contains("event: E\ndata: {\"t\":\"xxx");
      assertThat(ended.poll(10, TimeUnit.SECONDS)).isEqualTo("by itself");
    }
  }

  @Test
  void disconnectsAListenerThatTakesNothing() throws Exception {
    start(Duration.ofMinutes(1), Duration.ofMillis(50));
    try (Socket socket = listen("")) {
      read(socket, ":\n\n");
      overwhelm();
      assertThat(ended.poll(10, TimeUnit.SECONDS)).isEqualTo("cut");
    }
  }

  /** Tells more than the network and the queue can hold. */
  private void overwhelm() {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              streams.publish(LARGE);
              return streams.isEmpty();
            });
  }
}
