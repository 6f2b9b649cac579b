package io.dormouse.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dormouse.api.ConnectionRefused;
import io.dormouse.api.Namespace;
import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;
import io.dormouse.examples.EchoExample.Echo;
import io.dormouse.test.TestClient;
import io.dormouse.test.TestHost;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TestHostExample {
  // @start region="test-host"
  @Test
  void everyoneHearsTheEcho() {
    try (TestHost host = TestHost.of(Echo::new)) {
      TestClient ada = host.connect("/"), bob = host.connect("/");
      ada.emit("message", "hi");
      assertThat(bob.next("response")).isEqualTo(Map.of("echo", "hi"));
      host.replace(Echo::new); // the same tests run across a replacement and a sleep
      host.hibernate();
      ada.emit("message", "again");
      assertThat(bob.next("response")).isEqualTo(Map.of("echo", "again"));
    }
  }

  // @end

  /** Asks everyone what a client asks. */
  static final class Survey implements Plugin {
    @Override
    public void start(PluginContext context) {
      Namespace survey = context.namespace("/survey");
      survey.onConnect(
          (socket, handshake) -> {
            if (handshake.auth().text("name") == null) {
              throw new ConnectionRefused("Who are you?", Map.of("field", "name"));
            }
          });
      survey.onWithAck(
          "ask",
          String.class,
          (socket, question) -> {
            var replies = survey.emitWithAck(Integer.class, "question", question);
            survey.emit("asked", question, replies.values().size());
            return replies.values().stream().mapToInt(Integer::intValue).sum();
          });
    }
  }

  @Test
  void aSurveySumsUp() {
    // @start region="test-client"
    try (TestHost host = TestHost.of(Survey::new)) {
      TestClient ada = host.connect("/survey", Map.of("name", "Ada")); // with an auth
      TestClient bob = host.connect("/survey", Map.of("name", "Bob"));
      ada.answer("question", arguments -> 3); // acks each of these events
      bob.answer("question", arguments -> 4);
      assertThat(ada.emitWithAck("ask", "How many?")).isEqualTo(7);
      assertThat(bob.nextArguments("asked")).isEqualTo(List.of("How many?", 2));
      assertThat(bob.pending("asked")).isZero();
      bob.close(); // as when the network fails
    }
    // @end
  }

  @Test
  void aSurveyRefusesTheNameless() {
    // @start region="refused"
    try (TestHost host = TestHost.of(Survey::new)) {
      assertThatThrownBy(() -> host.connect("/survey"))
          .isInstanceOfSatisfying(
              TestClient.Refused.class,
              refused -> assertThat(refused.data()).isEqualTo(Map.of("field", "name")))
          .hasMessage("Who are you?");
    }
    // @end
  }
}
