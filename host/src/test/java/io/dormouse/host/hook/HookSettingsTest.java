package io.dormouse.host.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HookSettingsTest {
  private static final String URL = "https://hooks.example.org/T0P-S3CRET?key=k";

  private final List<String> problems = new ArrayList<>();

  private List<HookSettings> read(Map<String, ?> keys) {
    return HookSettings.of(
        Map.of("ops", keys),
        value -> value instanceof Duration duration ? duration : null,
        problems);
  }

  @Test
  void hasDefaults() {
    HookSettings hook = read(Map.of("url", URL, "secrets", HookFixture.SECRET)).getFirst();
    assertThat(problems).isEmpty();
    assertThat(hook.types().patterns()).containsExactly("*");
    assertThat(hook.privateAllowed()).isFalse();
    assertThat(hook.timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(hook.deadline()).isEqualTo(Duration.ofMinutes(15));
    assertThat(hook).hasToString("HookSettings[ops, https://hooks.example.org, [*]]");
  }

  @Test
  void readsSecretsOfAFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("secrets");
    Files.writeString(file, HookFixture.OTHER_SECRET + "\n" + HookFixture.SECRET + "\n");
    assertThat(read(Map.of("url", URL, "file", file)).getFirst().signer().sign("a", 1, new byte[0]))
        .contains(" v1,");
    assertThat(problems).isEmpty();
    assertThat(read(Map.of("url", URL, "file", folder.resolve("none")))).isEmpty();
    assertThat(problems).singleElement().asString().contains("cannot be read (NoSuchFile");
  }

  @Test
  void tellsAllThatIsWrong() {
    assertThat(
            read(
                Map.of(
                    "types", List.of("plugin.woke"),
                    "privat", "true",
                    "private", "yes",
                    "timeout", Duration.ofMinutes(2),
                    "deadline", "soon")))
        .isEmpty();
    assertThat(problems)
        .containsExactly(
            "'dormouse.hooks.ops.privat' is not a key; there are deadline, file, private, secrets,"
                + " timeout, types, url",
            "dormouse.hooks.ops.url is missing, which is called",
            "dormouse.hooks.ops.types 'plugin.woke' fits no event; there are "
                + TypeFilter.allTypes()
                + ", and forms such as plugin.* and *",
            "dormouse.hooks.ops must have either secrets or a file with them",
            "dormouse.hooks.ops.private 'yes' is not true or false",
            "dormouse.hooks.ops.timeout must be between PT0.1S and PT1M, was PT2M",
            "dormouse.hooks.ops.deadline 'soon' is not a duration such as 500ms, 25s, 2m or 1h");
    assertThat(TypeFilter.allTypes()).startsWith("plugin.hibernated, plugin.woken");
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://example.org/T0P-S3CRET",
    "https://user:T0P-S3CRET@example.org/",
    "https://example.org/#T0P-S3CRET",
    "/T0P-S3CRET",
    "https://exa mple.org/T0P-S3CRET"
  })
  void refusesAUrlThatCannotBeCalledAndDoesNotShowIt(String url) {
    assertThat(read(Map.of("url", url, "secrets", HookFixture.SECRET))).isEmpty();
    assertThat(problems)
        .singleElement()
        .asString()
        .contains("url must be")
        .doesNotContain("S3CRET");
  }

  @ParameterizedTest
  @CsvSource({
    "TDBQLVMzQ1JFVA==",
    "whsec_T0P",
    "whsec_T0P-S3CRET-T0P-S3CRET-T0P-S3CRET",
    "whsec_TDBQLVMzQ1JFVA==",
    "'a,b,c'"
  })
  void refusesSecretsThatAreNoneAndDoesNotShowThem(String secrets) {
    assertThat(read(Map.of("url", URL, "secrets", secrets))).isEmpty();
    assertThat(problems).singleElement().asString().doesNotContain("T0P").doesNotContain("TDBQ");
  }

  @Test
  void refusesANameThatIsNoPathOfAUrl() {
    List<HookSettings> none =
        HookSettings.of(
            Map.of("Ops!", Map.of("url", URL, "secrets", HookFixture.SECRET)), _ -> null, problems);
    assertThat(none).isEmpty();
    assertThat(problems).singleElement().asString().contains("is no name of a hook");
  }
}
