package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dormouse.host.protocol.EventData;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeReaderTest {
  private final NodeReader reader = new NodeReader();

  private static String text(EventData data) {
    return new String(data.json(), UTF_8);
  }

  @Test
  void readsABroadcastWithBinaryAndAllOptions() throws MessageRefused {
    EventData event =
        new EventData(
            "[\"news\",{\"a\":[1,-2,1.5,null,true,{\"_placeholder\":true,\"num\":0}]}]"
                .getBytes(UTF_8),
            List.of(new byte[] {0, (byte) 0xff}));
    Options options = new Options(Set.of("a"), Set.of("b"), true, false, Duration.ofSeconds(1));
    Marks marks = new Marks("r1", 1L << 40, "d1", true);
    NodeMessage.Broadcast read =
        reader.broadcast(NodeWriter.broadcast("/chat", event, options, marks).apply("dm-x-1"));
    assertThat(read.uid()).isEqualTo("dm-x-1");
    assertThat(read.namespace()).isEqualTo("/chat");
    assertThat(read.options()).isEqualTo(options);
    assertThat(read.marks()).isEqualTo(marks);
    assertThat(text(read.event())).isEqualTo(text(event));
    assertThat(read.event().attachments().getFirst()).containsExactly(0, 0xff);
  }

  @Test
  void readsWhatTheHostAsksAndAnswers() throws MessageRefused {
    EventData event = new EventData("[\"q\",1]".getBytes(UTF_8), List.of());
    Options one = Options.to(Set.of("a"), Set.of());
    assertThat(reader.request("/", NodeWriter.join(one, List.of("b", "c")).apply("u")))
        .isEqualTo(new NodeMessage.Join("/", "u", one, List.of("b", "c"), null));
    assertThat(reader.request("/", NodeWriter.leave(one, List.of("b")).apply("u")))
        .isEqualTo(new NodeMessage.Leave("/", "u", one, List.of("b"), null));
    assertThat(reader.request("/", NodeWriter.disconnect(one, true).apply("u")))
        .isEqualTo(new NodeMessage.Disconnect("/", "u", one, true, null));
    assertThat(reader.request("/", NodeWriter.fetchRequest("id", one).apply("u")))
        .isEqualTo(new NodeMessage.FetchRequest("/", "u", "id", one));
    NodeMessage.AckRequest asked =
        (NodeMessage.AckRequest)
            reader.request("/", NodeWriter.ackRequest("/", "id", event, one).apply("u"));
    assertThat(text(asked.event())).isEqualTo("[\"q\",1]");
    assertThat(asked.options()).isEqualTo(one);
    assertThat(reader.response(NodeWriter.countResponse("id", 3, 2).apply("u")))
        .isEqualTo(new NodeMessage.CountResponse("id", 3, 2));
    assertThat(reader.response(NodeWriter.receipt("id", 3, 2).apply("u")))
        .isEqualTo(new NodeMessage.ReceiptResponse("id", 3, 2));
    EventData two = new EventData("[1,\"x\"]".getBytes(UTF_8), List.of());
    NodeMessage.AckResponse answer =
        (NodeMessage.AckResponse) reader.response(NodeWriter.ackResponse("id", two).apply("u"));
    assertThat(text(answer.arguments())).isEqualTo("[1,\"x\"]");
  }

  @Test
  void readsWhatNodesEmitterSays() throws MessageRefused {
    byte[] join =
        "{\"type\":2,\"opts\":{\"rooms\":[\"a\"],\"except\":[]},\"rooms\":[\"b\"]}".getBytes(UTF_8);
    assertThat(reader.request("/", join))
        .isEqualTo(
            new NodeMessage.Join("/", null, Options.to(Set.of("a"), Set.of()), List.of("b"), null));
  }

  /** Each is refused, and none costs memory, time or the stack. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "7b",
        "7b7d",
        "c1",
        "93",
        "93a165",
        "93a165c0",
        "dd7fffffff",
        "df7fffffff",
        "93a165 c67fffffff",
        "93a165db7fffffff",
        "93a16583a474797065",
        "c97fffffff01"
      })
  void refusesWhatIsNoMessage(String hex) {
    byte[] payload = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThatThrownBy(() -> reader.broadcast(payload)).isInstanceOf(MessageRefused.class);
    assertThatThrownBy(() -> reader.request("/", payload)).isInstanceOf(MessageRefused.class);
    assertThatThrownBy(() -> reader.response(payload)).isInstanceOf(MessageRefused.class);
  }

  @Test
  void letsNoTextThroughThatIsNoUtf8() throws MessageRefused {
    String json = "{\"type\":3,\"opts\":{\"rooms\":[],\"except\":[]},\"rooms\":[\"%s\"]}";
    byte[] broken = json.formatted("\u00e9").getBytes(ISO_8859_1);
    assertThatThrownBy(() -> reader.request("/", broken)).isInstanceOf(MessageRefused.class);
    byte[] msgpack = HexFormat.of().parseHex("93a16582a47479706502a46461746191a1ff80");
    assertThat(text(reader.broadcast(msgpack).event())).isEqualTo("[\"\ufffd\"]");
  }

  @Test
  void refusesWhatNestsWithoutEnd() {
    byte[] deep = new byte[200_000];
    java.util.Arrays.fill(deep, (byte) 0x91);
    assertThatThrownBy(() -> reader.broadcast(deep)).isInstanceOf(MessageRefused.class);
    byte[] json = "{\"a\":".repeat(50_000).getBytes(UTF_8);
    assertThatThrownBy(() -> reader.request("/", json)).isInstanceOf(MessageRefused.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":5,\"requestId\":\"x\"}",
        "{\"type\":99}",
        "{\"type\":6,\"data\":[]}",
        "{\"type\":6,\"data\":[{\"_placeholder\":true,\"num\":0}]}",
        "{\"type\":6,\"data\":{}}",
        "{\"type\":2,\"opts\":[],\"rooms\":[\"a\"]}",
        "{\"type\":\"x\"}"
      })
  void refusesRequestsOfTheWrongForm(String json) {
    assertThatThrownBy(() -> reader.request("/", json.getBytes(UTF_8)))
        .isInstanceOf(MessageRefused.class);
  }
}
