package io.dormouse.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.admin.AdminRoutes;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class AdminLogsTest {
  private static final Logger LOG = LoggerFactory.getLogger("test.logs");

  private AdminFixture admin;

  @BeforeEach
  void start() {
    admin = new AdminFixture();
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private RawClient follow(String query) throws IOException {
    return new RawClient(admin.port())
        .send("GET /logs" + query + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  @Test
  void showsTheLastLinesThenThoseThatCome() throws IOException {
    LOG.atError().addKeyValue("plugin", "a").addKeyValue("n", 1).log("before {}", "1");
    LOG.atError().setCause(new IllegalStateException("why")).log("of nobody");
    try (RawClient all = follow("");
        RawClient one = follow("?plugin=a")) {
      assertThat(all.readUntil("of nobody"))
          .startsWith("HTTP/1.1 200 ")
          .contains("Content-Type: text/event-stream")
          .contains("event: LINE\ndata: {\"at\":\"20")
          .contains(
              "\"level\":\"ERROR\",\"logger\":\"test.logs\",\"message\":\"before 1\",\"plugin\":\"a\",\"fields\":{\"n\":\"1\"}}");
      assertThat(one.readUntil("before 1")).doesNotContain("of nobody");
      LOG.atError().addKeyValue("plugin", "b").log("after 1");
      LOG.atError().addKeyValue("plugin", "a").log("after 2");
      assertThat(all.readUntil("after 2"))
          .contains("\"thrown\":\"java.lang.IllegalStateException: why")
          .contains("after 1");
      assertThat(one.readUntil("after 2")).doesNotContain("after 1", "of nobody");
    }
  }

  @Test
  void endsWithTheHost() throws IOException {
    try (RawClient client = follow("?plugin=nobody")) {
      client.readUntil(":\n\n");
      admin.bean(AdminRoutes.class).stop();
      assertThat(client.readToEnd())
          .contains("event: stopping\ndata: {\"detail\":\"The host stops\"}\n\n");
    }
  }
}
