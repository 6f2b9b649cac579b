package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.RuntimeFixture.started;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dormouse.host.testing.PluginJars;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a file of the folder is taken, and when it is not. */
class FolderWatchTest {
  @TempDir Path root;
  private WatchedFolder plugins;

  @BeforeEach
  void create() {
    plugins = new WatchedFolder(root);
  }

  @AfterEach
  void close() {
    plugins.close();
  }

  private void write(String fileName, byte[] bytes) throws IOException {
    Files.write(plugins.folder.resolve(fileName), bytes);
  }

  private byte[] jar(String id, String version) throws IOException {
    return Files.readAllBytes(plugins.make(id, version));
  }

  @Test
  void takesAJarThatIsRenamedIntoTheFolderAtTheSecondLook() throws IOException {
    plugins.put("chat.jar", "chat", "1.0.0");

    assertThat(plugins.poll(1)).isEmpty();
    assertThat(plugins.poll(1)).containsExactly("offered chat 1.0.0 of chat.jar");
    assertThat(plugins.poll(10)).isEmpty();
  }

  @Test
  void takesWhatIsThereAtOnceWhenAsked() throws IOException {
    plugins.put("chat.jar", "chat", "1.0.0");
    plugins.put("echo.jar", "echo", "1.0.0");

    assertThat(plugins.scan())
        .containsExactly("offered chat 1.0.0 of chat.jar", "offered echo 1.0.0 of echo.jar");
    assertThat(plugins.scan()).isEmpty();
    assertThat(plugins.poll(3)).isEmpty();
  }

  @Test
  void looksAtNothingButJars() throws IOException {
    plugins.put("notes.txt", "a", "1.0.0");
    plugins.put(".hidden.jar", "b", "1.0.0");
    plugins.put("chat.jar.part", "c", "1.0.0");
    plugins.put("CHAT.JAR.tmp", "d", "1.0.0");

    assertThat(plugins.scan()).isEmpty();
  }

  @Test
  void waitsForAFileThatGrows() throws IOException {
    byte[] jar = jar("chat", "1.0.0");
    try (OutputStream copying = Files.newOutputStream(plugins.folder.resolve("chat.jar"))) {
      for (byte b : Arrays.copyOf(jar, jar.length - 1)) {
        copying.write(b);
        plugins.watch.poll();
      }
      assertThat(plugins.poll(4)).isEmpty();
      copying.write(jar[jar.length - 1]);
    }

    assertThat(plugins.poll(1)).isEmpty();
    assertThat(plugins.poll(1)).containsExactly("offered chat 1.0.0 of chat.jar");
  }

  @Test
  void refusesAHalfCopiedFileWhenItHasKeptStillForFiveIntervals() throws IOException {
    byte[] jar = jar("chat", "1.0.0");
    write("chat.jar", Arrays.copyOf(jar, jar.length / 2));

    assertThat(plugins.poll(5)).isEmpty();
    assertThat(plugins.poll(1)).containsExactly("refused chat.jar PLUGIN_BAD_JAR");
    assertThat(plugins.poll(10)).isEmpty();

    write("chat.jar", jar);
    assertThat(plugins.settle())
        .containsExactly("accepted chat.jar", "offered chat 1.0.0 of chat.jar");
  }

  @Test
  void refusesAHalfCopiedFileAtOnceWhenAsked() throws IOException {
    write("chat.jar", Arrays.copyOf(jar("chat", "1.0.0"), 40));

    assertThat(plugins.scan()).containsExactly("refused chat.jar PLUGIN_BAD_JAR");
    assertThat(plugins.refusals.getFirst()).hasMessageContaining("copy it again");
    assertThat(plugins.scan()).isEmpty();
  }

  @Test
  void offersAnotherVersionThatIsWrittenOverTheFormer() throws IOException {
    write("chat.jar", jar("chat", "1.0.0"));
    plugins.settle();

    write("chat.jar", jar("chat", "1.0.1"));

    assertThat(plugins.settle()).containsExactly("offered chat 1.0.1 of chat.jar");
  }

  @Test
  void withdrawsNothingWhenAJarIsSpoilt() throws IOException {
    write("chat.jar", jar("chat", "1.0.0"));
    plugins.settle();

    write("chat.jar", new byte[7]);

    assertThat(plugins.poll(20)).containsExactly("refused chat.jar PLUGIN_BAD_JAR");
  }

  @Test
  void offersTheSameBytesAgainWhenTheFileWasTouched() throws IOException {
    Path file = plugins.put("chat.jar", "chat", "1.0.0", 1);
    plugins.settle();

    WatchedFolder.age(file, 2);

    assertThat(plugins.settle()).containsExactly("offered chat 1.0.0 of chat.jar");
    assertThat(plugins.offers)
        .extracting(VerifiedJar::digest)
        .hasSize(2)
        .containsOnly(plugins.offers.getFirst().digest());
  }

  @Test
  void seesThatAFileHasGrownWithinAnInstant() throws IOException {
    Path file = plugins.put("chat.jar", "chat", "1.0.0", 1);
    plugins.settle();

    Files.write(file, new byte[] {0}, StandardOpenOption.APPEND);
    WatchedFolder.age(file, 1);

    assertThat(plugins.settle()).containsExactly("offered chat 1.0.0 of chat.jar");
  }

  @Test
  void doesNotTakeAFileThatChangesWhileItIsCopied() throws IOException {
    write("chat.jar", jar("chat", "1.0.0"));
    byte[] next = jar("chat", "2.0.0");
    plugins.onCopied =
        () -> {
          plugins.onCopied = () -> {};
          write("chat.jar", next);
        };

    assertThat(plugins.scan()).isEmpty();
    assertThat(plugins.poll(2)).containsExactly("offered chat 2.0.0 of chat.jar");
  }

  @Test
  void refusesNothingThatGoesWhileItIsCopied() throws IOException {
    write("bad.jar", new byte[7]);
    plugins.onCopied = () -> Files.delete(plugins.folder.resolve("bad.jar"));

    assertThat(plugins.scan()).isEmpty();
    assertThat(plugins.poll(10)).isEmpty();
  }

  @Test
  void saysWhatItCannotCopyOnceAndTriesAgain() throws IOException {
    plugins.put("chat.jar", "chat", "1.0.0");
    Files.delete(plugins.jars); // as a disk that is full, or gone

    assertThat(plugins.settle()).containsExactly("refused chat.jar PLUGIN_STAGING_FAILED");
    assertThat(plugins.poll(100)).isEmpty();
    assertThat(plugins.scan()).isEmpty();

    Files.createDirectory(plugins.jars);
    assertThat(plugins.poll(32))
        .containsExactly("accepted chat.jar", "offered chat 1.0.0 of chat.jar");
  }

  @Test
  void triesWhatItCouldNotCopyAtOnceWhenAsked() throws IOException {
    plugins.put("chat.jar", "chat", "1.0.0");
    Files.delete(plugins.jars);
    plugins.scan();
    Files.createDirectory(plugins.jars);

    assertThat(plugins.scan())
        .containsExactly("accepted chat.jar", "offered chat 1.0.0 of chat.jar");
  }

  @Test
  void refusesWhatIsTooLarge() throws IOException {
    write("big.jar", new byte[1_000_001]);

    assertThat(plugins.scan()).containsExactly("refused big.jar PLUGIN_TOO_LARGE");
  }

  @Test
  void refusesAFolderAndAPipeNamedAsAJar() throws Exception {
    Files.createDirectory(plugins.folder.resolve("folder.jar"));
    Path pipe = plugins.folder.resolve("pipe.jar");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    assertThat(plugins.settle())
        .containsExactly("refused folder.jar PLUGIN_BAD_JAR", "refused pipe.jar PLUGIN_BAD_JAR");
  }

  @Test
  void acceptsARefusedFileThatHasGone() throws IOException {
    write("bad.jar", new byte[7]);
    plugins.scan();

    Files.delete(plugins.folder.resolve("bad.jar"));

    assertThat(plugins.settle()).containsExactly("accepted bad.jar");
  }

  @Test
  void bearsThatFilesGoWhileItLooks() throws IOException {
    for (String id : List.of("a", "b", "c")) {
      plugins.put(id + ".jar", id, "1.0.0");
    }
    plugins.onTold =
        id -> {
          try {
            Files.deleteIfExists(plugins.folder.resolve("b.jar"));
            Files.deleteIfExists(plugins.folder.resolve("c.jar"));
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        };

    assertThat(plugins.scan())
        .containsExactly(
            "offered a 1.0.0 of a.jar", "offered b 1.0.0 of b.jar", "offered c 1.0.0 of c.jar");
    assertThat(plugins.scan()).containsExactly("withdrawn b", "withdrawn c");
  }

  private static Map<String, byte[]> classes(String text) {
    Map<String, byte[]> entries =
        PluginJars.compile(
            Map.of(
                "chat.Main",
                started("chat", "Main", ""),
                "chat.Later",
                "package chat; public class Later { public static String text() { return \""
                    + text
                    + "\"; } }"));
    entries.put("text", text.getBytes(UTF_8));
    return entries;
  }

  @Test
  void goesOnReadingThePrivateCopyOfAJarThatIsReplacedInPlace() throws Exception {
    Path file = plugins.folder.resolve("chat.jar");
    PluginJars.plugin(file, "chat", "1.0.0", "chat.Main", classes("one"));
    plugins.scan();
    VerifiedJar first = plugins.offers.getFirst();

    LoadedJar loaded = LoadedJar.load(first, new GenerationName("chat", "1.0.0", 1), true);
    try {
      Class<?> main = loaded.loader().loadClass("chat.Main");
      PluginJars.plugin(file, "chat", "1.0.0", "chat.Main", classes("two, of another length"));
      plugins.settle();

      Object later = loaded.loader().loadClass("chat.Later").getMethod("text").invoke(null);
      assertThat(later).isEqualTo("one");
      assertThat(main.getResourceAsStream("/text")).hasContent("one");
    } finally {
      loaded.close();
    }
    assertThat(plugins.offers).extracting(VerifiedJar::digest).doesNotHaveDuplicates().hasSize(2);
  }

  @Test
  void tellsNothingMoreWhenItIsClosedMeanwhile() throws IOException {
    plugins.put("a.jar", "a", "1.0.0");
    plugins.put("b.jar", "b", "1.0.0");
    plugins.onTold = id -> plugins.watch.close();

    assertThat(plugins.scan()).containsExactly("offered a 1.0.0 of a.jar");
  }

  @Test
  void copiesNothingWhenItIsClosed() throws IOException {
    plugins.put("chat.jar", "chat", "1.0.0");
    plugins.watch.close();

    assertThat(plugins.scan()).isEmpty();
    assertThat(plugins.jars).isEmptyDirectory();
  }

  @Test
  void looksByItself() throws IOException {
    try (var live = new WatchedFolder(root, Duration.ofMillis(5))) {
      live.watch.start();
      live.put("chat.jar", "chat", "1.0.0");

      await().until(() -> live.told().contains("offered chat 1.0.0 of chat.jar"));
    }
  }
}
