package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which file the folder offers for an id, and what becomes of the offer. */
class FolderOffersTest {
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

  private void remove(String fileName) throws IOException {
    Files.delete(plugins.folder.resolve(fileName));
  }

  @Test
  void offersTheNewestOfTwoWithOneId() throws IOException {
    plugins.put("chat-1.1.jar", "chat", "1.1.0", 2);
    plugins.put("chat-1.9.jar", "chat", "1.9.0", 1);

    assertThat(plugins.scan())
        .containsExactly(
            "refused chat-1.9.jar of chat PLUGIN_DUPLICATE_ID",
            "offered chat 1.1.0 of chat-1.1.jar");
    assertThat(plugins.refusals.getFirst())
        .hasMessage(
            "JAR 'chat-1.9.jar' is refused: JAR 'chat-1.1.jar' has the same Plugin-Id 'chat' and is"
                + " newer, so that it is used; remove one of the two [PLUGIN_DUPLICATE_ID]");
    assertThat(plugins.poll(5)).isEmpty();
  }

  @Test
  void offersTheLastNameOfTwoOfTheSameInstant() throws IOException {
    plugins.put("b.jar", "chat", "2.0.0", 1);
    plugins.put("a.jar", "chat", "1.0.0", 1);
    plugins.put("c.jar", "chat", "3.0.0", 1);

    assertThat(plugins.settle())
        .containsExactly(
            "refused a.jar of chat PLUGIN_DUPLICATE_ID",
            "refused b.jar of chat PLUGIN_DUPLICATE_ID",
            "offered chat 3.0.0 of c.jar");
  }

  @Test
  void offersANewerFileThatComesBesideTheFormer() throws IOException {
    plugins.put("chat-1.0.jar", "chat", "1.0.0", 1);
    plugins.settle();

    plugins.put("chat-1.1.jar", "chat", "1.1.0", 2);

    assertThat(plugins.settle())
        .containsExactly(
            "refused chat-1.0.jar of chat PLUGIN_DUPLICATE_ID",
            "offered chat 1.1.0 of chat-1.1.jar");
  }

  @Test
  void offersTheOlderAgainWhenTheNewestHasGone() throws IOException {
    plugins.put("chat-1.0.jar", "chat", "1.0.0", 1);
    plugins.put("chat-1.1.jar", "chat", "1.1.0", 2);
    plugins.scan();
    new Staging(plugins.jars).keepOnly(Set.of(plugins.offers.getFirst().staged().file()));

    remove("chat-1.1.jar");

    assertThat(plugins.settle())
        .containsExactly("accepted chat-1.0.jar", "offered chat 1.0.0 of chat-1.0.jar");
    assertThat(plugins.offers.getLast().staged().file()).exists();
  }

  @Test
  void withdrawsAnIdWhoseFileHasGone() throws IOException {
    plugins.put("chat.jar", "chat", "1.0.0");
    plugins.put("echo.jar", "echo", "1.0.0");
    plugins.settle();

    remove("chat.jar");

    assertThat(plugins.poll(1)).isEmpty();
    assertThat(plugins.poll(1)).containsExactly("withdrawn chat");
    assertThat(plugins.poll(5)).isEmpty();
  }

  @Test
  void withdrawsAtOnceWhenAsked() throws IOException {
    plugins.put("chat.jar", "chat", "1.0.0");
    plugins.scan();
    remove("chat.jar");

    assertThat(plugins.scan()).containsExactly("withdrawn chat");
  }

  @Test
  void doesNotMissAFileThatIsAwayForAMoment() throws IOException {
    plugins.put("chat.jar", "chat", "1.0.0", 1);
    plugins.settle();

    remove("chat.jar");
    plugins.watch.poll();
    plugins.put("chat.jar", "chat", "1.0.1", 2);

    assertThat(plugins.poll(3)).containsExactly("offered chat 1.0.1 of chat.jar");
  }

  @Test
  void withdrawsNothingWhileASuccessorMayBeOnItsWay() throws IOException {
    plugins.put("chat-1.0.jar", "chat", "1.0.0");
    plugins.settle();

    remove("chat-1.0.jar");
    byte[] next = Files.readAllBytes(plugins.make("chat", "1.1.0"));
    Path copying = plugins.folder.resolve("chat-1.1.jar");
    for (int i = 1; i < 20; i++) {
      Files.write(copying, Arrays.copyOf(next, i));
      plugins.watch.poll();
    }
    Files.write(copying, next);

    assertThat(plugins.poll(3)).containsExactly("offered chat 1.1.0 of chat-1.1.jar");
  }

  @Test
  void withdrawsNothingWhenAFileIsRenamed() throws IOException {
    Path file = plugins.put("chat.jar", "chat", "1.0.0");
    plugins.settle();

    Files.move(file, plugins.folder.resolve("z.jar"));

    assertThat(plugins.poll(5)).containsExactly("offered chat 1.0.0 of z.jar");
  }

  @Test
  void withdrawsAnIdWhoseFileHoldsAnotherNow() throws IOException {
    plugins.put("a.jar", "chat", "1.0.0", 1);
    plugins.settle();

    plugins.put("a.jar", "talk", "1.0.0", 2);

    assertThat(plugins.settle()).containsExactly("offered talk 1.0.0 of a.jar", "withdrawn chat");
  }

  @Test
  void prefersAFileThatIsInOrderToOneThatIsSpoiltAndWasNotOffered() throws IOException {
    plugins.put("chat-1.0.jar", "chat", "1.0.0", 1);
    plugins.put("chat-1.1.jar", "chat", "1.1.0", 2);
    plugins.put("chat-1.2.jar", "chat", "1.2.0", 3);
    plugins.settle();
    Files.write(plugins.folder.resolve("chat-1.1.jar"), new byte[7]);
    assertThat(plugins.poll(10)).containsExactly("refused chat-1.1.jar PLUGIN_BAD_JAR");

    remove("chat-1.2.jar");

    assertThat(plugins.settle())
        .containsExactly("accepted chat-1.0.jar", "offered chat 1.0.0 of chat-1.0.jar");
  }

  @Test
  void offersAgainWhatCameInTheMiddleOfAnotherOperation() throws IOException {
    plugins.put("chat.jar", "chat", "1.0.0");
    plugins.put("echo.jar", "echo", "1.0.0");
    plugins.onTold =
        id -> {
          if (id.equals("chat")) {
            throw new OperationInProgress(id, "rollback");
          }
        };

    assertThat(plugins.scan())
        .containsExactly("offered chat 1.0.0 of chat.jar", "offered echo 1.0.0 of echo.jar");
    assertThat(plugins.poll(1)).containsExactly("offered chat 1.0.0 of chat.jar");
    plugins.onTold = id -> {};
    assertThat(plugins.poll(1)).containsExactly("offered chat 1.0.0 of chat.jar");
    assertThat(plugins.poll(5)).isEmpty();
  }

  @Test
  void withdrawsAgainWhatCameInTheMiddleOfAnotherOperation() throws IOException {
    plugins.put("chat.jar", "chat", "1.0.0");
    plugins.scan();
    remove("chat.jar");
    plugins.onTold =
        id -> {
          throw new OperationInProgress(id, "rollback");
        };

    assertThat(plugins.scan()).containsExactly("withdrawn chat");
    plugins.onTold = id -> {};
    assertThat(plugins.poll(1)).containsExactly("withdrawn chat");
    assertThat(plugins.poll(5)).isEmpty();
  }

  @Test
  void withdrawsWhatWasThereWhenTheHostRanLast() throws IOException {
    plugins.put("chat.jar", "chat", "1.0.0");
    plugins.put("talk.jar", "babble", "1.0.0");
    plugins.watch.expect("chat", "chat.jar");
    plugins.watch.expect("echo", "echo.jar");
    plugins.watch.expect("talk", "talk.jar");
    plugins.watch.expect("nameless", null);

    assertThat(plugins.scan())
        .containsExactly(
            "offered babble 1.0.0 of talk.jar",
            "offered chat 1.0.0 of chat.jar",
            "withdrawn echo",
            "withdrawn nameless",
            "withdrawn talk");
    assertThat(plugins.poll(5)).isEmpty();
  }

  @Test
  void withdrawsNothingWhoseFileCannotBeRead() throws IOException {
    Path file = Files.write(plugins.folder.resolve("chat.jar"), new byte[7]);
    plugins.watch.expect("chat", "chat.jar");
    plugins.watch.expect("nameless", null);

    assertThat(plugins.scan()).containsExactly("refused chat.jar PLUGIN_BAD_JAR");
    assertThat(plugins.poll(10)).isEmpty();

    Files.delete(file);
    assertThat(plugins.settle())
        .containsExactly("accepted chat.jar", "withdrawn chat", "withdrawn nameless");
  }

  @Test
  void goesOnWhenAListenerFails() throws IOException {
    plugins.put("chat.jar", "chat", "1.0.0");
    plugins.put("echo.jar", "echo", "1.0.0");
    plugins.onTold =
        id -> {
          throw new IllegalStateException("unforeseen");
        };

    try (LogLines log = LogLines.of(FolderWatch.class)) {
      assertThat(plugins.scan()).hasSize(2);
      assertThat(log.texts())
          .hasSize(2)
          .allSatisfy(line -> assertThat(line).contains("IllegalStateException 'unforeseen'"));
    }
    assertThat(plugins.scan()).isEmpty();
  }
}
