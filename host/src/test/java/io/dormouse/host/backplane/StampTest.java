package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.protocol.EventData;
import java.util.List;
import org.junit.jupiter.api.Test;

class StampTest {
  private static final EventData NEWS = new EventData("[\"news\",1]".getBytes(UTF_8), List.of());
  private static final String UID = new Stamp("k3v9abcdefgh", 17).text();

  @Test
  void isReadFromWhateverAHostPublishes() {
    Stamp stamp = new Stamp("k3v9abcdefgh", 17);
    assertThat(UID).isEqualTo("dm-k3v9abcdefgh-17");
    for (Body body :
        List.of(
            NodeWriter.broadcast("/", NEWS, Options.EVERYONE, Marks.NONE),
            NodeWriter.broadcast("/", NEWS, Options.EVERYONE, Marks.of("receipt", 7)),
            NodeWriter.fetchRequest("id", Options.EVERYONE),
            NodeWriter.ackRequest("/", "id", NEWS, Options.EVERYONE),
            NodeWriter.ackResponse("id", NEWS),
            NodeWriter.countResponse("id", 1, 2))) {
      assertThat(Stamp.of(body.apply(UID))).isEqualTo(stamp);
    }
  }

  @Test
  void isNotSeenInWhatOthersPublish() {
    for (String text : List.of("", "{", "{\"uid\":\"emitter\",\"type\":6}", "{\"uid\":\"dm-\"}")) {
      assertThat(Stamp.of(text.getBytes(UTF_8))).isNull();
    }
    assertThat(
            Stamp.of(NodeWriter.broadcast("/", NEWS, Options.EVERYONE, Marks.NONE).apply("Heul1J")))
        .isNull();
    assertThat(Stamp.of("{\"uid\":\"dm-a-0\"}".getBytes(UTF_8))).isNull();
    assertThat(Stamp.of("{\"uid\":\"dm-a-99999999999999999999\"}".getBytes(UTF_8))).isNull();
  }
}
