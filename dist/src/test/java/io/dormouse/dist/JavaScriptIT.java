package io.dormouse.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The official JavaScript client: the scenarios of {@code src/test/js/scenarios}. */
@ExtendWith(SharedHost.class)
class JavaScriptIT {
  @ParameterizedTest
  @ValueSource(strings = {"polling", "websocket", "upgrade"})
  void everyScenarioHolds(String transport, DormouseProcess host) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(Peer.node(), "--test", "--test-reporter=tap"));
    try (Stream<Path> scenarios = Files.list(Peer.JS.resolve("scenarios"))) {
      scenarios.sorted().map(path -> "scenarios/" + path.getFileName()).forEach(command::add);
    }
    String output =
        Peer.run(
            Peer.JS, Map.of("DORMOUSE_URL", host.url(), "DORMOUSE_TRANSPORT", transport), command);
    Peer.assertCounted(output, "^# pass (\\d+)$");
  }
}
