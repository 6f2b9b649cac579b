package io.dormouse.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamCommandTest {
  private static final String SSE = "text/event-stream";

  private final FakeHost host = new FakeHost();

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void eventsAreALineEach() {
    host.on(
        "GET /events?follow=false",
        200,
        SSE,
        """
        : hello

        event: REPLACED
        data: {"at":"2026-03-04T11:59:01.250Z","pluginId":"chat","version":"1.5.0",
        data: "type":"REPLACED","detail":"before it 1.4.0"}

        event: connected
        data: {"at":"2026-03-04T11:59:02Z","id":"abc","namespace":"/chat","address":"::1","transport":"POLLING"}

        data: {"detail":"without a type"}

        data: unfinished""");
    assertThat(host.run("events"))
        .isEqualTo(
            new FakeHost.Outcome(
                0,
                """
                11:59:01.250  REPLACED      chat 1.5.0  before it 1.4.0
                11:59:02.000  connected     abc  /chat  ::1  POLLING
                message       without a type
                """,
                ""));
  }

  @Test
  void logsOfOnePlugin() {
    String line =
        "{'at':'2026-03-04T11:59:01.250Z','level':'WARN','logger':'io.dormouse.Run','plugin':'chat',"
            .concat(
                "'message':'a\\u001b[31m\\nb','fields':{'event':'say it'},'thrown':'X: y\\n\\tat z\\n'}")
            .replace('\'', '"');
    host.on("GET /logs?plugin=a%2Fb&follow=false", 200, SSE, "data: " + line + "\r\n\r\n");
    assertThat(host.run("logs", "--plugin", "a/b").output())
        .isEqualTo("11:59:01.250  WARN   Run  a?[31m b plugin=chat event=say it\nX: y\n\tat z\n");
    assertThat(host.run("logs", "--plugin", "a/b", "--json").output()).isEqualTo(line + "\n");
  }

  @Test
  void followingAHostThatEndsFails() {
    String last = "data: {\"message\":\"Stopping\"}\n\n";
    host.on("GET /logs", 200, SSE, last);
    FakeHost.Outcome brokenOff = host.run("logs", "-f");
    assertThat(brokenOff.output()).contains("Stopping");
    assertThat(brokenOff.exitCode()).isEqualTo(3);
    assertThat(brokenOff.errors()).startsWith("The host has broken off");

    host.on("GET /logs", 200, SSE, last + "event: stopping\ndata: {\"detail\":\"x\"}\n\n");
    FakeHost.Outcome stopping = host.run("logs", "-f", "--json");
    assertThat(stopping.exitCode()).isEqualTo(3);
    assertThat(stopping.output().lines()).hasSize(1);
    assertThat(stopping.errors()).startsWith("The host stops");
  }

  @Test
  void aListenerThatWasTooSlowHearsOfIt() {
    host.on("GET /events", 200, SSE, "event: dropped\ndata: {\"detail\":\"too slow\"}\n\n");
    assertThat(host.run("events", "-f"))
        .isEqualTo(new FakeHost.Outcome(1, "", "too slow [REFUSED]\n"));
  }

  @Test
  void aRefusedStreamTellsWhy() {
    host.refuses("GET /events", 403, "X", "no scope");
    assertThat(host.run("events", "-f").exitCode()).isEqualTo(4);
  }
}
