package io.dormouse.host.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dormouse.host.plugin.Staging.StagedJar;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StagingTest {
  private static final String DIGEST_OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir Path folder;
  @TempDir Path elsewhere;
  private Instant now = Instant.EPOCH;

  private Staging staging() {
    return new Staging(folder, () -> now);
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  /** Fills the disk. */
  private static final class Endless extends InputStream {
    private final int space;
    private int sent;

    Endless(int space) {
      this.space = space;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      if (sent >= space) {
        throw new IOException("No space left on device");
      }
      sent += length;
      return length;
    }
  }

  private List<String> copies() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static void assertRefused(PluginErrorCode code, String reason, ThrowingCallable call) {
    assertThatExceptionOfType(PluginRefused.class)
        .isThrownBy(call)
        .satisfies(refused -> assertThat(refused.code()).isEqualTo(code))
        .withMessageContaining(reason);
  }

  @Test
  void namesACopyByItsDigest() throws IOException {
    Path jar = Files.writeString(elsewhere.resolve("chat.jar"), "abc");

    StagedJar copy = staging().stage(jar, 3);

    assertThat(copy)
        .isEqualTo(
            new StagedJar(folder.resolve(DIGEST_OF_ABC + ".jar"), DIGEST_OF_ABC, "chat.jar"));
    assertThat(copy.file()).hasContent("abc");
    assertThat(copies()).hasSize(1);
  }

  @Test
  void readsAnUploadNoFurtherThanAllowed() throws IOException {
    var endless = new Endless(Integer.MAX_VALUE);

    assertRefused(
        PluginErrorCode.PLUGIN_TOO_LARGE,
        "JAR 'big.jar' is refused: it has more bytes, dormouse.plugins.max-jar-size allows 1,000,000",
        () -> staging().stage(endless, "big.jar", 1_000_000));
    assertThat(endless.sent).isLessThan(2_000_000);
    assertThat(copies()).isEmpty();
  }

  @Test
  void takesAnUploadOfExactlyWhatIsAllowed() {
    assertThat(staging().stage(bytes("abc"), "a.jar", 3).digest()).isEqualTo(DIGEST_OF_ABC);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../evil.jar", "/etc/evil.jar", "a/b", "..", "", "nul\0.jar"})
  void makesNoPathOfAName(String name) throws IOException {
    StagedJar copy = staging().stage(bytes("abc"), name, 100);

    assertThat(copy.file()).isEqualTo(folder.resolve(DIGEST_OF_ABC + ".jar"));
    assertThat(copies()).containsExactly(DIGEST_OF_ABC + ".jar");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void showsANameInOneShortLine() {
    assertThat(staging().stage(bytes("abc"), "a\n\u001b[31m" + "b".repeat(200), 100).name())
        .isEqualTo("a??[31m" + "b".repeat(93) + "…");
  }

  @Test
  void leavesNothingOfACopyThatBreaksOff() throws IOException {
    assertRefused(
        PluginErrorCode.PLUGIN_STAGING_FAILED,
        "JAR 'a.jar' is refused: it cannot be copied to "
            + folder
            + " (IOException 'No space left on device')",
        () -> staging().stage(new Endless(100_000), "a.jar", 1_000_000));
    assertThat(copies()).isEmpty();
  }

  @Test
  void saysTheSameEachTimeItCannotWrite() throws IOException {
    Files.delete(folder);
    Path jar = Files.writeString(elsewhere.resolve("chat.jar"), "abc");

    String reason =
        "JAR 'chat.jar' is refused: it cannot be copied to "
            + folder
            + " (NoSuchFileException); check the space there and who may write"
            + " [PLUGIN_STAGING_FAILED]";
    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(PluginRefused.class)
          .isThrownBy(() -> staging().stage(jar, 100))
          .withMessage(reason);
    }
  }

  @Test
  void findsWhatAFormerHostCopied() {
    StagedJar copy = staging().stage(bytes("abc"), "a.jar", 100);

    assertThat(staging().find(DIGEST_OF_ABC, "a.jar")).contains(copy);
    assertThat(staging().find("0".repeat(64), "a.jar")).isEmpty();
  }

  @Test
  void findsNothingOutsideOfItsFolder() throws IOException {
    Files.writeString(elsewhere.resolve("x.jar"), "abc");

    assertThat(staging().find(folder.relativize(elsewhere) + "/x", "x.jar")).isEmpty();
  }

  @Test
  void keepsWhatIsNamedAndWhatIsNew() throws IOException {
    Files.writeString(folder.resolve("crashed.part"), "");
    Files.writeString(folder.resolve("f".repeat(64) + ".jar"), "of a former host");
    Staging staging = staging();
    StagedJar named = staging.stage(bytes("abc"), "a.jar", 100);
    StagedJar unnamed = staging.stage(bytes("x"), "x.jar", 100);

    staging.keepOnly(Set.of(named.file()));
    assertThat(copies())
        .containsExactlyInAnyOrder(named.digest() + ".jar", unnamed.digest() + ".jar");

    now = now.plus(Staging.GRACE).plusMillis(1);
    staging.keepOnly(Set.of(named.file()));
    assertThat(copies()).containsExactly(named.digest() + ".jar");
  }

  @Test
  void keepsWhatIsBeingCopied() {
    Staging staging = staging();
    InputStream slow =
        new FilterInputStream(bytes("x")) {
          @Override
          public int read(byte[] into, int from, int length) throws IOException {
            now = now.plus(Staging.GRACE).plusMillis(1);
            staging.keepOnly(Set.of());
            return super.read(into, from, length);
          }
        };

    assertThat(staging.stage(slow, "a.jar", 100).file()).hasContent("x");
  }
}
