package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A polling session whose every request a test chooses; each on a connection of its own. */
final class Polling {
  static final String ENDPOINT = "/socket.io/?EIO=4&transport=polling";
  private static final Pattern SID = Pattern.compile("\"sid\":\"([^\"]+)\"");

  static final String SEPARATOR = "\u001e";
  private static final int MAX_POLLS = 20;

  private final int port;
  private final String sid;
  private final Queue<String> packets = new ArrayDeque<>();

  private Polling(int port, String sid) {
    this.port = port;
    this.sid = sid;
  }

  static Polling open(DormouseProcess host) throws IOException {
    HttpAnswer opened = exchange(host.port(), "GET", ENDPOINT);
    assertThat(opened.status()).isEqualTo(200);
    Matcher sid = SID.matcher(opened.text());
    assertThat(sid.find()).isTrue();
    return new Polling(host.port(), sid.group(1));
  }

  /** The same session by way of another host. */
  Polling by(DormouseProcess host) {
    return new Polling(host.port(), sid);
  }

  /** Opens a session and joins a namespace. */
  static Polling join(DormouseProcess host, String namespace) throws IOException {
    Polling opened = open(host);
    assertThat(opened.post("40" + namespace + ",").text()).isEqualTo("ok");
    assertThat(opened.packet()).startsWith("40" + (namespace.equals("/") ? "" : namespace + ","));
    return opened;
  }

  static HttpAnswer exchange(int port, String method, String target, String... headers)
      throws IOException {
    try (RawSocket socket = new RawSocket(port)) {
      return socket.request(method, target, headers).answer();
    }
  }

  String sid() {
    return sid;
  }

  /** Path and query of this session. */
  String target() {
    return ENDPOINT + "&sid=" + sid;
  }

  HttpAnswer get(String... headers) throws IOException {
    return exchange(port, "GET", target(), headers);
  }

  /**
   * Sends a GET that waits: a ping was fetched before and is not answered, so that for a ping
   * timeout no other one comes.
   */
  RawSocket getThatWaits() throws IOException {
    for (int polls = 0; !get().text().equals("2"); polls++) {
      assertThat(polls).as("polls without a ping").isLessThan(MAX_POLLS);
    }
    return getLater();
  }

  /** Sends a GET and does not wait for its answer. */
  RawSocket getLater() throws IOException {
    return new RawSocket(port).request("GET", target());
  }

  HttpAnswer post(String body) throws IOException {
    try (RawSocket socket = new RawSocket(port)) {
      return socket.post(target(), body).answer();
    }
  }

  /** The next packet that is no ping; pings are answered. */
  String packet() throws IOException {
    for (int polls = 0; polls < MAX_POLLS; polls++) {
      while (!packets.isEmpty()) {
        String packet = packets.remove();
        if (!packet.equals("2")) {
          return packet;
        }
        assertThat(post("3").status()).isEqualTo(200);
      }
      HttpAnswer answer = get();
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      packets.addAll(List.of(answer.text().split(SEPARATOR)));
    }
    throw new AssertionError("Nothing but pings came");
  }

  /** Checks that the host does not know this session any more. */
  void assertGone() throws IOException {
    HttpAnswer answer = get();
    assertThat(answer.text()).isEqualTo("{\"code\":1,\"message\":\"Session ID unknown\"}");
    assertThat(answer.status()).isEqualTo(400);
  }
}
