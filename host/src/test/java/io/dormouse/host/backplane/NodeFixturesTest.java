package io.dormouse.host.backplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages that real Node servers and emitters have published. */
class NodeFixturesTest {
  private final NodeReader reader = new NodeReader();

  static Stream<Path> captured() throws IOException {
    Path folder = Path.of("src/test/resources/io/dormouse/host/backplane/wire");
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(f -> f.getFileName().toString().startsWith("node-")).sorted().toList();
    }
    assertThat(files).hasSizeGreaterThan(50);
    return files.stream();
  }

  @ParameterizedTest
  @MethodSource("captured")
  void isRead(Path file) throws MessageRefused {
    List<String> lines = lines(file);
    String channel = lines.get(1).split(" ", 2)[1];
    byte[] payload = HexFormat.of().parseHex(lines.get(2).strip());
    Channels channels = new Channels(channel.substring(0, channel.indexOf('#')).split("-", 2)[0]);
    if (channels.isRequest(channel)) {
      String namespace = channels.requestNamespace(channel);
      assertThat(namespace).startsWith("/");
      NodeMessage.Request request = reader.request(String.valueOf(namespace), payload);
      assertThat(request.getClass().getSimpleName()).isEqualTo(expected(file));
    } else if (channels.isResponse(channel)) {
      assertThat(reader.response(payload).requestId()).hasSize(6);
    } else {
      NodeMessage.Broadcast broadcast = reader.broadcast(payload);
      assertThat(channel).startsWith(channels.broadcast(broadcast.namespace()));
      assertThat(broadcast.event().name()).isNotEmpty();
    }
  }

  private static String expected(Path file) {
    String name = file.getFileName().toString();
    return name.contains("socketsJoin")
        ? "Join"
        : name.contains("socketsLeave")
            ? "Leave"
            : name.contains("disconnectSockets")
                ? "Disconnect"
                : name.contains("fetchSockets")
                    ? "FetchRequest"
                    : name.contains("allRooms")
                        ? "RoomsRequest"
                        : name.contains("serverSideEmit") ? "ServerSideEmit" : "AckRequest";
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
