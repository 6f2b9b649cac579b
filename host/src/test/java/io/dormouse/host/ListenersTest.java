package io.dormouse.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dormouse.host.admin.AdminSettings;
import io.helidon.webserver.http.DirectHandlers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ListenersTest {
  @Test
  void opensBothOnPortsThatAreFree() throws IOException {
    Listeners listeners = listeners("127.0.0.1", 0, new AdminSettings(true, 0, "127.0.0.1"));
    listeners.check();
    listeners.start();
    try {
      assertThat(listeners.port()).isPositive().isNotEqualTo(listeners.adminPort());
      assertThat(get(listeners.port())).endsWith("public");
      assertThat(get(listeners.adminPort())).endsWith("admin");
    } finally {
      listeners.stop();
    }
  }

  @Test
  void opensNoAdminListenerWhenThereIsToBeNone() {
    Listeners listeners = listeners("127.0.0.1", 0, new AdminSettings(false, 0, "127.0.0.1"));
    listeners.start();
    try {
      assertThat(listeners.adminPort()).isEqualTo(-1);
    } finally {
      listeners.stop();
    }
  }

  @Test
  void saysWhatToDoWhenAPortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      Listeners publicTaken =
          listeners("127.0.0.1", port, new AdminSettings(false, 0, "127.0.0.1"));
      String message =
          "Cannot listen on 127.0.0.1 port %d: Address already in use; choose another port by %s;"
              + " 0 takes a free one. [BIND_FAILED]";
      assertThatThrownBy(publicTaken::check)
          .isInstanceOf(CannotStart.class)
          .hasMessage(message.formatted(port, "--port or dormouse.server.port"));
      assertThatThrownBy(publicTaken::start)
          .isInstanceOf(CannotStart.class)
          .hasMessage(message.formatted(port, "--port or dormouse.server.port"));
      Listeners adminTaken = listeners("127.0.0.1", 0, new AdminSettings(true, port, "127.0.0.1"));
      assertThatThrownBy(adminTaken::start)
          .hasMessage(message.formatted(port, "--admin-port or dormouse.admin.port"));
      assertThat(adminTaken.port()).isEqualTo(-1);
      publicTaken.stop();
      adminTaken.stop();
    }
  }

  @Test
  void saysWhatToDoWhenTheAddressIsNotOurs() {
    AdminSettings none = new AdminSettings(false, 0, "127.0.0.1");
    assertThatThrownBy(listeners("192.0.2.1", 0, none)::check)
        .hasMessage(
            "Cannot listen on 192.0.2.1 port 0: Cannot assign requested address; set"
                + " dormouse.server.bind to an address of this machine, or to 0.0.0.0 for all."
                + " [BIND_FAILED]");
    assertThatThrownBy(listeners("no such host", 0, none)::check)
        .hasMessage(
            "'no such host' is no address; set dormouse.server.bind to one of this machine, or to"
                + " 0.0.0.0 for all. [BIND_FAILED]");
  }

  @Test
  void answersAFailedHandlerWith500() throws IOException {
    Listeners listeners = listeners("127.0.0.1", 0, new AdminSettings(true, 0, "127.0.0.1"));
    listeners.start();
    try (RawClient client = new RawClient(listeners.port())) {
      client.send("GET /fails HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.readUntil("public")).startsWith("HTTP/1.1 500 ").doesNotContain("secret");
    } finally {
      listeners.stop();
    }
  }

  private static Listeners listeners(String bind, int port, AdminSettings admin) {
    return new Listeners(
        new ServerSettings(port, bind, List.of(), Duration.ofSeconds(10), Duration.ofSeconds(10)),
        new TlsSettings(null, null, null, null),
        new Listeners.Public(
            routing ->
                routing
                    .get("/", (_, response) -> response.send("public"))
                    .get(
                        "/fails",
                        (_, _) -> {
                          throw new IllegalStateException("secret");
                        }),
            Map.of(),
            UnaryOperator.identity(),
            1000),
        new Listeners.Admin(
            admin,
            routing -> routing.get("/", (_, response) -> response.send("admin")),
            DirectHandlers.create(),
            1000));
  }

  private static String get(int port) throws IOException {
    try (RawClient client = new RawClient(port)) {
      return client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").readToEnd();
    }
  }
}
