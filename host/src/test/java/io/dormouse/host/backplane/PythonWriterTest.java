package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.namespace.Target;
import io.dormouse.host.protocol.EventData;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What redis-wire's table says each version of python-socketio takes. */
class PythonWriterTest {
  private static final String HOLE = "{'_placeholder':true,'num':0}";
  private static final PlainLimits LIMITS = PlainLimits.of(1 << 20);

  private final PythonWriter current = new PythonWriter("dormouse-a", false);
  private final PythonWriter old = new PythonWriter("dormouse-a", true);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "['e']                | 'data':null",
        "['e',null]           | 'data':null",
        "['e','ü']            | 'data':'ü'",
        "['e',{'a':[1]}]      | 'data':{'a':[1]}",
        "['e',1,2]            | 'data':[1,2],'binary':false",
        "['e',[1,2]]          | 'data':[[1,2]],'binary':false",
        "['e',[]]             | 'data':[[]],'binary':false",
        "['e',<0>]            | 'data':[<0>,'eg=='],'binary':true",
        "['e',{'f':<0>}]      | 'data':[{'f':<0>},'eg=='],'binary':true",
        "['e',[<0>]]          | 'data':[[[<0>]],'eg=='],'binary':true",
        "['e',1,<0>]          | 'data':[[1,<0>],'eg=='],'binary':true",
      })
  void writesJsonWhoseDataEachVersionTakes(String event, String data) {
    assertThat(new String(current.emit("/", Target.EVERYONE, event(event)), UTF_8))
        .isEqualTo(
            quoted(
                "{'method':'emit','event':'e',"
                    + data
                    + ",'namespace':'/','room':null,'skip_sid':null,'callback':null,"
                    + "'host_id':'dormouse-a'}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "['e',1,'ü']            | ['e',1,'ü']",
        "['e',[1,2]]            | ['e',[1,2]]",
        "['e',<0>]              | ['e',<0>]",
        "['e',{'f':<0>},2.5]    | ['e',{'f':<0>},2.5]",
        "['e',[true,false,null,-1,2147483648,-99999999999999999999]]"
            + " | ['e',[true,false,null,-1,2147483648,-99999999999999999999]]",
      })
  void writesPicklesThatReadBack(String event, String expected) throws Exception {
    byte[] pickle = old.emit("/chat", new Target(Set.of("r"), Set.of("s")), event(event));
    assertThat(pickle[0]).isEqualTo((byte) 0x80);
    String attachments = event.contains("<0>") ? " 7a" : "";
    assertThat(PythonWireTest.text(new PythonWire(1 << 20).read(pickle)))
        .isEqualTo("/chat [r] -[s] " + quoted(expected).replace(quoted(HOLE), "<0>") + attachments);
  }

  @Test
  void writesJsonForOldServersWhereTheyTakeIt() {
    assertThat(old.emit("/", Target.EVERYONE, event("['e',{'a':1}]")))
        .isEqualTo(current.emit("/", Target.EVERYONE, event("['e',{'a':1}]")));
  }

  @Test
  void writesOneRoomAsTextAndSeveralAsAList() {
    Target target = new Target(Set.of("r"), Set.of("s"));
    assertThat(new String(current.emit("/chat", target, event("['e']")), UTF_8))
        .contains(quoted("'namespace':'/chat','room':'r','skip_sid':'s'"));
    target = new Target(Set.of("r", "q"), Set.of("s", "t"));
    assertThat(new String(current.emit("/", target, event("['e']")), UTF_8))
        .containsPattern(
            "\"room\":\\[\"(r\",\"q|q\",\"r)\"],\"skip_sid\":\\[\"(s\",\"t|t\",\"s)\"]");
  }

  @Test
  void answersInJsonAndWithBinaryInAPickle() throws Exception {
    var callback = new PythonMessage.Callback("0123", "sid", "/", 7);
    assertThat(new String(current.answer(callback, event("['a',{'b':2}]")), UTF_8))
        .isEqualTo(
            quoted(
                "{'method':'callback','host_id':'0123','sid':'sid','namespace':'/','id':7,"
                    + "'args':['a',{'b':2}]}"));
    byte[] pickle = current.answer(callback, event("[<0>]"));
    Map<?, ?> message = (Map<?, ?>) PlainPickle.read(pickle, LIMITS);
    assertThat((Object[]) message.get("args")).containsExactly(new byte[] {0x7a});
    assertThat(new PythonWire(1_000).read(pickle)).isEqualTo(callback);
  }

  @Test
  void writesWhateverAPluginMayEmit() throws Exception {
    String key = "k".repeat(20_000);
    String number = "9".repeat(2_000);
    EventData event = event("['e',{'" + key + "':" + number + "},'_placeholder']");
    assertThat(new String(current.emit("/", Target.EVERYONE, event), UTF_8)).contains(number, key);
    assertThat(old.emit("/", Target.EVERYONE, event)).hasSizeGreaterThan(20_000);
  }

  private static EventData event(String json) {
    List<byte[]> attachments =
        json.contains("<0>") ? List.of(HexFormat.of().parseHex("7a")) : List.of();
    return new EventData(quoted(json).getBytes(UTF_8), attachments);
  }

  private static String quoted(String json) {
    return json.replace("<0>", HOLE).replace('\'', '"');
  }
}
