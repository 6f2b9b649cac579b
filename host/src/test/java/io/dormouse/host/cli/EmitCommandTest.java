package io.dormouse.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmitCommandTest {
  private final FakeHost host = new FakeHost().on("POST /emit", "{'hosts':3,'sockets':2}");

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void sendsEachWordAsAnArgument() {
    FakeHost.Outcome outcome =
        host.run(
            "emit",
            "/chat",
            "line",
            "\"hi\"",
            "{\"a\": [1.0, null]}",
            "-1",
            "--to",
            "a",
            "--to",
            "b",
            "--except",
            "c");
    assertThat(outcome)
        .isEqualTo(new FakeHost.Outcome(0, "Sent 'line' to 2 sockets of 3 hosts\n", ""));
    assertThat(host.request(0).text())
        .isEqualTo(
            "{\"namespace\":\"/chat\",\"event\":\"line\",\"args\":[\"hi\",{\"a\": [1.0, null]},-1],"
                + "\"rooms\":[\"a\",\"b\"],\"except\":[\"c\"]}");
    assertThat(host.request(0).header("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void mayHaveNoArguments() {
    host.on("POST /emit", "{'hosts':1,'sockets':1}");
    assertThat(host.run("emit", "/", "tick").output()).isEqualTo("Sent 'tick' to 1 socket\n");
    assertThat(host.request(0).text()).contains("\"args\":[]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "{a:1}", "1 2", "", "[1", "--too"})
  void refusesAWordThatIsNotJson(String word) {
    FakeHost.Outcome outcome = host.run("emit", "/", "line", word);
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.errors())
        .startsWith("'%s' is not JSON".formatted(word))
        .contains("'\"%s\"'".formatted(word));
    assertThat(host.requests).isEmpty();
  }
}
