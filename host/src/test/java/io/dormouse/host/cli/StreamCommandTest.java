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

        data: unfinished""");
    assertThat(host.run("events"))
        .isEqualTo(
            new FakeHost.Outcome(
                0,
                """
                11:59:01.250  REPLACED      chat 1.5.0  before it 1.4.0
                11:59:02.000  connected     abc  /chat  ::1  POLLING
                """,
                ""));
  }

  @Test
  void logsOfOnePlugin() {
    String line =
        "{\"at\":\"2026-03-04T11:59:01.250Z\",\"level\":\"WARN\",\"logger\":\"chat\",\"message\":\"a\\u001b[31m\"}";
    host.on("GET /logs?plugin=a%2Fb&follow=false", 200, SSE, "data: " + line + "\r\n\r\n");
    assertThat(host.run("logs", "--plugin", "a/b").output())
        .isEqualTo("11:59:01.250  WARN   chat  a?[31m\n");
    assertThat(host.run("logs", "--plugin", "a/b", "--json").output()).isEqualTo(line + "\n");
  }

  @Test
  void followingAHostThatEndsFails() {
    host.on("GET /logs?follow=true", 200, SSE, "data: {\"message\":\"Stopping\"}\n\n");
    FakeHost.Outcome outcome = host.run("logs", "-f");
    assertThat(outcome.output()).contains("Stopping");
    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(outcome.errors()).startsWith("The host has ended");
  }

  @Test
  void aRefusedStreamTellsWhy() {
    host.refuses("GET /events?follow=true", 403, "X", "no scope");
    assertThat(host.run("events", "-f").exitCode()).isEqualTo(4);
  }
}
