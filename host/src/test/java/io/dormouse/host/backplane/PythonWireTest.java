package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dormouse.host.protocol.EventData;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What real Python processes published, and what nobody should. */
class PythonWireTest {
  private static final int MAX = 1 << 20;
  private static final String BIG =
      "{\"i\":2147483648,\"j\":9223372036854775808,\"k\":-1,\"big\":1180591620717411303424,"
          + "\"f\":1.0E300,\"s\":\""
          + "x".repeat(300)
          + "\"}";

  /** By the step's name, or by version and step where versions differ. */
  private static final Map<String, String> READ =
      Map.ofEntries(
          entry("emit-all", "/ all [\"news\",{\"a\":[true,null,1.5,\"é\"]}]"),
          entry("emit-big", "/ all [\"news\"," + BIG + "]"),
          entry("emit-binary", "/ all [\"bin\",<0>] 000102ff"),
          entry("flask emit-binary", "/ all [\"bin\",<0>] 0001ff"),
          entry("emit-binary-nested", "/ all [\"bin\",{\"f\":<0>,\"n\":1}] 7a"),
          entry("emit-bytearray", "/ all [\"bin\",<0>] 0001"),
          entry("emit-int-room", "/ [42] [\"news\",\"hi\"]"),
          entry("emit-list", "/ all [\"news\",[\"a\",2]]"),
          // Its bytes are those that newer ones write for two arguments.
          entry("5.14.3 emit-list", "/ all [\"news\",\"a\",2]"),
          entry("emit-namespace", "/chat all [\"news\",\"hi\"]"),
          entry("emit-none", "/ all [\"news\"]"),
          entry("emit-room", "/ [room1] [\"news\",\"hi\"]"),
          entry("emit-rooms-list", "/ [room1, room2] [\"news\",\"hi\"]"),
          entry("emit-sid", "/ [lD4wTc_O0qf6IFXuAAAB] [\"news\",\"hi\"]"),
          entry("emit-skip-sid", "/ all -[lD4wTc_O0qf6IFXuAAAB] [\"news\",\"hi\"]"),
          entry("emit-skip-sid-list", "/ [room1] -[s1, s2] [\"news\",\"hi\"]"),
          entry("emit-str", "/ all [\"news\",\"hi\"]"),
          entry("channel", "/ all [\"news\",\"hi\"]"),
          entry("emit-to", "/ [room1] [\"news\",\"hi\"]"),
          // This version's own bug: it does not write the room.
          entry("5.7.2 emit-to", "/ all [\"news\",\"hi\"]"),
          entry("emit-tuple", "/ all [\"news\",\"a\",2]"),
          // It has no way to say two arguments.
          entry("5.14.0 emit-tuple", "/ all [\"news\",[\"a\",2]]"),
          entry("close-room", "/ close room1"),
          entry("close-room-ns", "/chat close room1"),
          entry("enter-room", "/ s1 enters room1"),
          entry("leave-room", "/ s1 leaves room1"),
          entry("disconnect", "/ disconnect lD4wTc_O0qf6IFXuAAAB"),
          entry("disconnect-ns", "/chat disconnect lD4wTc_O0qf6IFXuAAAB"),
          entry("can-disconnect", "/ disconnect s1"),
          entry("emit-broadcast", "/ all [\"news\",\"hi\"]"),
          entry("emit-noself", "/ all -[<sid>] [\"news\",\"hi\"]"),
          entry("emit-room-skip", "/ [room1] -[<sid>] [\"news\",\"hi\"]"),
          entry("send", "/ [room1] [\"message\",\"plain\"]"),
          entry("enter", "/ <sid> enters joined"),
          entry("leave", "/ <sid> leaves joined"),
          entry("flask disconnect", "/ disconnect <sid>"),
          entry("callback-local", "/ [<sid>] [\"q\",{\"a\":1}] asks 1"),
          entry("callback-local-1", "/ [<sid>] [\"q\",{\"a\":1}] asks 1"),
          entry("callback-local-2", "/ <sid> answered 1"),
          entry("callback-remote-1", "/ [<sid>] [\"q\",{\"a\":1}] asks 1"),
          entry("callback-remote-2", "/ <sid> answered 1"),
          entry("celery close-room", "/ close user-1"),
          entry("emit", "/ [user-1] [\"done\",{\"job\":7}]"),
          entry("emit-ns-skip", "/chat all -[abc] [\"done\",{\"job\":7}]"),
          entry("celery send", "/ all [\"message\",{\"x\":1}]"));

  private final PythonWire wire = new PythonWire(MAX);

  @ParameterizedTest
  @MethodSource("samples")
  void readsWhatEachVersionWrites(String sample) throws Exception {
    String[] name = sample.replace(".txt", "").split("-", 3);
    String expected =
        Stream.of(name[1] + " " + name[2], name[0] + " " + name[2], name[2])
            .map(READ::get)
            .filter(Objects::nonNull)
            .findFirst()
            .orElseThrow();
    PythonMessage message = wire.read(payload(sample));
    boolean flask = name[0].equals("flask");
    assertThat(
            flask ? text(message).replaceAll("[A-Za-z0-9_-]{16}AAA[AB]", "<sid>") : text(message))
        .isEqualTo(expected);
    if (name[1].equals("5.7.2") && !(message instanceof PythonMessage.Emit)) {
      assertThat(message.hostId()).satisfiesAnyOf(id -> assertThat(id).isNull(), HEX::accept);
    } else {
      HEX.accept(message.hostId());
    }
  }

  private static final java.util.function.Consumer<String> HEX =
      id -> assertThat(id).matches("[0-9a-f]{32}");

  static Stream<String> samples() throws IOException, URISyntaxException {
    URL wire = Objects.requireNonNull(PythonWireTest.class.getResource("wire"));
    try (Stream<Path> files = Files.list(Path.of(wire.toURI()))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("(py|flask|celery)-.*"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @Test
  void hasASampleOfEachVersion() throws Exception {
    assertThat(samples()).hasSizeGreaterThan(80);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // No binary key: one argument, whatever it is.
        "'data':['a',2]                                | ['e',['a',2]]",
        "'data':[null]                                 | ['e',[null]]",
        "'data':null                                   | ['e']",
        "                                              | ['e']",
        "'binary':null,'data':['a']                    | ['e',['a']]",
        // Binary false: a list has the arguments.
        "'binary':false,'data':'a'                     | ['e','a']",
        "'binary':false,'data':[]                      | ['e']",
        "'binary':false,'data':[null]                  | ['e']",
        "'binary':false,'data':[null,1]                | ['e',null,1]",
        "'binary':false,'data':[[]]                    | ['e',[]]",
        "'data':{'a':1},'binary':false                 | ['e',{'a':1}]",
        // Binary true: base64 behind the first element.
        "'binary':true,'data':[{'_placeholder':true,'num':0},'eg==']   | ['e',<0>] 7a",
        "'binary':true,'data':[[1,{'num':0,'_placeholder':true}],'eg=='] | ['e',1,<0>] 7a",
        "'binary':true,'data':[[{'_placeholder':true,'num':1},{'_placeholder':true,'num':0}],"
            + "'eQ==','eg=='] | ['e',<0>,<1>] 7a 79",
        "'binary':true,'data':[[]]                     | ['e']",
        // Last of two equal keys, as Python reads them.
        "'data':1,'data':2                             | ['e',2]",
      })
  void readsDataByTheKeysAroundIt(String keys, String event) throws Exception {
    String json =
        "{'method':'emit','event':'e','namespace':'/','host_id':'h'"
            + (keys == null ? "" : "," + keys)
            + "}";
    assertThat(text(wire.read(quoted(json)))).isEqualTo("/ all " + event.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "                                                        | MALFORMED",
        "hello                                                   | MALFORMED",
        "{'method':'emit'                                        | MALFORMED",
        "{'method':'emit'} x                                     | MALFORMED",
        "{'method':'emit','event':'e','namespace':'/','data':NaN} | MALFORMED",
        "{'method':'emit','event':'e','namespace':'/','data':-Infinity} | MALFORMED",
        "{'method':'emit','event':'e','namespace':'/','data':1e999} | NOT_DATA",
        "[1]                                                     | FIELD",
        "null                                                    | FIELD",
        "{}                                                      | FIELD",
        "{'method':1}                                            | FIELD",
        "{'method':'explode'}                                    | UNKNOWN_TYPE",
        "{'method':'emit','namespace':'/','data':1}              | FIELD",
        "{'method':'emit','event':7,'namespace':'/'}             | FIELD",
        "{'method':'emit','event':'e'}                           | FIELD",
        "{'method':'emit','event':'e','namespace':null}          | FIELD",
        "{'method':'emit','event':'e','namespace':''}            | FIELD",
        "{'method':'emit','event':'e','namespace':'/','room':[]} | FIELD",
        "{'method':'emit','event':'e','namespace':'/','room':{}} | FIELD",
        "{'method':'emit','event':'e','namespace':'/','room':[['a']]} | FIELD",
        "{'method':'emit','event':'e','namespace':'/','room':1.5} | FIELD",
        "{'method':'emit','event':'e','namespace':'/','skip_sid':true} | FIELD",
        "{'method':'emit','event':'e','namespace':'/','host_id':7} | FIELD",
        "{'method':'emit','event':'e','namespace':'/','callback':['s','/']} | FIELD",
        "{'method':'emit','event':'e','namespace':'/','callback':['s','/',{}]} | FIELD",
        "{'method':'emit','event':'connect','namespace':'/'}     | RESERVED_EVENT",
        "{'method':'emit','event':'e','namespace':'/','binary':true,'data':'x'} | FIELD",
        "{'method':'emit','event':'e','namespace':'/','binary':true,'data':[]} | FIELD",
        "{'method':'emit','event':'e','namespace':'/','binary':true,'data':[1,'?']} | FIELD",
        "{'method':'emit','event':'e','namespace':'/','binary':true,'data':[1,2]} | FIELD",
        "{'method':'emit','event':'e','namespace':'/','binary':true,'data':[1,'eg==']}"
            + " | PLACEHOLDER",
        "{'method':'emit','event':'e','namespace':'/','data':{'_placeholder':true,'num':0}}"
            + " | PLACEHOLDER",
        "{'method':'emit','event':'e','namespace':'/','binary':true,"
            + "'data':[{'_placeholder':true,'num':1},'eg==']} | PLACEHOLDER",
        "{'method':'emit','event':'e','namespace':'/','binary':true,'data':"
            + "[[{'_placeholder':true,'num':0},{'_placeholder':true,'num':0}],'eg==']}"
            + " | PLACEHOLDER",
        "{'method':'enter_room','room':'r','namespace':'/'}      | FIELD",
        "{'method':'leave_room','sid':'s','namespace':'/'}       | FIELD",
        "{'method':'disconnect','namespace':'/'}                 | FIELD",
        "{'method':'close_room','room':null,'namespace':'/'}     | FIELD",
        "{'method':'callback','sid':'s','namespace':'/','id':'1','args':[]} | FIELD",
      })
  void refusesJson(String json, RefusalReason reason) {
    assertThat(refusal(quoted(json == null ? "" : json))).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource({
    // An empty stack, an end too early, no such protocol.
    "802e, MALFORMED",
    "80042e, MALFORMED",
    "8004, MALFORMED",
    "80, MALFORMED",
    "80097d2e, MALFORMED",
    // A text, bytes and a bytearray of 2^31 and 2^63 bytes.
    "80045affffff7f, NOT_DATA",
    "800458ffffff7f2e, MALFORMED",
    "800442ffffff7f2e, MALFORMED",
    "800442ffffffff2e, MALFORMED",
    "80048dffffffffffffff7f2e, MALFORMED",
    "80048effffffffffffffff2e, MALFORMED",
    "800596ffffffffffffff002e, MALFORMED",
    // A number that is said to have 2^31 bytes.
    "80048bffffff7f2e, NOT_DATA",
    // os.system('x') in the ways of protocols 0, 2 and 4.
    "8002636f730a73797374656d0a2e, NOT_DATA",
    "80048c026f738c0673797374656d938c01788552 2e, NOT_DATA",
    "8004282e, FIELD",
    // Objects: build, new, extension registry, persistent id, instance.
    "80047d7d622e, NOT_DATA",
    "80047d29812e, NOT_DATA",
    "800482012e, NOT_DATA",
    "80047d512e, NOT_DATA",
    "8005972e, NOT_DATA",
    // A call of what is no class, and of bytearray with a number of bytes.
    "80047d29522e, NOT_DATA",
    "80048c086275696c74696e738c096279746561727261799 34affffff7f85522e, MALFORMED",
    // The class itself, not called.
    "80048c086275696c74696e738c0962797465617272617993 2e, FIELD",
    // A set, a list as a key, a list that contains itself as a key.
    "80048f2e, NOT_DATA",
    "80047d5d4b01732e, NOT_DATA",
    "80047d5d94680061 4b01732e, NOT_DATA",
    // A list where a dictionary belongs, a number without a dictionary.
    "80045d4b014b02732e, MALFORMED",
    "80044b012e, FIELD",
    "80046800 2e, MALFORMED",
  })
  void refusesPickles(String hex, RefusalReason reason) {
    byte[] pickle = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(refusal(pickle)).isEqualTo(reason);
  }

  @Test
  void refusesAListThatContainsItself() {
    assertThat(refusal(emitOf("5d94680061"))).isEqualTo(RefusalReason.LIMIT);
  }

  @Test
  void refusesTuplesThatDoubleWithEachOpcode() {
    assertThat(refusal(emitOf(doubled(40)))).isEqualTo(RefusalReason.TOO_LARGE);
  }

  /** Pairs of pairs: TUPLE2 of the same memo entry, {@code depth} times. */
  private static String doubled(int depth) {
    StringBuilder pickle = new StringBuilder("8c027878" + "9430");
    for (int i = 0; i < depth; i++) {
      pickle.append("68%02x68%02x869430".formatted(i, i));
    }
    return pickle.append("68%02x".formatted(depth)).toString();
  }

  @Test
  void refusesBinaryThatIsReadOnceAndWrittenOften() {
    int size = 1 << 16;
    String bytes = "42" + HexFormat.of().formatHex(new byte[] {0, 0, 1, 0}) + "00".repeat(size);
    String often = "5d28" + bytes + "94" + "6800".repeat(20) + "65";
    assertThat(refusal(emitOf(often))).isEqualTo(RefusalReason.TOO_LARGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":"})
  void refusesDeepJson(String open) {
    String json = "{\"method\":\"emit\",\"event\":\"e\",\"namespace\":\"/\",\"data\":";
    assertThat(refusal((json + open.repeat(100_000)).getBytes(UTF_8)))
        .isEqualTo(RefusalReason.LIMIT);
  }

  @Test
  void refusesManyValues() {
    String json = "{\"method\":\"emit\",\"data\":[" + "0,".repeat(300_000) + "0]}";
    assertThat(refusal(json.getBytes(UTF_8))).isEqualTo(RefusalReason.LIMIT);
    byte[] opcodes = ("\u0080\u0004" + "]".repeat(300_000)).getBytes(ISO_8859_1);
    assertThat(refusal(opcodes)).isEqualTo(RefusalReason.LIMIT);
  }

  @Test
  void refusesLongNumbersAndKeys() {
    assertThat(refusal(("{\"n\":" + "9".repeat(2_000) + "}").getBytes(UTF_8)))
        .isEqualTo(RefusalReason.LIMIT);
    assertThat(refusal(("{\"" + "k".repeat(100_000) + "\":1}").getBytes(UTF_8)))
        .isEqualTo(RefusalReason.LIMIT);
  }

  @Test
  void halfASurrogatePairStaysAsItIs() throws Exception {
    PythonMessage message =
        wire.read(
            quoted("{'method':'emit','event':'e','namespace':'/','data':'" + "\\" + "ud800'}"));
    assertThat(text(message)).isEqualToIgnoringCase("/ all [\"e\",\"\\ud800\"]");
  }

  @Test
  void refusesWhatIsTooLarge() {
    assertThat(refusal(new byte[MAX + 1])).isEqualTo(RefusalReason.TOO_LARGE);
  }

  @Test
  void refusesOtherEncodingsThanUtf8() {
    String json = "{\"method\":\"disconnect\",\"sid\":\"s\",\"namespace\":\"/\"}";
    assertThat(refusal(json.getBytes(java.nio.charset.StandardCharsets.UTF_16LE)))
        .isEqualTo(RefusalReason.MALFORMED);
    assertThat(refusal(json.replace("s\"", "\u00e9\"").getBytes(ISO_8859_1)))
        .isEqualTo(RefusalReason.MALFORMED);
  }

  @Test
  void readsOrRefusesEachSampleWithBytesChanged() throws Exception {
    Random random = new Random(5);
    int refused = 0;
    for (String sample : samples().toList()) {
      byte[] payload = payload(sample);
      for (int round = 0; round < 300; round++) {
        byte[] changed = payload.clone();
        for (int i = 0; i <= random.nextInt(4); i++) {
          changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        try {
          wire.read(changed);
        } catch (MessageRefused expected) {
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(1_000);
  }

  @Test
  void neverRepeatsThePayload() {
    MessageRefused refused =
        catchThrowableOfType(
            MessageRefused.class,
            () -> wire.read(quoted("{'method':'secret','namespace':'/','token':'secret'}")));
    assertThat(refused).hasMessageNotContaining("secret");
  }

  private RefusalReason refusal(byte[] payload) {
    MessageRefused refused = catchThrowableOfType(MessageRefused.class, () -> wire.read(payload));
    assertThat(refused).as("the message was read").isNotNull();
    return refused.reason();
  }

  /** A pickled emit with this value as its data. */
  private static byte[] emitOf(String value) {
    String hex =
        "80047d28"
            + pickled("method")
            + pickled("emit")
            + pickled("event")
            + pickled("e")
            + pickled("namespace")
            + pickled("/")
            + pickled("data")
            + value
            + "752e";
    return HexFormat.of().parseHex(hex);
  }

  private static String pickled(String text) {
    return "8c%02x".formatted(text.length()) + HexFormat.of().formatHex(text.getBytes(UTF_8));
  }

  private static byte[] payload(String sample) throws IOException, URISyntaxException {
    URL file = Objects.requireNonNull(PythonWireTest.class.getResource("wire/" + sample));
    return HexFormat.of().parseHex(Files.readAllLines(Path.of(file.toURI())).get(2));
  }

  private static byte[] quoted(String json) {
    return json.replace('\'', '"').getBytes(UTF_8);
  }

  static String text(PythonMessage message) {
    String what =
        switch (message) {
          case PythonMessage.Emit emit ->
              (emit.rooms() == null ? "all" : sorted(emit.rooms()))
                  + (emit.skipped().isEmpty() ? "" : " -" + sorted(emit.skipped()))
                  + " "
                  + text(emit.event())
                  + (emit.callback() == null ? "" : " asks " + emit.callback().id());
          case PythonMessage.Callback callback -> callback.sid() + " answered " + callback.id();
          case PythonMessage.Disconnect disconnect -> "disconnect " + disconnect.sid();
          case PythonMessage.CloseRoom close -> "close " + close.room();
          case PythonMessage.EnterRoom enter -> enter.sid() + " enters " + enter.room();
          case PythonMessage.LeaveRoom leave -> leave.sid() + " leaves " + leave.room();
        };
    return message.namespace() + " " + what;
  }

  private static String sorted(Iterable<String> names) {
    TreeSet<String> sorted = new TreeSet<>();
    names.forEach(sorted::add);
    return sorted.toString();
  }

  private static String text(EventData event) {
    StringBuilder text =
        new StringBuilder(
            new String(event.json(), UTF_8)
                .replaceAll("\\{\"_placeholder\":true,\"num\":(\\d+)}", "<$1>"));
    List<byte[]> attachments = event.attachments();
    attachments.forEach(bytes -> text.append(' ').append(HexFormat.of().formatHex(bytes)));
    return text.toString();
  }
}
