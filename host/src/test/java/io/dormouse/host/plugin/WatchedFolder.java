package io.dormouse.host.plugin;

import io.dormouse.host.testing.PluginJars;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A plugins folder whose looks are taken by hand, and what was told of it. */
final class WatchedFolder implements FolderWatch.Listener, AutoCloseable {
  final Path folder;
  final Path jars;
  final Path aside;
  final FolderWatch watch;

  final List<VerifiedJar> offers = new ArrayList<>();
  final List<PluginRefused> refusals = new ArrayList<>();

  /** Run at each offer and withdrawal, which it may fail. */
  Consumer<String> onTold = id -> {};

  /** Run when a file was copied, before it is compared with what it was. */
  Change onCopied = () -> {};

  private final List<String> told = new ArrayList<>();

  /**
   * @param root of all folders; the plugins' is {@code plugins}
   */
  WatchedFolder(Path root) {
    this(root, Duration.ofDays(1));
  }

  WatchedFolder(Path root, Duration interval) {
    try {
      folder = root.resolve("plugins");
      if (!Files.exists(folder)) {
        Files.createDirectory(folder);
      }
      jars = Files.createDirectories(root.resolve("jars"));
      aside = Files.createDirectories(root.resolve("aside"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var staging = new Staging(jars, this::copied);
    watch = new FolderWatch(folder, interval, staging, 1_000_000, this);
  }

  /** Asks for the time when a copy was made. */
  private Instant copied() {
    try {
      onCopied.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Instant.EPOCH;
  }

  interface Change {
    void run() throws IOException;
  }

  /** A JAR that is not in the folder yet. */
  Path make(String id, String version) {
    return PluginJars.plugin(aside.resolve(id + "-" + version), id, version, "a.Main", Map.of());
  }

  /** Puts a whole JAR there at once. */
  Path put(String fileName, String id, String version) throws IOException {
    return Files.move(
        make(id, version), folder.resolve(fileName), StandardCopyOption.REPLACE_EXISTING);
  }

  /** As {@link #put}, modified at a second of 1970. */
  Path put(String fileName, String id, String version, int second) throws IOException {
    return age(put(fileName, id, version), second);
  }

  static Path age(Path file, int second) throws IOException {
    return Files.setLastModifiedTime(file, FileTime.fromMillis(second * 1000L));
  }

  /** Looks as often as is needed for what is whole to be taken, and for what has gone to be. */
  List<String> settle() {
    watch.poll();
    watch.poll();
    return told();
  }

  List<String> poll(int times) {
    for (int i = 0; i < times; i++) {
      watch.poll();
    }
    return told();
  }

  List<String> scan() {
    watch.scan();
    return told();
  }

  /** What was told since this was asked last. */
  synchronized List<String> told() {
    List<String> all = List.copyOf(told);
    told.clear();
    return all;
  }

  private synchronized void tell(String what) {
    told.add(what);
  }

  @Override
  public void offered(VerifiedJar jar) {
    tell("offered " + jar.id() + " " + jar.version() + " of " + jar.staged().name());
    offers.add(jar);
    onTold.accept(jar.id());
  }

  @Override
  public void withdrawn(String pluginId) {
    tell("withdrawn " + pluginId);
    onTold.accept(pluginId);
  }

  @Override
  public void refused(String fileName, @Nullable VerifiedJar jar, PluginRefused why) {
    tell("refused " + fileName + (jar == null ? "" : " of " + jar.id()) + " " + why.code());
    refusals.add(why);
  }

  @Override
  public void accepted(String fileName) {
    tell("accepted " + fileName);
  }

  @Override
  public void close() {
    watch.close();
  }
}
