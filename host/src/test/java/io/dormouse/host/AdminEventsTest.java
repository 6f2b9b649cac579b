package io.dormouse.host;

import static io.dormouse.host.AdminFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminEventsTest {
  private AdminFixture admin;

  @BeforeEach
  void start() {
    admin = new AdminFixture();
    admin.start("chat", "1.0.0", context -> context.namespace("/chat"));
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private RawClient listen(String query) throws IOException {
    RawClient client =
        new RawClient(admin.port())
            .send("GET /events" + query + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.readUntil(":\n\n");
    return client;
  }

  @Test
  void tellsWhatHappenedAndWhatHappens() throws Exception {
    try (RawClient listener = listen("")) {
      SocketClient socket = admin.connect("/chat");
      listener.readUntil("event: CONNECTED");
      socket.close();
      listener.readUntil("event: DISCONNECTED");
      admin.send("POST", "/plugins/chat/hibernate");
      assertThat(listener.readUntil("\"type\":\"HIBERNATED\""))
          .contains(
              "event: STARTED\ndata: {\"at\":\"20",
              "\"pluginId\":\"chat\",\"version\":\"1.0.0\",\"type\":\"STARTED\"")
          .contains(
              "\"type\":\"CONNECTED\",\"id\":\""
                  + socket.id
                  + "\",\"namespace\":\"/chat\",\"address\":\"127.0.0.1\",\"transport\":\"websocket\",\"rooms\":[]}\n\n");
    }
  }

  @Test
  void tellsOnlyWhatIsWanted() throws Exception {
    try (RawClient listener = listen("?type=woken,disconnected&type=DISABLED")) {
      admin.send("POST", "/plugins/chat/hibernate");
      admin.send("POST", "/plugins/chat/wake");
      admin.send("POST", "/plugins/chat/disable");
      assertThat(listener.readUntil("event: DISABLED"))
          .contains("event: WOKEN")
          .doesNotContain("STARTED", "HIBERNATED");
    }
  }

  @Test
  void endsWhenOnlyThePastIsWanted() throws Exception {
    try (RawClient listener = listen("?follow=false")) {
      assertThat(listener.readToEnd()).contains("event: STARTED").doesNotContain("event: stopping");
    }
  }

  @Test
  void refusesTypesThatThereAreNot() throws Exception {
    assertThat(problem(admin.get("/events?type=started,stopped"), 400, "ADMIN_BAD_PARAMETER"))
        .startsWith(
            "Query parameter 'type' has the unknown value 'stopped'; there are COLLECTED, ");
    assertThat(problem(admin.get("/events?follow=maybe"), 400, "ADMIN_BAD_PARAMETER"))
        .isEqualTo("Query parameter 'follow' must be true or false, was 'maybe'");
  }

  @Test
  void hasRoomForSomeListenersOnly() throws Exception {
    RawClient[] listeners = new RawClient[50];
    for (int i = 0; i < listeners.length; i++) {
      listeners[i] = listen("");
    }
    assertThat(problem(admin.get("/events"), 503, "ADMIN_TOO_MANY_STREAMS"))
        .isEqualTo("50 streams of this kind are open already; close one of them");
    for (RawClient listener : listeners) {
      listener.close();
    }
  }
}
