package io.dormouse.host.hook;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/hooks.md says is so; its receivers accept what a host sends, and nothing else. */
class HooksDocumentTest {
  private static final String PYTHON =
      """
      import base64, json, sys
      from verify import verify
      call = json.load(sys.stdin)
      print(verify(call["headers"], base64.b64decode(call["body"]), call["secret"]))
      """;
  private static final String NODE =
      """
      import { readFileSync } from "node:fs";
      import { verify } from "./verify.mjs";
      const call = JSON.parse(readFileSync(0, "utf8"));
      console.log(verify(call.headers, Buffer.from(call.body, "base64"), call.secret));
      """;

  @TempDir private Path folder;

  private final String document = read();

  private static String read() {
    try {
      return Files.readString(Path.of("../docs/hooks.md"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String code(String language) {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(document);
    assertThat(block.find()).as(language).isTrue();
    return block.group(1);
  }

  @Test
  void theReceiverInPythonChecksSignatures() throws Exception {
    Files.writeString(folder.resolve("verify.py"), code("python"));
    Files.writeString(folder.resolve("main.py"), PYTHON);
    check("python3", "main.py");
  }

  @Test
  void theReceiverInNodeChecksSignatures() throws Exception {
    Files.writeString(folder.resolve("verify.mjs"), code("js"));
    Files.writeString(folder.resolve("main.mjs"), NODE);
    check("node", "main.mjs");
  }

  private void check(String... command) throws Exception {
    LoggedRequest call;
    try (HookFixture fixture = new HookFixture()) {
      fixture.server.stubFor(any(anyUrl()).willReturn(status(200)));
      fixture
          .hook("ops", "secrets", List.of(HookFixture.OTHER_SECRET, HookFixture.SECRET))
          .tell(HookEvent.Type.PLUGIN_REPLACED, "plugins/chat", "grün");
      call = fixture.calls("ops", 1).getFirst();
    }
    String id = call.getHeader("webhook-id");
    String time = call.getHeader("webhook-timestamp");
    String body = call.getBodyAsString();
    String early = Long.toString(Long.parseLong(time) - 3_600);
    String signature = call.getHeader("webhook-signature");
    assertThat(run(command, id, time, signature, body, HookFixture.SECRET)).isEqualTo("true");
    assertThat(run(command, id, time, signature, body, HookFixture.OTHER_SECRET)).isEqualTo("true");
    assertThat(run(command, id, time, signature, body + " ", HookFixture.SECRET))
        .isEqualTo("false");
    assertThat(run(command, id + "x", time, signature, body, HookFixture.SECRET))
        .isEqualTo("false");
    assertThat(run(command, id, early, signature, body, HookFixture.SECRET)).isEqualTo("false");
    assertThat(run(command, id, time, "v1,AAAA v2,x", body, HookFixture.SECRET)).isEqualTo("false");
  }

  private String run(
      String[] command, String id, String time, String signature, String body, String secret)
      throws Exception {
    Process process = new ProcessBuilder(command).directory(folder.toFile()).start();
    try (var in = process.getOutputStream()) {
      new ObjectMapper()
          .writeValue(
              in,
              Map.of(
                  "headers",
                  Map.of(
                      "webhook-id", id, "webhook-timestamp", time, "webhook-signature", signature),
                  "body",
                  Base64.getEncoder().encodeToString(body.getBytes(UTF_8)),
                  "secret",
                  secret));
    }
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    String errors = new String(process.getErrorStream().readAllBytes(), UTF_8);
    assertThat(errors).isEmpty();
    return output.strip().toLowerCase(Locale.ROOT);
  }

  @Test
  void hasAllEventsAndAllCodes() {
    assertThat(column("`([a-z]+\\.[a-z-]+)`"))
        .containsExactlyElementsOf(
            Arrays.stream(HookEvent.Type.values()).map(HookEvent.Type::toString).toList());
    assertThat(column("`(HOOK_[A-Z_]+)`"))
        .containsExactlyElementsOf(
            Arrays.stream(HookErrorCode.values()).map(HookErrorCode::name).toList());
  }

  /** What stands in the first column of a table. */
  private List<String> column(String pattern) {
    List<String> found = new ArrayList<>();
    Matcher row = Pattern.compile("^\\| " + pattern + " \\|", Pattern.MULTILINE).matcher(document);
    while (row.find()) {
      found.add(row.group(1));
    }
    return found;
  }
}
