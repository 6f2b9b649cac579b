package io.dormouse.dist;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * python-socketio: the scenarios of {@code src/test/python}, each by polling, WebSocket, upgrade.
 */
@ExtendWith(SharedHost.class)
class PythonIT {
  @ParameterizedTest
  @ValueSource(strings = {"test_threaded", "test_asyncio"})
  void everyScenarioHolds(String module, DormouseProcess host) {
    String output =
        Peer.run(
            Peer.PYTHON,
            Map.of("DORMOUSE_URL", host.url(), "PYTHONDONTWRITEBYTECODE", "1"),
            List.of(Peer.python(), "-W", "ignore", "-m", "unittest", "-v", module));
    Peer.assertCounted(output, "^Ran (\\d+) tests");
  }
}
