package io.dormouse.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SocketsCommandTest {
  private static final String SOCKET =
      "{'id':'%s','namespace':'/chat','address':'127.0.0.1','transport':'WEBSOCKET',"
          + "'connected':'2026-03-04T11:59:30Z','rooms':['%s','lobby']}";

  private final FakeHost host = new FakeHost();

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void asksForPageAfterPage() {
    host.on("GET /sockets?limit=1000", page("aaaaaaaa", "c/1"));
    host.on("GET /sockets?limit=1000&after=c%2F1", page("b", "2"));
    host.on(
        "GET /sockets?limit=1000&after=2",
        "{'sockets':[" + SOCKET.formatted("cc", "r") + "],'next':null}");
    assertThat(host.run("sockets").output())
        .isEqualTo(
            """
            SOCKET    NAMESPACE  ADDRESS    TRANSPORT  CONNECTED  ROOMS
            aaaaaaaa  /chat      127.0.0.1  websocket  30s        r lobby
            b         /chat      127.0.0.1  websocket  30s        r lobby
            cc        /chat      127.0.0.1  websocket  30s        r lobby
            """);
    assertThat(host.run("sockets", "--json").output().lines()).hasSize(3);
  }

  private static String page(String id, String next) {
    return "{'sockets':[" + SOCKET.formatted(id, "r") + "],'next':'" + next + "'}";
  }

  @Test
  void filters() {
    String request = "GET /sockets?limit=1000&namespace=%2Fchat&room=a%20%26b";
    host.on(request, page("a", "5"));
    host.on(request + "&after=5", "{'sockets':[]}");
    assertThat(host.run("sockets", "--namespace", "/chat", "--room", "a &b").exitCode()).isZero();
    assertThat(host.requestLines()).containsExactly(request, request + "&after=5");
  }

  @Test
  void aRoomsNameDoesNotSteerTheTerminal() {
    host.on(
        "GET /sockets?limit=1000",
        "{'sockets':[" + SOCKET.formatted("a", "x\\u001b[2J\\u202ey\\nz") + "],'next':null}");
    assertThat(host.run("sockets").output()).contains("x?[2J?y z lobby");
  }

  @Test
  void disconnects() {
    host.on("DELETE /sockets/a%2Bb", 204, "application/json", "");
    assertThat(host.run("disconnect", "a+b").output()).isEqualTo("a+b is disconnected\n");
    host.refuses("DELETE /sockets/c", 404, "UNKNOWN_SOCKET", "no socket 'c'");
    assertThat(host.run("disconnect", "c").exitCode()).isEqualTo(1);
  }

  @Test
  void listsNamespaces() {
    host.on(
        "GET /namespaces",
        "{'namespaces':[{'name':'/chat','pluginId':'chat','sockets':3,'rooms':4}]}");
    assertThat(host.run("namespaces").output())
        .isEqualTo(
            """
            NAMESPACE  PLUGIN  SOCKETS  ROOMS
            /chat      chat    3        4
            """);
  }
}
