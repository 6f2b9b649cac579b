package io.dormouse.host.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.WritableHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentDigestTest {
  private static final HeaderName NAME = HeaderNames.create("Content-Digest");

  /** Of an empty body. */
  private static final String BASE64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

  private static final String HEX =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private static String sha256(String... values) {
    WritableHeaders<?> headers = WritableHeaders.create();
    if (values.length > 0) {
      headers.set(NAME, values);
    }
    return ContentDigest.sha256(headers);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sha-256=:B:",
        "sha-512=:AAAA:, sha-256=:B:",
        "sha-256=:B:,\t unixsum=:AA==:",
        "sha-256=:AAAA:, sha-256=:B:",
        "sha-256=:B:;a;b=1;c=\"x, \\\"y\";d=:AA==:;e=?0;*f=token/1.5",
        "  sha-256=:B:  "
      })
  void findsTheSha256(String value) {
    assertThat(sha256(value.replace("B", BASE64))).isEqualTo(HEX);
  }

  @Test
  void joinsLines() {
    assertThat(sha256("sha-512=:AAAA:", "sha-256=:" + BASE64 + ":")).isEqualTo(HEX);
    assertThat(sha256()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sha-256",
        "sha-256=B",
        "sha-256=:B",
        "sha-256=:B:,",
        "sha-256=:B: sha-512=:AAAA:",
        "SHA-256=:B:",
        "sha-256=\"B\"",
        "sha-256=(:B:)",
        "sha-256=:%%%%:",
        "sha-256=:A:",
        "sha-256=:B:;A=1",
        "sha-256 = :B:"
      })
  void refusesWhatIsNoDictionaryOfBytes(String value) {
    assertThatThrownBy(() -> sha256(value.replace("B", BASE64)))
        .isInstanceOf(Problem.class)
        .hasMessage("Content-Digest must look like sha-256=:<base64>: (RFC 9530)");
  }

  @Test
  void refusesOtherDigests() {
    assertThatThrownBy(() -> sha256("sha-512=:AAAA:"))
        .hasMessage("Content-Digest names no sha-256, which is the one that is checked here");
    assertThatThrownBy(() -> sha256("sha-256=:AAAA:"))
        .hasMessage("Content-Digest has a sha-256 of 3 bytes; there are 32");
  }
}
