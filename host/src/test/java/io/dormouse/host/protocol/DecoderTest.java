package io.dormouse.host.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecoderTest {
  private final Decoder decoder = new Decoder(DecoderLimits.defaults());

  /** Sentences and examples of protocol v5, then what clients are known to send. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          0                                | CONNECT /
          0/admin,                         | CONNECT /admin
          0/admin                          | CONNECT /admin
          0/admin,{"token":"123"}          | CONNECT /admin {"token":"123"}
          0{"token":"123"}                 | CONNECT / {"token":"123"}
          0{}                              | CONNECT / {}
          0{"a":{"b":[1]}}                 | CONNECT / {"a":{"b":[1]}}
          0/admin?x=1&y=2,{"token":"123"}  | CONNECT /admin {"token":"123"}
          0/a?x=?,                         | CONNECT /a
          0/täglich,                       | CONNECT /täglich
          1                                | DISCONNECT /
          1/admin,                         | DISCONNECT /admin
          1/admin                          | DISCONNECT /admin
          2["foo"]                         | EVENT / foo -1
          2/admin,["bar"]                  | EVENT /admin bar -1
          2/admin?token=1,["bar"]          | EVENT /admin bar -1
          212["foo"]                       | EVENT / foo 12
          2/admin,13["foo"]                | EVENT /admin foo 13
          20["foo"]                        | EVENT / foo 0
          2007["foo"]                      | EVENT / foo 7
          2999999999999999["foo"]          | EVENT / foo 999999999999999
          2["hey","Jude"]                  | EVENT / hey -1 "Jude"
          2["a",1,-2.5e3,true,false,null]  | EVENT / a -1 1 -2.5e3 true false null
          2["a",{"b":[1,{}]},[],""]        | EVENT / a -1 {"b":[1,{}]} [] ""
          2["a" , 1 , {"b" : 2} , "x" ]    | EVENT / a -1 1 {"b" : 2} "x"
          2["a",",",",,",[","],"]"]        | EVENT / a -1 "," ",," [","] "]"
          2["a","\\"","\\\\","\\u00e9"]    | EVENT / a -1 "\\"" "\\\\" "\\u00e9"
          2["täglich","日本🐭"]             | EVENT / täglich -1 "日本🐭"
          2["\\u0074ag"]                   | EVENT / tag -1
          2["a","\\ud83d"]                 | EVENT / a -1 "\\ud83d"
          2["a","\\udc2d\\ud83d"]          | EVENT / a -1 "\\udc2d\\ud83d"
          2["a",{"__proto__":1,"__proto__":2}] | EVENT / a -1 {"__proto__":1,"__proto__":2}
          2["a",{"num":0}]                 | EVENT / a -1 {"num":0}
          2["a",{"_placeholder":false,"num":0}] | EVENT / a -1 {"_placeholder":false,"num":0}
          2["a","_placeholder"]            | EVENT / a -1 "_placeholder"
          2["message"]                     | EVENT / message -1
          2["Connect"]                     | EVENT / Connect -1
          2[""]                            | EVENT /  -1
          2[1,"x"]                         | EVENT / 1 -1 "x"
          2[-1.5]                          | EVENT / -1.5 -1
          312[]                            | ACK / 12
          3/admin,13["bar"]                | ACK /admin 13 "bar"
          30["connect",{}]                 | ACK / 0 "connect" {}
          """)
  void readsPacketsWithoutBinary(String wire, String packet) {
    assertThat(describe(text(wire))).isEqualTo(packet);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          51-["baz",{"_placeholder":true,"num":0}]        | EVENT / baz -1 {"_placeholder":true,"num":0} + 1
          52-/admin,["baz",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}] | EVENT /admin baz -1 {"_placeholder":true,"num":0} {"_placeholder":true,"num":1} + 1 2
          51-/admin,14["a",{"_placeholder":true,"num":0}] | EVENT /admin a 14 {"_placeholder":true,"num":0} + 1
          51-["a",{"b":[{"c":{"_placeholder":true,"num":0}}]},2] | EVENT / a -1 {"b":[{"c":{"_placeholder":true,"num":0}}]} 2 + 1
          51-["a",{"num":0,"_placeholder":true}]          | EVENT / a -1 {"num":0,"_placeholder":true} + 1
          51-["a",{"\\u005fplaceholder":true,"n\\u0075m":0}] | EVENT / a -1 {"\\u005fplaceholder":true,"n\\u0075m":0} + 1
          52-["a",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}] | EVENT / a -1 {"_placeholder":true,"num":1} {"_placeholder":true,"num":0} + 1 2
          501-["a", { "_placeholder" : true , "num" : 0 } ] | EVENT / a -1 { "_placeholder" : true , "num" : 0 } + 1
          61-15["bar",{"_placeholder":true,"num":0}]      | ACK / 15 "bar" {"_placeholder":true,"num":0} + 1
          61-/admin,1[{"_placeholder":true,"num":0}]      | ACK /admin 1 {"_placeholder":true,"num":0} + 1
          """)
  void waitsForAllAttachments(String wire, String packet) {
    assertThat(text(wire)).isNull();
    int count = packet.endsWith("+ 1 2") ? 2 : 1;
    for (int i = 1; i < count; i++) {
      assertThat(decoder.binary(new byte[i])).isNull();
    }
    assertThat(describe(decoder.binary(new byte[count]))).isEqualTo(packet);
    assertThat(describe(text("2[\"next\"]"))).isEqualTo("EVENT / next -1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                    | PROTOCOL_TYPE           | is empty
          7                     | PROTOCOL_TYPE           | '7'
          4{"message":"x"}      | PROTOCOL_TYPE           | '4'
          x["a"]                | PROTOCOL_TYPE           | 'x'
          ["a"]                 | PROTOCOL_TYPE           | '['
          é                     | PROTOCOL_TYPE           | byte 195
          22                    | PROTOCOL_DATA           | absent
          2                     | PROTOCOL_DATA           | absent
          2/admin,              | PROTOCOL_DATA           | absent
          2/admin               | PROTOCOL_DATA           | absent
          2/admin["a"]          | PROTOCOL_DATA           | absent
          2[]                   | PROTOCOL_DATA           | empty
          2[null]               | PROTOCOL_DATA           | null
          2[true]               | PROTOCOL_DATA           | a boolean
          2[{}]                 | PROTOCOL_DATA           | an object
          2[["a"]]              | PROTOCOL_DATA           | an array
          2{}                   | PROTOCOL_DATA           | byte 123
          2"a"                  | PROTOCOL_DATA           | byte 34
          2 ["a"]               | PROTOCOL_DATA           | byte 32
          21.5["a"]             | PROTOCOL_DATA           | byte 46
          2-1["a"]              | PROTOCOL_DATA           | byte 45
          2["connect"]          | PROTOCOL_RESERVED_EVENT | 'connect'
          2["connect_error",1]  | PROTOCOL_RESERVED_EVENT | 'connect_error'
          2["disconnect"]       | PROTOCOL_RESERVED_EVENT | 'disconnect'
          2["disconnecting"]    | PROTOCOL_RESERVED_EVENT | 'disconnecting'
          2["newListener"]      | PROTOCOL_RESERVED_EVENT | 'newListener'
          2["removeListener"]   | PROTOCOL_RESERVED_EVENT | 'removeListener'
          2["\\u0063onnect"]    | PROTOCOL_RESERVED_EVENT | 'connect'
          21234567890123456["a"] | PROTOCOL_ACK_ID        | 15 digits
          3["a"]                | PROTOCOL_ACK_ID         | no id
          3/admin,[]            | PROTOCOL_ACK_ID         | no id
          312                   | PROTOCOL_DATA           | absent
          312{}                 | PROTOCOL_DATA           | byte 123
          312null               | PROTOCOL_DATA           | byte 110
          0[]                   | PROTOCOL_DATA           | byte 91
          0"token"              | PROTOCOL_DATA           | byte 34
          0null                 | PROTOCOL_DATA           | byte 110
          05{}                  | PROTOCOL_ACK_ID         | ack id 5
          1{}                   | PROTOCOL_DATA           | 2 bytes
          1/admin,["a"]         | PROTOCOL_DATA           | 5 bytes
          15                    | PROTOCOL_ACK_ID         | ack id 5
          0/a\tb,               | PROTOCOL_NAMESPACE      | control character 9
          0/a\177b,             | PROTOCOL_NAMESPACE      | control character 127
          2["a"                 | PROTOCOL_JSON           | byte
          2["a                  | PROTOCOL_JSON           | byte
          2[                    | PROTOCOL_JSON           | byte
          2["a",]               | PROTOCOL_JSON           | byte
          2["a",,1]             | PROTOCOL_JSON           | byte
          2["a" 1]              | PROTOCOL_JSON           | byte
          2["a"]]               | PROTOCOL_JSON           | byte
          2["a"]["b"]           | PROTOCOL_JSON           | after its end, at byte 5
          2["a"]x               | PROTOCOL_JSON           | byte
          2["a","b]             | PROTOCOL_JSON           | at byte
          2["a",'b']            | PROTOCOL_JSON           | byte
          2["a",NaN]            | PROTOCOL_JSON           | byte
          2["a",undefined]      | PROTOCOL_JSON           | byte
          2["a",01]             | PROTOCOL_JSON           | byte
          2["a",+1]             | PROTOCOL_JSON           | byte
          2["a",.5]             | PROTOCOL_JSON           | byte
          2["a",1.]             | PROTOCOL_JSON           | byte
          2["a",{b:1}]          | PROTOCOL_JSON           | byte
          2["a",{"b"}]          | PROTOCOL_JSON           | byte
          2["a",{"b":1]         | PROTOCOL_JSON           | byte
          2["a",{"b":1}}        | PROTOCOL_JSON           | byte
          2["a","\\x"]          | PROTOCOL_JSON           | byte
          2["a","\\u12"]        | PROTOCOL_JSON           | byte
          2["a",/**/1]          | PROTOCOL_JSON           | byte
          2["a","\t"]           | PROTOCOL_JSON           | byte
          0{"a":1}{}            | PROTOCOL_JSON           | after its end
          0{"a":1               | PROTOCOL_JSON           | byte
          5["a"]                | PROTOCOL_ATTACHMENTS    | absent
          5-["a"]               | PROTOCOL_ATTACHMENTS    | absent
          51["a"]               | PROTOCOL_ATTACHMENTS    | is 1; it must be at least 1 and end with '-'
          51                    | PROTOCOL_ATTACHMENTS    | is 1
          50-["a"]              | PROTOCOL_ATTACHMENTS    | is 0
          5-1-["a"]             | PROTOCOL_ATTACHMENTS    | absent
          5/admin,["a"]         | PROTOCOL_ATTACHMENTS    | absent
          511-["a"]             | PROTOCOL_ATTACHMENTS    | at most 10
          599999999999999999999-["a"] | PROTOCOL_ATTACHMENTS | at most 10
          51e1-["a"]            | PROTOCOL_ATTACHMENTS    | is 1
          51-                   | PROTOCOL_DATA           | absent
          61-[]                 | PROTOCOL_ACK_ID         | no id
          51-["a"]              | PROTOCOL_PLACEHOLDER    | 1 attachments, but placeholders for 0
          52-["a",{"_placeholder":true,"num":0}]  | PROTOCOL_PLACEHOLDER | 2 attachments, but placeholders for 1
          51-["a",{"_placeholder":true,"num":1}]  | PROTOCOL_PLACEHOLDER | attachment 1
          51-["a",{"_placeholder":true,"num":-1}] | PROTOCOL_PLACEHOLDER | attachment -1
          51-["a",{"_placeholder":true,"num":0.5}] | PROTOCOL_PLACEHOLDER | attachment -1
          51-["a",{"_placeholder":true,"num":"0"}] | PROTOCOL_PLACEHOLDER | attachment -1
          51-["a",{"_placeholder":true,"num":4294967296}] | PROTOCOL_PLACEHOLDER | attachment
          51-["a",{"_placeholder":true,"num":99999999999999999999999}] | PROTOCOL_PLACEHOLDER | attachment
          51-["a",{"_placeholder":true}]          | PROTOCOL_PLACEHOLDER | 1 fields
          51-["a",{"_placeholder":true,"num":0,"x":1}] | PROTOCOL_PLACEHOLDER | 3 fields
          51-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}] | PROTOCOL_PLACEHOLDER | named once
          51-[{"_placeholder":true,"num":0}]      | PROTOCOL_DATA        | an object
          2["a",{"_placeholder":true,"num":0}]    | PROTOCOL_PLACEHOLDER | 0 attachments
          2["a",{"\\u005fplaceholder":true,"num":0}] | PROTOCOL_PLACEHOLDER | 0 attachments
          0{"a":{"_placeholder":true,"num":0}}    | PROTOCOL_PLACEHOLDER | 0 attachments
          """)
  void refusesWhatIsNoPacket(String wire, ProtocolErrorCode code, String seen) {
    assertRefused(wire.getBytes(UTF_8), code, seen);
  }

  @ParameterizedTest
  @CsvSource({
    "C080, a longer form",
    "E08080, a longer form",
    "F0808080, a longer form",
    "F5808080, past the last first byte",
    "EDA080, a surrogate",
    "F4908080, past the last character",
    "80, a lone continuation",
    "C3, a cut character",
    "FF, never used"
  })
  void refusesWhatIsNoUtf8(String hex, String what) {
    byte[] invalid = java.util.HexFormat.of().parseHex(hex);
    assertRefused(joined("2[\"a\",\"", invalid, "\"]"), ProtocolErrorCode.PROTOCOL_UTF8, "UTF-8");
    assertRefused(joined("0/", invalid, ","), ProtocolErrorCode.PROTOCOL_UTF8, "UTF-8");
  }

  @Test
  void refusesUtf16() {
    byte[] utf16 = "[\"a\"]".getBytes(java.nio.charset.StandardCharsets.UTF_16LE);
    assertRefused(joined("2", utf16, ""), ProtocolErrorCode.PROTOCOL_JSON, "byte 1");
    assertRefused(
        joined("2", new byte[] {'[', 0, 0, 0}, ""), ProtocolErrorCode.PROTOCOL_JSON, "byte 1");
  }

  @Test
  void limitsNesting() {
    assertThat(text("2[\"a\"," + "[".repeat(63) + "]".repeat(63) + "]")).isNotNull();
    assertThat(text("2[\"a\"" + ",[],{}".repeat(100) + "]")).isNotNull();
    for (String open : List.of("[", "{\"a\":")) {
      String bomb = "2[\"a\"," + open.repeat(100_000);
      assertRefused(bomb.getBytes(UTF_8), ProtocolErrorCode.PROTOCOL_LIMIT, "nesting");
    }
    assertRefused(
        ("2[\"a\"," + "[".repeat(64) + "]".repeat(64) + "]").getBytes(UTF_8),
        ProtocolErrorCode.PROTOCOL_LIMIT,
        "nesting");
  }

  @Test
  void limitsNumbersAndKeys() {
    assertThat(text("2[\"a\"," + "1".repeat(1_000) + "]")).isNotNull();
    assertThat(text("2[\"a\",{\"" + "k".repeat(1_000) + "\":1}]")).isNotNull();
    for (String wire :
        List.of(
            "2[\"a\"," + "1".repeat(1_001) + "]",
            "2[\"a\",0." + "1".repeat(1_001) + "]",
            "2[\"a\",{\"" + "k".repeat(1_001) + "\":1}]")) {
      assertRefused(wire.getBytes(UTF_8), ProtocolErrorCode.PROTOCOL_LIMIT, "length");
    }
  }

  @Test
  void limitsNamespaces() {
    assertThat(text("0/" + "n".repeat(254) + ",")).isNotNull();
    assertRefused(
        ("0/" + "n".repeat(255)).getBytes(UTF_8),
        ProtocolErrorCode.PROTOCOL_NAMESPACE,
        "255 bytes");
    assertRefused(
        ("0/a?" + "n".repeat(255)).getBytes(UTF_8), ProtocolErrorCode.PROTOCOL_NAMESPACE, "255");
  }

  @Test
  void refusesTextWhileAttachmentsAreAwaited() {
    text("52-[\"a\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]");
    decoder.binary(new byte[1]);
    assertThatThrownBy(() -> text("2[\"a\"]"))
        .hasMessage("Text came while 1 attachments were awaited [PROTOCOL_UNEXPECTED_TEXT]");
  }

  @Test
  void refusesBinaryThatNobodyAwaits() {
    assertThatThrownBy(() -> decoder.binary(new byte[3]))
        .hasMessage(
            "Binary of 3 bytes came while no attachment was awaited [PROTOCOL_UNEXPECTED_BINARY]");
    text("51-[\"a\",{\"_placeholder\":true,\"num\":0}]");
    decoder.binary(new byte[1]);
    assertThatThrownBy(() -> decoder.binary(new byte[1])).isInstanceOf(MalformedPacket.class);
  }

  @Test
  void readsAPartOfABufferAndKeepsNothingOfIt() {
    byte[] buffer = "4xx42/chat,[\"say\",\"hello\"]zz".getBytes(UTF_8);
    Packet packet = decoder.text(buffer, 4, buffer.length - 6);
    java.util.Arrays.fill(buffer, (byte) 0);
    assertThat(describe(packet)).isEqualTo("EVENT /chat say -1 \"hello\"");
  }

  @Test
  void refusalsNeverCarryThePayload() {
    for (String wire :
        List.of(
            "2[\"a\",secret]",
            "2[\"a\",\"secret\\x\"]",
            "2[\"a\",{\"secret\":}]",
            "2[\"secret\"")) {
      MalformedPacket refusal = catchThrowableOfType(MalformedPacket.class, () -> text(wire));
      assertThat(refusal.getMessage()).doesNotContain("secret");
      assertThat(refusal.getCause()).isNull();
    }
  }

  private Packet text(String wire) {
    byte[] bytes = wire.getBytes(UTF_8);
    return decoder.text(bytes, 0, bytes.length);
  }

  private static void assertRefused(byte[] wire, ProtocolErrorCode code, String seen) {
    Decoder decoder = new Decoder(DecoderLimits.defaults());
    MalformedPacket refusal =
        catchThrowableOfType(MalformedPacket.class, () -> decoder.text(wire, 0, wire.length));
    assertThat(refusal).isNotNull();
    assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(code);
    assertThat(refusal.getMessage()).contains(seen).endsWith("[" + code + "]");
  }

  private static byte[] joined(String before, byte[] middle, String after) {
    var out = new java.io.ByteArrayOutputStream();
    out.writeBytes(before.getBytes(UTF_8));
    out.writeBytes(middle);
    out.writeBytes(after.getBytes(UTF_8));
    return out.toByteArray();
  }

  /** Type, namespace, event, id, the arguments' JSON, and the lengths of the attachments. */
  private static String describe(Packet packet) {
    return switch (packet) {
      case Packet.Connect connect ->
          "CONNECT "
              + connect.namespace()
              + (connect.auth() == null ? "" : describe(connect.auth()));
      case Packet.Disconnect disconnect -> "DISCONNECT " + disconnect.namespace();
      case Packet.Event event ->
          "EVENT "
              + event.namespace()
              + " "
              + event.name()
              + " "
              + event.id()
              + describe(event.arguments());
      case Packet.Ack ack -> "ACK " + ack.namespace() + " " + ack.id() + describe(ack.arguments());
    };
  }

  private static String describe(RawArguments arguments) {
    StringBuilder text = new StringBuilder();
    IntStream.range(0, arguments.size())
        .forEach(
            i ->
                text.append(' ')
                    .append(
                        new String(
                            arguments.json,
                            arguments.start(i),
                            arguments.end(i) - arguments.start(i),
                            UTF_8)));
    if (!arguments.attachments.isEmpty()) {
      text.append(" +");
      arguments.attachments.forEach(attachment -> text.append(' ').append(attachment.length));
    }
    return text.toString();
  }
}
