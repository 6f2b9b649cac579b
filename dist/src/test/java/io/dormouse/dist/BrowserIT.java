package io.dormouse.dist;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The pages of the plugins that ship, in two tabs of a real browser: what is typed in one appears
 * in the other. Screenshots stay under {@code target/screenshots}.
 */
class BrowserIT {
  @Test
  void whatIsTypedInOneTabAppearsInTheOther() {
    String chromium = Peer.chromium();
    String node = Peer.node();
    try (DormouseProcess host =
        DormouseProcess.start(0, DormouseProcess.home().resolve("plugins"), "")) {
      String _ =
          Peer.run(
              Peer.JS,
              Map.of(
                  "DORMOUSE_URL",
                  host.url(),
                  "CHROMIUM",
                  chromium,
                  "SCREENSHOTS",
                  Path.of("target/screenshots").toAbsolutePath().toString()),
              List.of(node, "browser.js"));
    }
  }
}
