package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Examples of the documentation that are parts of what other tests run. */
class DocsIT {
  @Test
  void theServerOfFromNodeIsTheOneThatHostsAreTestedWith() throws IOException {
    assertThat(Files.readString(Peer.JS.resolve("cluster/server.js")))
        .contains(Docs.examples("from-node.md", "js").getFirst());
  }

  @Test
  void theRedisClientOfEmittersIsTheOneThatEmittersAreTestedWith() throws IOException {
    Path tested = Path.of("src/test/java/io/dormouse/dist/LettuceRedisClient.java");
    assertThat(Docs.examples("emitters.md", "java"))
        .filteredOn(example -> example.startsWith("final class"))
        .singleElement()
        .satisfies(example -> assertThat(Files.readString(tested)).endsWith(example));
  }
}
