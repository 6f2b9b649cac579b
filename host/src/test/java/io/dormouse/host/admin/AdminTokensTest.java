package io.dormouse.host.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTokensTest {
  private static final String ONE = "0123456789abcdef0123456789abcdef";
  private static final String TWO = "fedcba9876543210fedcba9876543210";

  @TempDir private Path folder;

  private final List<String> problems = new ArrayList<>();

  @Test
  void findsATokenByItsValue() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), TWO + "\n");
    AdminTokens tokens =
        AdminTokens.of(
            Map.of(
                "ci", Map.of("value", ONE, "scopes", List.of("deploy", "READ")),
                "ops", Map.of("file", file.toString(), "scopes", "drain, emit")),
            problems);
    assertThat(problems).isEmpty();
    AdminTokens.Token ci = tokens.find(ONE);
    assertThat(ci).isNotNull();
    assertThat(ci.name()).isEqualTo("ci");
    assertThat(ci.scopes()).containsExactlyInAnyOrder(Scope.DEPLOY, Scope.READ);
    AdminTokens.Token ops = tokens.find(TWO);
    assertThat(ops).isNotNull();
    assertThat(ops.scopes()).containsExactlyInAnyOrder(Scope.DRAIN, Scope.EMIT);
    assertThat(tokens.find(ONE + " ")).isNull();
    assertThat(tokens.find("")).isNull();
  }

  @Test
  void namesAllThatIsWrongButNoToken() {
    Map<String, Map<String, ?>> configured = new TreeMap<>();
    configured.put("a", Map.of("value", "short-secret", "scopes", "read"));
    configured.put("b", Map.of("value", ONE, "scopes", "read,wirte"));
    configured.put("c", Map.of("value", ONE));
    configured.put("d", Map.of("scopes", "read"));
    configured.put("e", Map.of("value", ONE, "file", "x", "scopes", "read"));
    configured.put("f", Map.of("file", folder.resolve("none").toString(), "scopes", "read"));
    configured.put("g", Map.of("valeu", ONE, "scopes", "read", "value", TWO));
    configured.put("h", Map.of("value", "a secret with spaces, which is long", "scopes", "read"));
    configured.put("i_", Map.of("value", ONE, "scopes", "read"));
    configured.put("j", Map.of("value", TWO, "scopes", "read"));
    configured.put("k", Map.of("value", TWO, "scopes", "read"));
    AdminTokens tokens = AdminTokens.of(configured, problems);
    String prefix = "dormouse.admin.tokens.";
    assertThat(problems)
        .containsExactly(
            prefix
                + "a.value has 12 characters and must have at least 32; openssl rand -hex 32 makes a"
                + " good one",
            prefix + "b.scopes 'wirte' is none of read, emit, deploy, drain",
            prefix + "c.scopes must name what the token allows, some of read, emit, deploy, drain",
            prefix + "d must have either a value or a file",
            prefix + "e must have either a value or a file",
            prefix
                + "f.file '"
                + folder.resolve("none")
                + "' cannot be read (NoSuchFileException); it must be text that this user may read",
            "'" + prefix + "g.valeu' is not a key; there are value, file and scopes",
            prefix
                + "h.value has a character that a bearer token may not have; hex or base64 will do",
            prefix + "i_ is no name of a token: it may have a-z, 0-9 and dashes",
            prefix + "k is the same as another token; each needs one of its own");
    assertThat(problems.toString()).doesNotContain(ONE, TWO, "secret");
    assertThat(tokens.find(TWO)).isNotNull();
    assertThat(tokens.find(ONE)).isNull();
  }

  @Test
  void mayBeNone() {
    assertThat(AdminTokens.of(Map.of(), problems).isEmpty()).isTrue();
    assertThat(problems).isEmpty();
  }
}
