package io.dormouse.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.api.Namespace;
import io.dormouse.api.Payload;
import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;
import io.dormouse.test.TestClient;
import io.dormouse.test.TestHost;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EchoExample {
  // @start region="plugin"
  /** Whatever one client says, everyone hears. */
  public static final class Echo implements Plugin { // @replace regex="static " replacement=""
    @Override
    public void start(PluginContext context) {
      Namespace root = context.namespace("/");
      root.on(
          "message", Payload.class, (socket, data) -> root.emit("response", Map.of("echo", data)));
    }
  }

  // @end

  @Test
  void whateverOneClientSaysEveryoneHears() {
    try (TestHost host = TestHost.of(Echo::new)) {
      TestClient ada = host.connect("/");
      TestClient bob = host.connect("/");
      ada.emit("message", Map.of("text", "hi"));
      assertThat(ada.next("response")).isEqualTo(Map.of("echo", Map.of("text", "hi")));
      assertThat(bob.next("response")).isEqualTo(Map.of("echo", Map.of("text", "hi")));
    }
  }
}
