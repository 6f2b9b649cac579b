package io.dormouse.host.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
  @TempDir Path parent;

  /**
   * What another process sees: tries to hold a state folder, prints the refusal or {@code held}.
   */
  static final class Other {
    public static void main(String[] arguments) {
      try (StateFolder folder = StateFolder.open(Path.of(arguments[0]))) {
        System.out.println("held " + folder.path());
      } catch (StateFolderUnusable unusable) {
        System.out.println(unusable.getMessage());
      }
    }
  }

  private static String other(Path folder) throws IOException {
    Process process = OtherJvm.start(Other.class, folder.toString());
    return new String(process.getInputStream().readAllBytes(), UTF_8).strip();
  }

  @Test
  void makesItsFolders() {
    try (StateFolder state = StateFolder.open(parent.resolve("a/b"))) {
      assertThat(state.jars()).isEqualTo(parent.resolve("a/b/jars")).isEmptyDirectory();
    }
    assertThat(parent.resolve("a/b/jars")).isDirectory();
  }

  @Test
  void isHeldByOneHostOfAProcess() throws IOException {
    Path linked = Files.createSymbolicLink(parent.resolve("link"), parent);
    try (StateFolder first = StateFolder.open(parent)) {
      for (Path same : new Path[] {parent, linked}) {
        assertThatExceptionOfType(StateFolderUnusable.class)
            .isThrownBy(() -> StateFolder.open(same))
            .withMessage(
                "State folder '%s' cannot be used: another host holds it; stop that one or name another folder in dormouse.plugins.state-folder",
                first.path());
      }
    }
    StateFolder.open(parent).close();
  }

  @Test
  void isHeldByOneProcessAlsoAfterASecondTryInIt() throws IOException {
    try (StateFolder _ = StateFolder.open(parent)) {
      assertThatExceptionOfType(StateFolderUnusable.class)
          .isThrownBy(() -> StateFolder.open(parent));

      assertThat(other(parent)).contains("another host holds it");
    }
    assertThat(other(parent)).isEqualTo("held " + parent.toRealPath());
  }

  @Test
  void deletesATemporaryOneInTheEnd() throws IOException {
    Path folder;
    try (StateFolder state = StateFolder.open(null)) {
      folder = state.path();
      Files.writeString(state.installations(), "{}");
      Files.writeString(state.jars().resolve("a.jar"), "");
    }
    assertThat(folder).doesNotExist();
  }

  @Test
  void keepsAConfiguredOneInTheEnd() throws IOException {
    try (StateFolder state = StateFolder.open(parent)) {
      Files.writeString(state.installations(), "{}");
      Files.writeString(state.jars().resolve("a.jar"), "");
    }
    assertThat(parent.resolve("jars/a.jar")).exists();
    assertThat(parent.resolve("installations.json")).exists();
  }

  @Test
  void refusesAPathThatIsAFile() throws IOException {
    Path file = Files.writeString(parent.resolve("file"), "");

    assertThatExceptionOfType(StateFolderUnusable.class)
        .isThrownBy(() -> StateFolder.open(file))
        .withMessage(
            "State folder '%s' cannot be used: FileAlreadyExistsException; make it writable or name another one in dormouse.plugins.state-folder",
            file);
  }

  @Test
  void refusesAFolderThatCannotBeWritten() throws IOException {
    Path folder = Files.createDirectories(parent.resolve("folder"));
    Files.createDirectory(folder.resolve("lock")); // whoever runs the tests may write anywhere

    assertThatExceptionOfType(StateFolderUnusable.class)
        .isThrownBy(() -> StateFolder.open(folder))
        .withMessageContaining("'Is a directory'")
        .withMessageContaining("make it writable");
    Files.delete(folder.resolve("lock"));
    StateFolder.open(folder).close();
  }

  @Test
  void publishesAllOrNothing() throws IOException {
    Path place = Files.createDirectories(parent.resolve("place/full")).getParent();
    Path finished = Files.writeString(parent.resolve("finished"), "new");

    assertThatIOException()
        .isThrownBy(() -> StateFolder.publish(finished, place))
        .isInstanceOf(FileSystemException.class);
    assertThat(place.resolve("full")).exists();
  }
}
