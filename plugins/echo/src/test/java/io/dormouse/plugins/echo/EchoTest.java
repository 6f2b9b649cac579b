package io.dormouse.plugins.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.test.TestClient;
import io.dormouse.test.TestHost;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EchoTest {
  @Test
  void everyoneHearsTheEcho() {
    try (TestHost host = TestHost.of(Echo::new)) {
      TestClient ada = host.connect("/"), bob = host.connect("/");
      ada.emit("message", "hi");
      assertThat(bob.next("response")).isEqualTo(Map.of("echo", "hi"));
      host.replace(Echo::new);
      host.hibernate();
      ada.emit("message", "again");
      assertThat(bob.next("response")).isEqualTo(Map.of("echo", "again"));
    }
  }

  @Test
  void echoesWhateverItIs() {
    try (TestHost host = TestHost.of(Echo::new)) {
      TestClient ada = host.connect("/");
      Map<String, Object> data =
          Map.of("list", List.of(1, "two", true), "bytes", new byte[] {1, 2});

      ada.emit("message", data);
      ada.emit("message");

      assertThat(ada.next("response")).usingRecursiveComparison().isEqualTo(Map.of("echo", data));
      assertThat(ada.next("response")).asString().isEqualTo("{echo=null}");
    }
  }
}
