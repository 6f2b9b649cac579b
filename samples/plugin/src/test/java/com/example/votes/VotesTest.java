package com.example.votes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dormouse.test.TestClient;
import io.dormouse.test.TestHost;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VotesTest {
  @Test
  void everyoneSeesEachVote() {
    try (TestHost host = TestHost.of(Votes::new)) {
      TestClient ada = host.connect("/votes");
      TestClient bob = host.connect("/votes");
      assertEquals(Map.of("tea", 0, "coffee", 0, "cocoa", 0), bob.next("counts"));

      assertEquals(1, ada.emitWithAck("vote", "cocoa"));

      assertEquals(Map.of("tea", 0, "coffee", 0, "cocoa", 1), bob.next("counts"));
    }
  }

  @Test
  void refusesADrinkThatIsNotThere() {
    try (TestHost host = TestHost.of(Votes::new)) {
      TestClient ada = host.connect("/votes");

      assertEquals(
          Map.of("error", Map.of("code", "unknown_drink", "message", "There is tea, coffee, cocoa.")),
          ada.emitWithAck("vote", "wine"));
    }
  }
}
