package io.dormouse.host.plugin;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JARs of a folder that may come off and come back, as a volume does. What comes off is not
 * empty: it is told once, and nothing can be said about it.
 */
final class FolderListing {
  private static final Logger LOG = LoggerFactory.getLogger(FolderListing.class);

  private final Path folder;

  /** Which folder it was, on its disk, when it was listed last. */
  private @Nullable Object key;

  private boolean hadJars;
  private boolean lost;

  FolderListing(Path folder) {
    this.folder = folder;
  }

  /**
   * By file name, those that begin with a dot left out; null when the folder cannot be read, or is
   * another one than before and has no JAR, as a mount point without its volume.
   */
  @Nullable Map<String, FileSignature> read() {
    Map<String, FileSignature> jars = new HashMap<>();
    Object nowKey;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
      nowKey = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        FileSignature signature = name.startsWith(".") ? null : FileSignature.of(file);
        if (signature != null) {
          jars.put(name, signature);
        }
      }
    } catch (IOException unreadable) {
      return lost("cannot be read (" + StateFolder.reason(unreadable) + ")");
    } catch (DirectoryIteratorException unreadable) {
      return lost("cannot be read (" + Failure.oneLine(unreadable.getMessage()) + ")");
    }
    if (jars.isEmpty() && hadJars && !Objects.equals(nowKey, key)) {
      return lost("is another folder than before and has no JAR");
    }
    key = nowKey;
    hadJars = !jars.isEmpty();
    if (lost) {
      lost = false;
      LOG.info("Plugins folder '{}' is back", folder);
    }
    return jars;
  }

  private @Nullable Map<String, FileSignature> lost(String why) {
    if (!lost) {
      lost = true;
      LOG.warn(
          "Plugins folder '{}' {}; the plugins that run go on, and changes are seen when it is back",
          folder,
          why);
    }
    return null;
  }
}
