package io.dormouse.host;

import static io.dormouse.host.AdminFixture.json;
import static io.dormouse.host.AdminFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminSocketsTest {
  private static final String JSON = "application/json";

  private final List<SocketClient> clients = new ArrayList<>();
  private AdminFixture admin;

  @BeforeEach
  void start() {
    admin = new AdminFixture();
    admin.start(
        "chat",
        "1.0.0",
        context -> {
          context.namespace("/chat").on("join", String.class, (socket, room) -> socket.join(room));
          context.namespace("/other");
        });
  }

  @AfterEach
  void stop() {
    clients.forEach(SocketClient::close);
    admin.close();
  }

  private SocketClient join(String namespace, String... rooms) {
    SocketClient client = admin.connect(namespace);
    clients.add(client);
    for (String room : rooms) {
      client.send("42" + namespace + ",1[\"join\",\"" + room + "\"]");
      assertThat(client.next()).isEqualTo("43" + namespace + ",1[]");
    }
    return client;
  }

  private Set<String> ids(String path) throws Exception {
    Set<String> ids = new TreeSet<>();
    json(admin.get(path)).path("sockets").forEach(socket -> ids.add(socket.path("id").asText()));
    return ids;
  }

  @Test
  void showsNamespaces() throws Exception {
    join("/chat", "red");
    assertThat(admin.get("/namespaces").body())
        .isEqualTo(
            "{\"namespaces\":[{\"name\":\"/chat\",\"pluginId\":\"chat\",\"sockets\":1,\"rooms\":1},"
                + "{\"name\":\"/other\",\"pluginId\":\"chat\",\"sockets\":0,\"rooms\":0}]}");
  }

  @Test
  void showsSockets() throws Exception {
    SocketClient client = join("/chat", "red");
    JsonNode answer = json(admin.get("/sockets"));
    assertThat(answer.has("next")).isFalse();
    JsonNode socket = answer.path("sockets").get(0);
    assertThat(socket.path("id").asText()).isEqualTo(client.id);
    assertThat(socket.path("namespace").asText()).isEqualTo("/chat");
    assertThat(socket.path("address").asText()).isEqualTo("127.0.0.1");
    assertThat(socket.path("transport").asText()).isEqualTo("websocket");
    assertThat(Instant.parse(socket.path("connected").asText())).isBeforeOrEqualTo(Instant.now());
    assertThat(socket.path("rooms").toString()).isEqualTo("[\"red\"]");
    assertThat(socket).hasSize(6);
  }

  @Test
  void choosesAmongSockets() throws Exception {
    String red = join("/chat", "red").id;
    String both = join("/chat", "red", "blue").id;
    String other = join("/other").id;
    assertThat(ids("/sockets")).containsExactlyInAnyOrder(red, both, other);
    assertThat(ids("/sockets?namespace=/chat&room=red")).containsExactlyInAnyOrder(red, both);
    assertThat(ids("/sockets?room=blue")).containsExactly(both);
    assertThat(ids("/sockets?namespace=/other")).containsExactly(other);
    assertThat(ids("/sockets?namespace=/nowhere")).isEmpty();
    assertThat(ids("/sockets?address=127.0.0.1")).hasSize(3);
    assertThat(ids("/sockets?address=10.0.0.1")).isEmpty();
  }

  @Test
  void showsAPageAtATime() throws Exception {
    Set<String> all = new TreeSet<>();
    for (int i = 0; i < 5; i++) {
      all.add(join("/other").id);
    }
    List<String> seen = new ArrayList<>();
    String after = "";
    int pages = 0;
    do {
      JsonNode page = json(admin.get("/sockets?limit=2" + after));
      page.path("sockets").forEach(socket -> seen.add(socket.path("id").asText()));
      after = page.has("next") ? "&after=" + page.path("next").asText() : "";
      pages++;
    } while (!after.isEmpty());
    assertThat(pages).isEqualTo(3);
    assertThat(seen).containsExactlyElementsOf(all);
    assertThat(json(admin.get("/sockets?limit=5")).has("next")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0", "1001", "x", "-1", "''"})
  void refusesPagesOfNoSize(String limit) throws Exception {
    assertThat(problem(admin.get("/sockets?limit=" + limit), 400, "ADMIN_BAD_PARAMETER"))
        .isEqualTo("Query parameter 'limit' must be between 1 and 1000, was '" + limit + "'");
  }

  @Test
  void disconnectsASocket() throws Exception {
    SocketClient client = join("/chat");
    assertThat(admin.send("DELETE", "/sockets/" + client.id).statusCode()).isEqualTo(204);
    assertThat(client.next()).isEqualTo("41/chat,");
    assertThat(problem(admin.send("DELETE", "/sockets/" + client.id), 404, "ADMIN_UNKNOWN_SOCKET"))
        .contains(client.id);
  }

  @Test
  void emitsToChosenRooms() throws Exception {
    SocketClient red = join("/chat", "red");
    SocketClient blue = join("/chat", "blue");
    HttpResponse<String> all =
        admin.post(
            "/emit",
            JSON,
            "{\"namespace\":\"/chat\",\"event\":\"news\",\"args\":[\"hä\",1,2.50,null,{\"a\":[true]}]}");
    assertThat(all.body()).isEqualTo("{\"hosts\":1,\"sockets\":2}");
    String packet = "42/chat,[\"news\",\"hä\",1,2.50,null,{\"a\":[true]}]";
    assertThat(red.next()).isEqualTo(packet);
    assertThat(blue.next()).isEqualTo(packet);
    HttpResponse<String> some =
        admin.post(
            "/emit",
            JSON + "; charset=utf-8",
            "{\"namespace\":\"/chat\",\"event\":\"e\",\"rooms\":[\"red\",\"blue\"],\"except\":[\"blue\"]}");
    assertThat(some.body()).isEqualTo("{\"hosts\":1,\"sockets\":1}");
    assertThat(red.next()).isEqualTo("42/chat,[\"e\"]");
    HttpResponse<String> none =
        admin.post(
            "/emit",
            "application/x-www-form-urlencoded", // as curl says when it is not told
            "{\"namespace\":\"/nowhere\",\"event\":\"e\",\"args\":[]}");
    assertThat(none.body()).isEqualTo("{\"hosts\":1,\"sockets\":0}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'namespace':'/chat','event':'e','arg':[]} | The body has the unknown key 'arg'; there are args, event, except, namespace, rooms",
        "{'namespace':'/chat'} | The body must have a namespace, which begins with a slash, and an event",
        "{'namespace':'chat','event':'e'} | The body must have a namespace, which begins with a slash, and an event",
        "{'namespace':'/chat','event':5} | The body's value at 'event' does not fit",
        "{'namespace':'/chat','event':'e','args':'x'} | The body's value at 'args' does not fit",
        "{'namespace':'/chat','event':'e','rooms':[1]} | The body's value at 'rooms.[]' does not fit",
        "{'namespace':'/chat','event':'e','rooms':[null]} | The body's value at 'rooms.[]' is null; it must be text",
        "{'namespace':'/chat','event':'e','event':'f'} | The body is not JSON: line 1, column 41",
        "{'namespace':'/chat','event':'e'} x | The body is not JSON: line 1, column 35",
        "null | The body is null; it must be an object",
        "{'namespace':'/chat','event':'disconnect'} | The event 'disconnect' cannot be emitted, since Socket.IO keeps that name for itself."
      })
  void refusesBodiesByWhatIsWrong(String body, String detail) throws Exception {
    HttpResponse<String> response = admin.post("/emit", JSON, body.replace('\'', '"'));
    assertThat(problem(response, 400, "ADMIN_BAD_BODY")).isEqualTo(detail);
  }

  @Test
  void refusesOtherBodies() throws Exception {
    problem(admin.post("/emit", "text/plain", "{}"), 415, "ADMIN_WRONG_MEDIA_TYPE");
    problem(
        admin.send(admin.request("POST", "/emit").header("Content-Type", JSON)),
        400,
        "ADMIN_BAD_BODY");
    String large = "[\"" + "x".repeat(1_000_000) + "\"]";
    problem(admin.post("/emit", JSON, large), 413, "ADMIN_TOO_LARGE");
  }

  @Test
  void refusesAChunkedBodyWhereItBecomesTooLarge() throws Exception {
    try (RawClient client = new RawClient(admin.port())) {
      client.send(
          "POST /emit HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n");
      String chunk = "10000\r\n" + " ".repeat(65_536) + "\r\n";
      for (int i = 0; i < 16; i++) {
        client.send(chunk);
      }
      assertThat(client.readToEnd())
          .startsWith("HTTP/1.1 413 ")
          .contains("\"code\":\"ADMIN_TOO_LARGE\"");
    }
  }
}
