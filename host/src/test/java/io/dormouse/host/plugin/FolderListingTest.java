package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links, mounts, and folders that come and go. */
class FolderListingTest {
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

  /** As the kubelet does: another link is renamed over {@code ..data}. */
  private void swap(String release, String version) throws IOException {
    Path folder = Files.createDirectory(plugins.folder.resolve(".." + release));
    Files.move(plugins.make("chat", version), folder.resolve("chat.jar"));
    Path link = plugins.folder.resolve("..data_tmp");
    Files.createSymbolicLink(link, folder.getFileName());
    Files.move(link, plugins.folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void followsTheLinksOfAConfigMap() throws IOException {
    swap("2026_01", "1.0.0");
    Files.createSymbolicLink(plugins.folder.resolve("chat.jar"), Path.of("..data/chat.jar"));
    assertThat(plugins.settle()).containsExactly("offered chat 1.0.0 of chat.jar");

    swap("2026_02", "1.1.0");
    assertThat(plugins.settle()).containsExactly("offered chat 1.1.0 of chat.jar");
    assertThat(plugins.poll(5)).isEmpty();
  }

  @Test
  void tellsAnotherFileOfTheSameSizeAndTimeByItsKey() throws IOException {
    Path one = plugins.put("chat.jar", "chat", "1.0.0", 1);
    plugins.settle();

    Path two = WatchedFolder.age(plugins.make("chat", "1.0.0"), 1);
    assertThat(Files.size(two)).isEqualTo(Files.size(one));
    Files.move(two, one, StandardCopyOption.ATOMIC_MOVE);

    assertThat(plugins.settle()).containsExactly("offered chat 1.0.0 of chat.jar");
  }

  @Test
  void withdrawsWhatALinkLeadsToNoMore() throws IOException {
    Path target = plugins.make("chat", "1.0.0");
    Files.createSymbolicLink(plugins.folder.resolve("chat.jar"), target);
    plugins.settle();

    Files.delete(target);

    assertThat(plugins.settle()).containsExactly("withdrawn chat");
  }

  @Test
  void withdrawsNothingWhenTheFolderHasGone() throws IOException {
    plugins.put("chat.jar", "chat", "1.0.0");
    plugins.settle();
    Path moved = Files.move(plugins.folder, root.resolve("moved"));

    try (LogLines log = LogLines.of(FolderListing.class)) {
      assertThat(plugins.poll(5)).isEmpty();
      assertThat(plugins.scan()).isEmpty();
      assertThat(log.texts())
          .containsExactly(
              "WARN Plugins folder '%s' cannot be read (NoSuchFileException); the plugins that run go on, and changes are seen when it is back"
                  .formatted(plugins.folder));
    }

    Files.move(moved, plugins.folder);
    try (LogLines log = LogLines.of(FolderListing.class)) {
      assertThat(plugins.settle()).isEmpty();
      assertThat(log.texts())
          .containsExactly("INFO Plugins folder '%s' is back".formatted(plugins.folder));
    }
    Files.delete(plugins.folder.resolve("chat.jar"));
    assertThat(plugins.settle()).containsExactly("withdrawn chat");
  }

  @Test
  void withdrawsNothingWhenTheVolumeCameOffItsMountPoint() throws IOException {
    plugins.put("chat.jar", "chat", "1.0.0");
    plugins.settle();
    Path volume = Files.move(plugins.folder, root.resolve("volume"));
    Files.createDirectory(plugins.folder);

    try (LogLines log = LogLines.of(FolderListing.class)) {
      assertThat(plugins.poll(5)).isEmpty();
      assertThat(log.texts())
          .singleElement()
          .asString()
          .contains("is another folder than before and has no JAR");
    }

    Files.delete(plugins.folder);
    Files.move(volume, plugins.folder);
    assertThat(plugins.settle()).isEmpty();
  }

  @Test
  void followsAFolderThatIsALinkToAnotherRelease() throws IOException {
    Path releases = root.resolve("releases");
    try (var linked = linked(releases)) {
      linked.put("chat.jar", "chat", "1.0.0");
      linked.put("echo.jar", "echo", "1.0.0");
      linked.settle();

      Path next = Files.createDirectory(releases.resolve("2"));
      Files.move(linked.make("chat", "1.1.0"), next.resolve("chat.jar"));
      Path link = Files.createSymbolicLink(releases.resolve("tmp"), next);
      Files.move(link, linked.folder, StandardCopyOption.ATOMIC_MOVE);

      assertThat(linked.settle())
          .containsExactly("offered chat 1.1.0 of chat.jar", "withdrawn echo");
    }
  }

  @Test
  void withdrawsNothingWhenItsLinkIsBroken() throws IOException {
    Path releases = root.resolve("releases");
    try (var linked = linked(releases);
        LogLines log = LogLines.of(FolderListing.class)) {
      linked.put("chat.jar", "chat", "1.0.0");
      linked.settle();

      Files.move(releases.resolve("1"), releases.resolve("gone"));

      assertThat(linked.poll(5)).isEmpty();
      assertThat(log.texts()).hasSize(1);
    }
  }

  private static WatchedFolder linked(Path releases) throws IOException {
    Path first = Files.createDirectories(releases.resolve("1"));
    Path root = Files.createDirectory(releases.resolve("root"));
    Files.createSymbolicLink(root.resolve("plugins"), first);
    return new WatchedFolder(root);
  }

  @Test
  void waitsForAFolderThatComesLater() throws IOException {
    Files.delete(plugins.folder);
    assertThat(plugins.scan()).isEmpty();

    Files.createDirectory(plugins.folder);
    plugins.put("chat.jar", "chat", "1.0.0");

    assertThat(plugins.settle()).containsExactly("offered chat 1.0.0 of chat.jar");
  }
}
